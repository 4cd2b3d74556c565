import { compareBallots, NO_BALLOT, sameBallot } from './ballot.js';
import type { PlantedBugs } from './planted-bugs.js';
import type { Epoch, ValueHeader } from './value.js';

/** The reign that the log is in, and the order of the last value that counted in it. */
export interface PairInForce {
  readonly epoch: Epoch;
  readonly orderInEpoch: number;
}

export const NO_PAIR: PairInForce = { epoch: NO_BALLOT, orderInEpoch: 0 };

/**
 * The one place where headers are judged. With several slots in flight plain Multi-Paxos lets slot n+1 of a dead master
 * survive while its slot n became a no-op; a value therefore counts only as the direct successor of the last one that
 * did (what Zab calls primary order). (DESIGN 3.7; T2-T4)
 */
export class EpochJudge {
  constructor(
    private pair: PairInForce = NO_PAIR,
    private readonly bugs: PlantedBugs = {},
  ) {}

  get inForce(): PairInForce {
    return this.pair;
  }

  /** A snapshot took the place of slots that were not judged here: what it says is in force is. */
  install(pair: PairInForce): void {
    this.pair = pair;
  }

  /** Whether the next value in slot order counts; if it does, its pair is in force from here on. */
  judge(header: ValueHeader): boolean {
    const counts = this.#counts(header);
    if (counts) this.pair = { epoch: header.epoch, orderInEpoch: header.orderInEpoch };
    return counts;
  }

  #counts(header: ValueHeader): boolean {
    if (header.kind === 'noop') return false;
    if (header.kind === 'epoch') return compareBallots(header.epoch, this.pair.epoch) > 0;
    if (this.bugs.successorRuleOff) return true;
    return sameBallot(header.epoch, this.pair.epoch) && header.orderInEpoch === this.pair.orderInEpoch + 1;
  }
}
