// What `import ... from 'chubby'` gives.

export { connect } from './grpc/connect.js';
export type { Client, FileWriteOptions, MkdirOptions, StatusOptions } from './client.js';
export { LOCAL_CELL } from './cell-address.js';
export type { CellStatus, ReplicaStatus } from './cell-status.js';
export { ChubbyError } from './chubby-error.js';
export type { ErrorReason } from './client-reasons.js';
export type { AcquireOptions, Handle, LockOptions } from './handle.js';
export type { AcquireResult, ContentsAndStat, DirectoryEntry, SequencerCheck } from './node-results.js';
export type { CallOptions, ClientOptions } from './options.js';
export type { Mode, OpenOptions, WriteOptions } from './requests.js';
export type { SessionEvents } from './session.js';
export type { SessionState } from './session-lease.js';
export type { Stat } from './stat.js';
export type { HeldLock, WithLockOptions } from './with-lock.js';
