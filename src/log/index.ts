// The replicated log as a library: `import { startReplica } from 'chubby/log'`. (docs/LOG.md)

export type { LogApplication } from './application.js';
export { LogError } from './log-error.js';
export type { LogErrorReason } from './log-error.js';
export { LogReplica, startReplica } from './log-replica.js';
export type { LogReplicaOptions } from './replica-options.js';
export type { LogTimings } from '../paxos/timings.js';
export type { SnapshotSchedule } from '../replica/snapshot-keeper.js';
