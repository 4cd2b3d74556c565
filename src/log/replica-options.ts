import { DEFAULT_LOG_TIMINGS, timingsProblem } from '../paxos/timings.js';
import type { LogTimings } from '../paxos/timings.js';
import { parseAddress } from '../rpc/address.js';
import type { SnapshotSchedule } from '../replica/snapshot-keeper.js';
import { DEFAULT_SNAPSHOT_SCHEDULE } from '../replica/snapshot-keeper.js';
import type { LogApplication } from './application.js';
import { LogError } from './log-error.js';

/** What one replica is started with. */
export interface LogReplicaOptions<App extends LogApplication> {
  /** Which of `replicas` this one is. */
  readonly replicaId: number;
  /**
   * Id, from 1 to 255, and `host:port` of every replica, this one included: 1, 3, 5 or 7 of them, the same at each. The
   * ports are open to whoever reaches them: keep them within your network.
   */
  readonly replicas: ReadonlyMap<number, string>;
  /** A directory of this replica alone; made if it is missing. */
  readonly dataDir: string;
  /** Makes the application in its first state. Called once for each life of the replica. */
  readonly application: () => App;
  /** The replica cannot go on, and the process should end: its disk or its application failed, or it was removed. */
  readonly onFatal: (error: Error) => void;
  /** Told when this replica becomes master, and with the cause when it is so no more. */
  readonly onMaster?: (isMaster: boolean, cause?: string) => void;
  /** Told at the start of a damaged directory that was moved to `movedTo`: the replica joins anew. (DESIGN 3.9) */
  readonly onDamage?: (error: Error, movedTo: string) => void;
  /** Over the defaults: leases of 600 ms. (DESIGN 3.5) */
  readonly timings?: Partial<LogTimings>;
  /** Over the defaults: a snapshot each 64 MiB of log or 100,000 values, three kept. */
  readonly snapshots?: Partial<SnapshotSchedule>;
}

const SIZES = [1, 3, 5, 7];

/** @throws LogError `badOptions` that says what is wrong and what would be right */
export function checkedOptions(options: LogReplicaOptions<LogApplication>): {
  readonly timings: LogTimings;
  readonly snapshots: SnapshotSchedule;
} {
  const timings = { ...DEFAULT_LOG_TIMINGS, ...options.timings };
  const snapshots = { ...DEFAULT_SNAPSHOT_SCHEDULE, ...options.snapshots };
  const problem = replicasProblem(options) ?? timingsProblem(timings) ?? snapshotsProblem(snapshots);
  if (problem !== undefined) throw new LogError('badOptions', problem);
  return { timings, snapshots };
}

function replicasProblem({ replicaId, replicas, dataDir }: LogReplicaOptions<LogApplication>): string | undefined {
  if (!SIZES.includes(replicas.size)) return `replicas has ${replicas.size} entries: give it 1, 3, 5 or 7`;
  for (const [id, address] of replicas) {
    if (!(Number.isInteger(id) && id >= 1 && id <= 255)) return `${id} is no replica id: take whole numbers, 1 to 255`;
    const problem = addressProblem(address);
    if (problem !== undefined) return `replica ${id}: ${problem}`;
  }
  if (new Set(replicas.values()).size < replicas.size) return 'two replicas have the same address: give each its own';
  if (!replicas.has(replicaId)) return `replicaId ${replicaId} is not among replicas: add it, with its address`;
  if (dataDir === '') return 'dataDir is empty: name a directory';
  return undefined;
}

function addressProblem(address: string): string | undefined {
  try {
    return parseAddress(address).port === 0 ? `${address} has no port: name the one to listen at` : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function snapshotsProblem(schedule: SnapshotSchedule): string | undefined {
  for (const name of ['afterLogBytes', 'afterSlots', 'kept'] as const) {
    if (!(Number.isInteger(schedule[name]) && schedule[name] >= 1)) {
      return `snapshots.${name} ${schedule[name]} is not a whole number from 1 on`;
    }
  }
  return undefined;
}
