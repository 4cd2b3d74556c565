import { compareBallots, showBallot } from '../paxos/ballot.js';
import type { ReplicaId } from '../paxos/ballot.js';
import type { Epoch } from '../paxos/value.js';
import { check } from './violation.js';

/**
 * S4 from outside: at no moment do two replicas believe that they may answer, and whoever was told that it may has the
 * newest reign that anybody was told of.
 */
export class Reigns {
  readonly #under = new Set<ReplicaId>();
  #newest: Epoch | undefined;

  began(replica: ReplicaId): void {
    this.#under.add(replica);
  }

  /** Its reign ended, or its process. */
  ended(replica: ReplicaId): void {
    this.#under.delete(replica);
  }

  /** The replica asked whether it may answer, and heard that it may. */
  inForce(replica: ReplicaId, epoch: Epoch): void {
    if (epoch === this.#newest) return;
    const order = this.#newest === undefined ? 1 : compareBallots(epoch, this.#newest);
    check(order >= 0, () => `replica ${replica} answers in epoch ${showBallot(epoch)}, which another has followed`);
    this.#newest = epoch;
  }

  /** Asks those whose reign has not ended; one alone cannot be wrong. */
  judge(mayAnswer: (replica: ReplicaId) => boolean): void {
    if (this.#under.size < 2) return;
    const masters = [...this.#under].filter(mayAnswer);
    check(masters.length <= 1, () => `two masters at once: replicas ${masters.join(' and ')}`);
  }
}
