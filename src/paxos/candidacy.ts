import { believesAcceptedChange } from './accepted-change.js';
import { assert } from '../common/assert.js';
import { nextSlot, sameBallot, sameIdentity } from './ballot.js';
import type { Ballot, Identity } from './ballot.js';
import { isVoter } from './configuration.js';
import { roundIsFresh } from './invariants.js';
import type { Prepare, PreVoteReply, Promise as PromiseMessage } from './messages.js';
import type { NodeParts } from './node-parts.js';
import { Preparation } from './preparation.js';
import { promiseParts } from './promise-parts.js';

/** How often the patience with phase 1 is doubled at the most: then it is some seconds. */
const MOST_DOUBLINGS = 3;

/** What becomes of phase 1. */
export interface CandidacyObserver {
  /** The own promise of the ballot is on disk. */
  promised(ballot: Ballot): void;
  /** A majority promised, this replica included; again, when it was widened to another configuration. */
  prepared(preparation: Preparation): void;
  /** No majority promised in time. */
  gaveUp(): void;
}

/**
 * Standing for coordinator: a pre-vote, then phase 1 at a ballot that was never used before; also for a higher ballot
 * under a reign that goes on, and for the present one where a change of membership asks for other promises. (DESIGN
 * 3.1, 3.2, 3.6, 3.8)
 */
export class Candidacy {
  readonly #parts: NodeParts;
  readonly #observer: CandidacyObserver;
  #lastRound: number;
  /** The highest round that anybody told of: the next ballot goes above it. */
  #highestRound: number;
  #preparation: Preparation | undefined;
  #sendAgainAtMs = Infinity;
  #resendMs = 0;
  /** When phase 1 last came nearer to its end. */
  #progressAtMs = -Infinity;
  /** Ballots given up one after the other: each next one has more patience, for disks and links are slow together. */
  #failures = 0;

  /** @param lastRound the last one that this identity ever used */
  constructor(parts: NodeParts, lastRound: number, observer: CandidacyObserver) {
    this.#parts = parts;
    this.#observer = observer;
    this.#lastRound = lastRound;
    this.#highestRound = Math.max(lastRound, parts.acceptor.promised.round);
  }

  get lastRound(): number {
    return this.#lastRound;
  }

  /** The ballot whose phase 1 is under way. */
  get ballot(): Ballot | undefined {
    return this.#preparation?.ballot;
  }

