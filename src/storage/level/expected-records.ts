import type { Slot } from '../../paxos/ballot.js';

/**
 * The sums that the journal gives for the records of one stretch of slots, in five bytes a slot: a log of any length is
 * verified stretch by stretch in the same memory.
 */
export class ExpectedRecords {
  readonly #sums: Uint32Array;
  readonly #written: Uint8Array;

  /** @param sizeSlots how many slots, `first` included */
  constructor(
    readonly first: Slot,
    sizeSlots: number,
  ) {
    this.#sums = new Uint32Array(sizeSlots);
    this.#written = new Uint8Array(sizeSlots);
  }

  /** The slot after the stretch. */
  get end(): Slot {
    return (this.first + this.#sums.length) as Slot;
  }

  /** Notes that a turn stored a record, later turns after earlier ones. Slots before the stretch are ignored. */
  note(slot: Slot, sum: number): void {
    const index = slot - this.first;
    if (index < 0) return;
    this.#sums[index] = sum;
    this.#written[index] = 1;
  }

  /** The sum of the newest record stored in a slot of the stretch; nothing where none was. */
  sumOf(slot: Slot): number | undefined {
    const index = slot - this.first;
    return this.#written[index] === 1 ? this.#sums[index] : undefined;
  }
}
