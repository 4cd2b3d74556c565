import { assert } from '../../common/assert.js';
import type { AcceptedRecord } from '../../paxos/accepted-record.js';
import type { Slot } from '../../paxos/ballot.js';
import type { ReplicaIdentity } from '../identity-store.js';
import { EMPTY_LOG } from '../log-state.js';
import type { RecoveredLog } from '../replay-log.js';

/**
 * Decides when a sync ends, and how: calls `done` once, at any later time or at once; with an error when the disk
 * refuses, after which nobody knows whether the write is there.
 */
export type Sync = (done: (failure?: Error) => void) => void;

/** What has reached the disk: what a crash leaves. */
export interface DurableContents {
  readonly identity: ReplicaIdentity | undefined;
  readonly log: RecoveredLog;
  readonly records: ReadonlyMap<Slot, AcceptedRecord>;
  /** As they are stored, by their slots. */
  readonly snapshots: ReadonlyMap<Slot, Uint8Array>;
}

/** One run of a process on the disk, from its start to its crash. After it, nothing it did or awaits happens. */
export interface Life {
  readonly over: boolean;
}

/** A write on its way to the disk. */
interface PendingWrite {
  readonly reachDisk: () => void;
}

const AT_ONCE: Sync = (done) => done();

/**
 * The disk of one simulated replica: it knows what was synced from what was only written, so a crash forgets exactly what
 * a real one may. {@link MemoryReplayLog} and {@link MemoryIdentityStore} are made anew on it for each life of a process.
 */
export class MemoryDisk {
  readonly #sync: Sync;
  readonly #pending = new Set<PendingWrite>();
  #life = { over: false };

  #identity: ReplicaIdentity | undefined;
  #log: RecoveredLog = EMPTY_LOG;
  #records = new Map<Slot, AcceptedRecord>();
  readonly #snapshots = new Map<Slot, Uint8Array>();

  constructor(sync: Sync = AT_ONCE) {
    this.#sync = sync;
  }

  /** The contents as they are now; not to be kept across a write. */
  get durable(): DurableContents {
    return { identity: this.#identity, log: this.#log, records: this.#records, snapshots: this.#snapshots };
  }

  get life(): Life {
    return this.#life;
  }

  /**
   * The process ends, at any moment. Its unsynced writes are each atomic: there as a whole or not at all.
   *
   * @param keeps asked for each of them, oldest first: did this one reach the disk?
   */
  crash(keeps: () => boolean = () => false): void {
    this.#life.over = true;
    this.#life = { over: false };
    for (const write of this.#pending) if (keeps()) write.reachDisk();
    this.#pending.clear();
  }

  /** The process ends and the disk is lost: an empty one takes its place. */
  wipe(): void {
    this.crash();
    this.#identity = undefined;
    this.#log = EMPTY_LOG;
    this.#records = new Map();
    this.#snapshots.clear();
  }

  /**
   * Writes and syncs for a life: `settle` hears the end of it, unless the life ends before. At most one turn, one
   * identity and two snapshots are on their way at a time.
   */
  write(life: Life, reachDisk: () => void, settle: (failure?: Error) => void): void {
    if (life.over) return;
    const write: PendingWrite = { reachDisk };
    this.#pending.add(write);
    this.#sync((failure) => {
      if (!this.#pending.has(write)) return;
      if (failure === undefined) {
        this.#pending.delete(write);
        reachDisk();
      }
      settle(failure);
    });
  }

  replaceIdentity(identity: ReplicaIdentity): void {
    this.#identity = identity;
  }

  addTurn(log: RecoveredLog, records: readonly AcceptedRecord[]): void {
    for (const record of records) this.#records.set(record.slot, record);
    for (let slot = this.#log.firstSlot; slot < log.firstSlot; slot++) this.#records.delete(slot as Slot);
    for (let slot = Math.max(this.#log.chosenUpTo + 1, log.firstSlot); slot <= log.chosenUpTo; slot++) {
      assert(this.#records.has(slot as Slot), () => `slot ${slot} is chosen, its record is stored`);
    }
    this.#log = log;
  }

  putSnapshot(slot: Slot, bytes: Uint8Array): void {
    this.#snapshots.set(slot, bytes);
  }

  removeSnapshot(slot: Slot): void {
    this.#snapshots.delete(slot);
  }
}
