import type { AcceptedRecord } from './accepted-record.js';
import { compareBallots, sameBallot } from './ballot.js';
import type { Ballot, Slot } from './ballot.js';
import type { Outbox } from './effects.js';
import { acceptedNotBelowPromise, oneValuePerBallotAndSlot, promiseNeverFalls } from './invariants.js';

/**
 * The voter's memory: the highest ballot promised, and the newest record accepted per slot. What it holds may be ahead
 * of the disk by the turn under way; nothing that rests on it leaves before that turn is durable. (DESIGN 3.2)
 */
export class Acceptor {
  #promised: Ballot;
  readonly #records = new Map<Slot, AcceptedRecord>();
  #highestSlot: Slot = 0 as Slot;
  #version = 0;

  /** @param records what the disk knows above the chosen watermark */
  constructor(
    promised: Ballot,
    records: Iterable<AcceptedRecord>,
    private readonly outbox: Outbox,
  ) {
    this.#promised = promised;
    for (const record of records) this.#keep(record);
  }

  get promised(): Ballot {
    return this.#promised;
  }

  /** The highest slot with a record in memory; 0 when there never was one. */
  get highestSlot(): Slot {
    return this.#highestSlot;
  }

  /** Grows with each record kept: as long as it is the same, {@link above} tells of the same records. */
  get version(): number {
    return this.#version;
  }

  record(slot: Slot): AcceptedRecord | undefined {
    return this.#records.get(slot);
  }

  promise(ballot: Ballot): void {
    promiseNeverFalls(this.#promised, ballot);
    if (compareBallots(ballot, this.#promised) === 0) return;
    this.#promised = ballot;
    this.outbox.persistPromise(ballot);
  }

  /** As {@link promise}, and forgotten by a restart: for the planted bug of a ballot whose round is not durable. */
  promiseInMemory(ballot: Ballot): void {
    promiseNeverFalls(this.#promised, ballot);
    this.#promised = ballot;
  }

  /** Accepts at a ballot not below the promise; a higher one is promised by it. */
  accept(record: AcceptedRecord): void {
    acceptedNotBelowPromise(record, this.#promised);
    const held = this.#records.get(record.slot);
    oneValuePerBallotAndSlot(held, record);
    this.promise(record.ballot);
    // A retransmission of what is on disk, or will be with a turn before the one that acknowledges it.
    if (held !== undefined && sameBallot(held.ballot, record.ballot)) return;
    this.#keep(record);
    this.outbox.persistAccepted(record);
  }

  /**
   * Stores a record that is known to be chosen, whatever ballot is promised: a vote for a value that is chosen already
   * can contradict nothing.
   */
  store(record: AcceptedRecord): void {
    this.#keep(record);
    this.outbox.persistAccepted(record);
  }

  /** Everything accepted above `slot`, in slot order. */
  above(slot: Slot): AcceptedRecord[] {
    return [...this.#records.values()].filter((record) => record.slot > slot).sort((a, b) => a.slot - b.slot);
  }

  /** Drops the memory of a slot that is chosen, delivered and on disk. */
  forget(slot: Slot): void {
    this.#records.delete(slot);
  }

  /** As {@link forget}, of every slot up to this one: a snapshot holds what they did. */
  forgetUpTo(slot: Slot): void {
    for (const each of this.#records.keys()) if (each <= slot) this.#records.delete(each);
    this.outbox.dropAccepted(slot);
    this.#version++;
    if (slot > this.#highestSlot) this.#highestSlot = slot;
  }

  #keep(record: AcceptedRecord): void {
    this.#records.set(record.slot, record);
    this.#version++;
    if (record.slot > this.#highestSlot) this.#highestSlot = record.slot;
  }
}
