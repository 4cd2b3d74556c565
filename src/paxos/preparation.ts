import type { AcceptedRecord } from './accepted-record.js';
import { compareBallots } from './ballot.js';
import type { Ballot, Identity, Slot } from './ballot.js';
import { isVoter } from './configuration.js';
import type { Configuration } from './configuration.js';
import { IdentityMap } from './identity-map.js';
import type { Promise as PromiseMessage } from './messages.js';
import type { MembershipBugs } from './planted-bugs.js';
import { Votes } from './votes.js';

interface Parts {
  readonly answer: number;
  readonly received: Map<number, PromiseMessage>;
}

/**
 * Phase 1 of one ballot: collects promises, each possibly in parts, and what they tell about the open slots. It
 * outlives its first majority: beyond a change of membership a majority of others may be asked for, under the same
 * ballot. (DESIGN 3.1, 3.8)
 */
export class Preparation {
  readonly #parts = new IdentityMap<Parts>();
  readonly #reported = new Map<Slot, AcceptedRecord>();
  readonly #promised: Votes;
  readonly #heardAtMs = new IdentityMap<number>();
  #chosenUpTo = 0 as Slot;
  #source: Identity;

  constructor(
    readonly ballot: Ballot,
    bugs: MembershipBugs = {},
  ) {
    this.#source = ballot;
    this.#promised = new Votes(bugs);
  }

  /** Per open slot the record of the highest ballot that anybody reported. */
  get reported(): ReadonlyMap<Slot, AcceptedRecord> {
    return this.#reported;
  }

  /** The highest watermark reported: nothing may be proposed up to there. */
  get chosenUpTo(): Slot {
    return this.#chosenUpTo;
  }

  /** Who reported it. */
  get source(): Identity {
    return this.#source;
  }

  hasPromiseOf(voter: Identity): boolean {
    return this.#promised.has(voter);
  }

  /** When the voter's last part came; -Infinity when there was none. */
  heardAtMs(from: Identity): number {
    return this.#heardAtMs.get(from) ?? -Infinity;
  }

  /**
   * Whether something may be proposed in a slot of this configuration. A promise of an identity that a change removed
   * counts up to the change, and never after. (DESIGN 3.8; T6)
   */
  coversSlotsOf(configuration: Configuration): boolean {
    return this.#promised.isMajorityOf(configuration);
  }

  /**
   * Takes one part of a promise at this ballot; parts may repeat and arrive in any order.
   *
   * @param configuration whose voters are asked now; others say nothing
   */
  receive(from: Identity, promise: PromiseMessage, configuration: Configuration, nowMs: number): void {
    if (this.#promised.has(from) || !isVoter(configuration, from)) return;
    this.#heardAtMs.set(from, nowMs);
    let parts = this.#parts.get(from);
    if (parts?.answer !== promise.answer) parts = { answer: promise.answer, received: new Map() };
    this.#parts.set(from, parts);
    parts.received.set(promise.part, promise);
    if (parts.received.size < promise.parts) return;
    this.#parts.delete(from);
    this.#promised.add(from, configuration);
    for (const part of parts.received.values()) this.#merge(from, part);
  }

  #merge(from: Identity, promise: PromiseMessage): void {
    if (promise.chosenUpTo > this.#chosenUpTo) {
      this.#chosenUpTo = promise.chosenUpTo;
      this.#source = from;
    }
    for (const record of promise.accepted) {
      const best = this.#reported.get(record.slot);
      if (best === undefined || compareBallots(record.ballot, best.ballot) > 0) this.#reported.set(record.slot, record);
    }
  }
}
