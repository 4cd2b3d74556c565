// What `import ... from 'chubby'` gives.

export { connect } from './grpc/connect.js';
export type { Client, MkdirOptions, StatusOptions } from './client.js';
export type { AcquireAllOptions, Wanted } from './acquire-all.js';
export type { AclNames } from './acl.js';
export type { BackupSink } from './backup-caller.js';
export type { Admin, Explanation, LockDescription, LockHolder, LockWaiter, SessionDescription } from './admin.js';
export { LOCAL_CELL } from './cell-address.js';
export type { CellReport, HealthReport, PeerReport, ReplicaReport } from './cell-report.js';
export type { CellStatus, ReplicaStatus } from './cell-status.js';
export { ChubbyError } from './chubby-error.js';
export type { ChubbyErrorDetails } from './chubby-error.js';
export type { ErrorReason } from './client-reasons.js';
export type { EventsLost, NodeEvent, NodeEventKind } from './events/node-event.js';
export type { HandleEvent } from './events/event-queue.js';
export type { HandleEvents } from './events/open-handle.js';
export type { HistoryEntry } from './history.js';
export type { FileWriteOptions } from './files.js';
export type { AcquireOptions, EventOptions, Handle, LockOptions, SequencerOptions } from './handle.js';
export type {
  CreateOperation,
  DeleteOperation,
  Guard,
  MultiOp,
  MultiOpResult,
  Operation,
  OperationResult,
  OperationResults,
  ReadOperation,
  SetContentsOperation,
} from './multi-op.js';
export type {
  AcquireAllResult,
  AcquireResult,
  ContentsAndStat,
  DirectoryEntry,
  SequencerCheck,
} from './node-results.js';
export type { CallOptions, ClientOptions } from './options.js';
export type { OpenOptions } from './open-request.js';
export type { AclOptions, Mode, WriteOptions } from './requests.js';
export type { SessionEvents } from './session.js';
export type { SessionState } from './session-lease.js';
export type { SigningKey } from './signing-key.js';
export type { Stat } from './stat.js';
export type { Reread, WatchItem, WatchOptions } from './watch.js';
export type { HeldLock, LockObstacle, WithLockOptions } from './with-lock.js';