  /** Stands when it is time to, sends again what was not answered, and gives up what takes too long. */
  tick(nowMs: number): void {
    const { self, election, timings, configuration } = this.#parts;
    const preparation = this.#preparation;
    if (preparation !== undefined) {
      const patienceMs = timings().leaseMs * 2 ** Math.min(this.#failures, MOST_DOUBLINGS);
      if (nowMs - this.#progressAtMs > patienceMs) return this.giveUp(nowMs);
      if (nowMs >= this.#sendAgainAtMs) this.#sendPrepares(preparation, nowMs);
      return;
    }
    election.tick(nowMs);
    if (!election.due(nowMs) || !isVoter(configuration(), self)) return;
    if (believesAcceptedChange(this.#parts, configuration().number)) return;
    if (election.ask(this.#nextBallot(), configuration(), nowMs)) this.prepare(nowMs);
  }

  /** Somebody told of a round. */
  roundHeard(round: number): void {
    this.#highestRound = Math.max(this.#highestRound, round);
  }

  /** @param free whether this replica neither reigns nor is bound to one that does */
  onPreVoteReply(from: Identity, reply: PreVoteReply, free: boolean, nowMs: number): void {
    if (!isVoter(this.#parts.configuration(), from)) return;
    if (!this.#parts.bugs.roundNotDurable) this.roundHeard(reply.promised.round);
    if (!free || this.#preparation !== undefined) return;
    if (this.#parts.election.answered(from, reply, this.#parts.configuration())) this.prepare(nowMs);
  }

  onPromise(from: Identity, promise: PromiseMessage, nowMs: number): void {
    if (this.#preparation === undefined || !sameBallot(promise.ballot, this.#preparation.ballot)) return;
    this.#progressAtMs = nowMs;
    this.#preparation.receive(from, promise, this.#parts.configuration(), nowMs);
    this.#finish();
  }

  /** Begins phase 1 at a fresh ballot. */
  prepare(nowMs: number): void {
    const { acceptor, election, outbox, bugs } = this.#parts;
    const ballot = this.#nextBallot();
    roundIsFresh(ballot.round, this.#lastRound, acceptor.promised);
    election.won();
    this.#lastRound = ballot.round;
    this.#highestRound = ballot.round;
    this.#begin(new Preparation(ballot, bugs), nowMs);
    if (bugs.roundNotDurable) {
      acceptor.promiseInMemory(ballot);
      this.ownPromiseDurable(ballot, nowMs);
    } else {
      outbox.persistRound(ballot.round);
      acceptor.promise(ballot);
    }
    if (this.#preparation !== undefined) this.#sendPrepares(this.#preparation, nowMs);
  }

  /**
   * Asks for more promises of a ballot that has a majority of an earlier configuration: the same Prepare, to the rest.
   * (DESIGN 3.8)
   */
  widen(preparation: Preparation, nowMs: number): void {
    const { self, acceptor } = this.#parts;
    assert(sameBallot(acceptor.promised, preparation.ballot), 'a phase 1 is widened at the ballot promised here');
    assert(preparation.hasPromiseOf(self), 'a phase 1 that is widened has the own promise');
    this.#begin(preparation, nowMs);
    this.#sendPrepares(preparation, nowMs);
  }

  /** This replica's own promise reached its disk: now, and not before, it counts. */
  ownPromiseDurable(ballot: Ballot, nowMs: number): void {
    const preparation = this.#preparation;
    if (preparation === undefined || !sameBallot(ballot, preparation.ballot)) return;
    const { self, learner, configuration } = this.#parts;
    this.#progressAtMs = nowMs;
    this.#observer.promised(ballot);
    for (const part of promiseParts(this.#parts, ballot, nextSlot(learner.chosenUpTo))) {
      preparation.receive(self, part, configuration(), nowMs);
    }
    this.#finish();
  }

  /** Phase 1 has no point any more. */
  abandon(): void {
    this.#preparation = undefined;
  }

  /** Leaves phase 1 to others for a while. */
  giveUp(nowMs: number): void {
    const { election, rng, timings } = this.#parts;
    this.#preparation = undefined;
    this.#failures++;
    this.#observer.gaveUp();
    election.postpone(nowMs, rng.next() * timings().electionJitterMs);
  }

  #begin(preparation: Preparation, nowMs: number): void {
    this.#preparation = preparation;
    this.#progressAtMs = nowMs;
    this.#resendMs = this.#parts.timings().resendMs;
  }

  #nextBallot(): Ballot {
    const { self, acceptor } = this.#parts;
    return { round: Math.max(this.#highestRound, acceptor.promised.round) + 1, ...self };
  }

  #sendPrepares(preparation: Preparation, nowMs: number): void {
    const { self, learner, outbox, bugs, configuration } = this.#parts;
    this.#sendAgainAtMs = nowMs + this.#resendMs;
    const heardLatelyMs = nowMs - this.#resendMs;
    this.#resendMs *= 2;
    const { ballot } = preparation;
    const { number: configurationNumber, voters } = configuration();
    const firstUnchosenSlot = nextSlot(learner.chosenUpTo);
    const message: Prepare = { type: 'prepare', ballot, firstUnchosenSlot, configurationNumber };
    for (const voter of voters) {
      if (sameIdentity(voter, self) || preparation.hasPromiseOf(voter)) continue;
      // The rest of its answer is on the way.
      if (preparation.heardAtMs(voter) > heardLatelyMs) continue;
      // The round must be durable before anybody hears of the ballot, or it could be used twice. (T7)
      if (bugs.roundNotDurable) outbox.send(voter, message);
      else outbox.sendAfterTurn(voter, message);
    }
  }

  #finish(): void {
    const { self, configuration } = this.#parts;
    const preparation = this.#preparation;
    if (preparation?.coversSlotsOf(configuration()) !== true) return;
    // Without the own promise on disk there is no coordinator: its ballot would not outlive a restart.
    if (!preparation.hasPromiseOf(self)) return;
    this.#preparation = undefined;
    this.#failures = 0;
    this.#observer.prepared(preparation);
  }
}
