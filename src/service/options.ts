import type { CellTimings } from '../chubby/records/cell-facts.js';
import type { Clock } from '../common/clock.js';
import type { Rng } from '../common/rng.js';
import type { ReplicatedLog } from '../replica/ports.js';
import type { Limits } from '../wire/limits.js';
import type { ReplicaAddress } from '../wire/types.js';

/** Mistakes after which a client reads from its cache what is no longer true. */
export interface CacheBugs {
  /** A change is proposed as soon as the caches of what it touches are told, before they have answered. */
  readonly proposeBeforeInvalidation?: boolean;
  /** An answer may be cached though a change of it waits or is proposed. */
  readonly cacheWhilePending?: boolean;
  /** A new master waits for no session that may cache what its predecessor let it. */
  readonly noFailOverWait?: boolean;
}

/** Mistakes that tests and simulation plant, to see that they are found. No configuration key reaches them. */
export interface PlantedBugs extends CacheBugs {
  /** A retried request is executed again. */
  readonly duplicateRequestAppliedTwice?: boolean;
  /** Reads by name are answered without asking whether this replica is master. */
  readonly readWithoutLease?: boolean;
}

export interface ServiceOptions {
  readonly cellName: string;
  /** 32 hex digits. */
  readonly cellId: string;
  /** This replica's id. */
  readonly self: number;
  /** Where clients find each replica. */
  readonly replicas: readonly ReplicaAddress[];
  readonly log: ReplicatedLog;
  readonly clock: Clock;
  /** Secrets are drawn from it. */
  readonly rng: Rng;
  /** Written into the database at birth, and not looked at afterwards. */
  readonly timings: CellTimings;
  readonly limits?: Partial<Limits>;
  readonly plantedBugs?: PlantedBugs;
  /** Whether memory fails when this slot is applied; for the simulator alone. */
  readonly memoryFails?: (slot: number) => boolean;
}

/** The log's epoch: a reign's name. */
export type Epoch = NonNullable<ReturnType<ReplicatedLog['reign']>>;

export const sameEpoch = (a: Epoch, b: Epoch): boolean =>
  a.round === b.round && a.replicaId === b.replicaId && a.incarnation === b.incarnation;
