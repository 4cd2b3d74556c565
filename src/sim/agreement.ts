import { checksum } from '../common/checksum.js';
import type { ReplicaId, Slot } from '../paxos/ballot.js';
import { compareBallots, sameBallot, showBallot } from '../paxos/ballot.js';
import type { ValueHeader } from '../paxos/value.js';
import { check } from './violation.js';

/**
 * S1 and S13 from outside: whatever replica delivers slot n, in whatever life, delivers the same; and each value that
 * counts directly follows the one before it in its epoch, or begins a later one. (DESIGN 3.7, 10)
 */
export class Agreement {
  readonly #delivered = new Map<Slot, string>();
  readonly #digests = new Map<Slot, string>();
  #highest = 0 as Slot;
  #inForce: ValueHeader | undefined;

  /** The highest slot that anybody delivered. */
  get highest(): Slot {
    return this.#highest;
  }

  applied(replica: ReplicaId, slot: Slot, header: ValueHeader, body: Uint8Array): void {
    const { kind, epoch, orderInEpoch } = header;
    if (slot > this.#highest) this.#judgeOrder(slot, header);
    this.#deliver(replica, slot, `${kind} ${showBallot(epoch)}:${orderInEpoch} ${checksum(body)}`);
  }

  skipped(replica: ReplicaId, slot: Slot): void {
    this.#deliver(replica, slot, 'nothing');
  }

  /** A replica's state after a slot, applied or taken from a snapshot. */
  reached(replica: ReplicaId, slot: Slot, digest: string): void {
    const before = this.#digests.get(slot);
    check(
      before === undefined || before === digest,
      () => `after slot ${slot} replica ${replica} has the state ${digest}, another had ${before}`,
    );
    this.#digests.set(slot, digest);
  }

  #judgeOrder(slot: Slot, header: ValueHeader): void {
    const before = this.#inForce;
    const begins = header.kind === 'epoch' && (before === undefined || compareBallots(header.epoch, before.epoch) > 0);
    const follows =
      before !== undefined && sameBallot(header.epoch, before.epoch) && header.orderInEpoch === before.orderInEpoch + 1;
    check(begins || follows, () => `slot ${slot} counts and does not follow what counted before it`);
    this.#inForce = header;
  }

  #deliver(replica: ReplicaId, slot: Slot, what: string): void {
    const before = this.#delivered.get(slot);
    check(
      before === undefined || before === what,
      () => `agreement: replica ${replica} delivers ${what} in slot ${slot}, another delivered ${before}`,
    );
    this.#delivered.set(slot, what);
    if (slot > this.#highest) this.#highest = slot;
  }
}
