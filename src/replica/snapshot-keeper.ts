import { assert } from '../common/assert.js';
import type { Rng } from '../common/rng.js';
import { nextSlot } from '../paxos/ballot.js';
import type { Slot } from '../paxos/ballot.js';
import type { CellId } from '../storage/identity-store.js';
import type { SnapshotStore } from '../storage/snapshot-store.js';
import type { StateSnapshot } from './ports.js';

/** When snapshots are taken, and how many are kept. */
export interface SnapshotSchedule {
  /** After at most so many bytes of log values since the last one ... */
  readonly afterLogBytes: number;
  /** ... or after so many slots. */
  readonly afterSlots: number;
  /** The last so many, 1 at least, and the log between them: to go back to a point in time, and for peers far behind. */
  readonly kept: number;
}

export const DEFAULT_SNAPSHOT_SCHEDULE: SnapshotSchedule = {
  afterLogBytes: 64 * 1024 * 1024,
  afterSlots: 100_000,
  kept: 3,
};

/** By how much each time differs from the schedule, so that not all replicas of a cell write at the same time. */
const SPREAD = 0.25;

/** What is encoded in one turn of the event loop: a fraction of a millisecond. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Takes snapshots in three phases, each replica on its own schedule: the handle, with the state as it is at that moment;
 * the writing, beside everything else; the report, on which the log is truncated. ([PML] 5.4, DESIGN 4)
 */
export class SnapshotKeeper {
  readonly #store: SnapshotStore;
  readonly #schedule: SnapshotSchedule;
  readonly #rng: Rng;
  #spread: number;
  #logBytes = 0;
  #slots = 0;
  #writing = false;
  #hurried = false;

  constructor(store: SnapshotStore, schedule: SnapshotSchedule, rng: Rng) {
    assert(schedule.kept >= 1, 'without its newest snapshot a truncated log is worth nothing');
    this.#store = store;
    this.#schedule = schedule;
    this.#rng = rng;
    this.#spread = this.#drawSpread();
  }

  /** Another slot is applied. */
  applied(valueBytes: number): void {
    this.#logBytes += valueBytes;
    this.#slots++;
  }

  /** Whether it is time for the next one. */
  get due(): boolean {
    if (this.#writing) return false;
    if (this.#hurried) return true;
    const { afterLogBytes, afterSlots } = this.#schedule;
    return this.#logBytes >= afterLogBytes * this.#spread || this.#slots >= afterSlots * this.#spread;
  }

  /** The next one is taken as soon as may be. */
  hurry(): void {
    this.#hurried = true;
  }

  /**
   * Writes the state, and throws away the snapshots that are not kept any more.
   *
   * @param damaged those that this one takes the place of
   * @returns the lowest slot whose log record is still needed
   * @throws StorageFailure
   */
  async take(state: StateSnapshot, cellId: CellId, damaged: readonly Slot[]): Promise<Slot> {
    assert(!this.#writing, 'one snapshot at a time');
    this.#writing = true;
    this.#hurried = false;
    this.#logBytes = 0;
    this.#slots = 0;
    this.#spread = this.#drawSpread();
    const { slot, digest, entryCount, stateBytes } = state;
    await this.#store.write({ cellId, slot, digest, entryCount, stateBytes }, state.chunks(CHUNK_BYTES));
    for (const each of damaged) if (each !== slot) await this.#store.remove(each);
    const firstNeeded = await this.dropOld();
    this.#writing = false;
    return firstNeeded;
  }

  /** @returns as {@link take} */
  async dropOld(): Promise<Slot> {
    const slots = await this.#store.list();
    const oldestKept = slots[Math.min(this.#schedule.kept, slots.length) - 1];
    for (const slot of slots.slice(this.#schedule.kept)) await this.#store.remove(slot);
    return oldestKept === undefined ? (1 as Slot) : nextSlot(oldestKept);
  }

  #drawSpread(): number {
    return 1 - SPREAD * this.#rng.next();
  }
}
