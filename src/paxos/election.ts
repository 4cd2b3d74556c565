import { sameIdentity } from './ballot.js';
import type { Ballot, Identity } from './ballot.js';
import type { Configuration } from './configuration.js';
import type { Outbox } from './effects.js';
import type { LeaseGrant } from './lease-grant.js';
import type { PreVoteReply } from './messages.js';
import type { Rng } from '../common/rng.js';
import type { LogTimings } from './timings.js';
import { Votes } from './votes.js';

interface PreVoting {
  readonly ballot: Ballot;
  readonly granted: Votes;
  readonly startedAtMs: number;
}

/**
 * When to stand, and whether a majority would have this replica: a pre-vote changes nothing durable, so that a replica
 * that was cut off cannot unseat a healthy master with the high ballot it comes back with. (DESIGN 3.6)
 */
export class Election {
  #standAtMs: number;
  #preVoting: PreVoting | undefined;

  constructor(
    private readonly self: Identity,
    private readonly timings: () => LogTimings,
    private readonly grant: LeaseGrant,
    private readonly rng: Rng,
    private readonly outbox: Outbox,
    /** Whether others would make a better master at the moment. */
    private readonly reluctant: () => boolean = () => false,
  ) {
    this.#standAtMs = grant.freeAtMs + this.#jitterMs();
  }

  get preVoting(): boolean {
    return this.#preVoting !== undefined;
  }

  /** A master showed itself: this replica would stand some random time after its grant ends. */
  masterHeard(): void {
    this.#preVoting = undefined;
    this.#standAtMs = this.grant.freeAtMs + this.#jitterMs();
  }

  /** Not before `delayMs` and a random pause from now. */
  postpone(nowMs: number, delayMs: number): void {
    this.#preVoting = undefined;
    this.#standAtMs = nowMs + delayMs + this.#jitterMs();
  }

  /** As {@link postpone}, but never sooner than it stands already. */
  postponeAtLeast(nowMs: number, delayMs: number): void {
    const standAtMs = this.#standAtMs;
    this.postpone(nowMs, delayMs);
    this.#standAtMs = Math.max(this.#standAtMs, standAtMs);
  }

  /** The master that handed over named this replica its successor. */
  standAtOnce(nowMs: number): void {
    this.#standAtMs = nowMs;
  }

  /** Whether it is time to ask, and this replica is bound to nobody. */
  due(nowMs: number): boolean {
    return this.#preVoting === undefined && nowMs >= Math.max(this.#standAtMs, this.grant.freeAtMs);
  }

  /** Asks every voter about `ballot`. Whether this replica alone is a majority. */
  ask(ballot: Ballot, configuration: Configuration, nowMs: number): boolean {
    const granted = new Votes();
    granted.add(this.self, configuration);
    this.#preVoting = { ballot, granted, startedAtMs: nowMs };
    const question = { type: 'preVote', ballot, configurationNumber: configuration.number } as const;
    for (const voter of configuration.voters) {
      if (!sameIdentity(voter, this.self)) this.outbox.send(voter, question);
    }
    return this.#won(configuration);
  }

  /** Whether this answer makes a majority. */
  answered(from: Identity, reply: PreVoteReply, configuration: Configuration): boolean {
    const preVoting = this.#preVoting;
    if (preVoting === undefined || !reply.granted || reply.ballot.round !== preVoting.ballot.round) return false;
    preVoting.granted.add(from, configuration);
    return this.#won(configuration);
  }

  /** The question was answered well enough: phase 1 takes over. */
  won(): void {
    this.#preVoting = undefined;
  }

  tick(nowMs: number): void {
    if (this.#preVoting === undefined || nowMs - this.#preVoting.startedAtMs < this.timings().resendMs) return;
    this.postpone(nowMs, 0);
  }

  #won(configuration: Configuration): boolean {
    return this.#preVoting?.granted.isMajorityOf(configuration) === true;
  }

  #jitterMs(): number {
    const { electionJitterMs, leaseMs } = this.timings();
    return this.rng.next() * electionJitterMs + (this.reluctant() ? leaseMs : 0);
  }
}
