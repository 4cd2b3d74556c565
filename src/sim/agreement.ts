import { checksum } from '../common/checksum.js';
import type { ReplicaId, Slot } from '../paxos/ballot.js';
import { showBallot } from '../paxos/ballot.js';
import type { ValueHeader } from '../paxos/value.js';
import { check } from './violation.js';

/**
 * S1 and S13 from outside: whatever replica delivers slot n, in whatever life, delivers the same, and each life
 * delivers slot after slot. (RELIABILITY 3)
 */
export class Agreement {
  readonly #delivered = new Map<Slot, string>();
  #highest = 0 as Slot;

  /** The highest slot that anybody delivered. */
  get highest(): Slot {
    return this.#highest;
  }

  applied(replica: ReplicaId, slot: Slot, header: ValueHeader, body: Uint8Array): void {
    const { kind, epoch, orderInEpoch } = header;
    this.#deliver(replica, slot, `${kind} ${showBallot(epoch)}:${orderInEpoch} ${checksum(body)}`);
  }

  skipped(replica: ReplicaId, slot: Slot): void {
    this.#deliver(replica, slot, 'nothing');
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
