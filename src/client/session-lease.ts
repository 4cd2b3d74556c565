import { SuspendDetector } from '../common/clock.js';
import type { Clock } from '../common/clock.js';

/**
 * - `safe`: the cell keeps the session, so what it holds is held.
 * - `jeopardy`: the lease is over by this side's count, and the cell may or may not have ended the session.
 * - `expired`: the session is gone, or has to be taken for gone.
 */
export type SessionState = 'safe' | 'jeopardy' | 'expired';

export interface LeaseRules {
  /** Bound on the rate of any clock against any other's, as a part of 1. (DESIGN 3.5) */
  readonly maxClockDrift: number;
  /** How long a session in jeopardy may still be saved. ([CH] 2.8: 45 s) */
  readonly graceMs: number;
}

/** Of a lease of seconds, a part that the drift bound leaves over many times. */
const SUSPENSION_MS = 100;

/**
 * What a client may believe of its session's lease. It ends earlier here than at the master: it is counted from the
 * sending of the KeepAlive that the master answered, and by the slowest clock. (DESIGN 5, [CH] 2.8)
 */
export class SessionLease {
  readonly #suspended: SuspendDetector;
  #endMs: number;
  /** What was sent before may have left on the other side of a suspension, which this clock did not count. */
  #countsFromMs: number;
  #expired = false;

  /** @param sentAtMs when the CreateSession that made the session was first sent */
  constructor(
    private readonly clock: Clock,
    private readonly rules: LeaseRules,
    sentAtMs: number,
    leaseMs: number,
  ) {
    this.#suspended = new SuspendDetector(clock, SUSPENSION_MS);
    this.#countsFromMs = sentAtMs;
    this.#endMs = this.#endOf(sentAtMs, leaseMs);
  }

  /** When the lease ends, by the monotonic clock. */
  get endMs(): number {
    return this.#endMs;
  }

  /** When the state changes next unless the lease is renewed, by the monotonic clock. */
  get nextChangeMs(): number {
    return this.state === 'safe' ? this.#endMs : this.#endMs + this.rules.graceMs;
  }

  /** By the clock, at the moment of asking: a timer that fires late changes nothing. */
  get state(): SessionState {
    if (this.#expired) return 'expired';
    const nowMs = this.clock.monotonicMs();
    if (nowMs < this.#endMs) return 'safe';
    return nowMs < this.#endMs + this.rules.graceMs ? 'jeopardy' : 'expired';
  }

  /** An answer arrived to the KeepAlive sent at `sentAtMs`. A session that expired stays so. */
  renew(sentAtMs: number, leaseMs: number): void {
    if (this.state === 'expired' || sentAtMs < this.#countsFromMs) return;
    this.#endMs = Math.max(this.#endMs, this.#endOf(sentAtMs, leaseMs));
  }

  /**
   * Ends the lease if the machine was suspended since the last look: nobody knows for how long.
   *
   * @returns whether it was; only answers to what is sent from now on renew the lease
   */
  endIfSuspended(): boolean {
    if (!this.#suspended.jumped()) return false;
    const nowMs = this.clock.monotonicMs();
    this.#countsFromMs = nowMs;
    this.#endMs = Math.min(this.#endMs, nowMs);
    return true;
  }

  /** The cell said so, or the session was closed. */
  expire(): void {
    this.#expired = true;
  }

  #endOf(sentAtMs: number, leaseMs: number): number {
    return sentAtMs + leaseMs * (1 - this.rules.maxClockDrift);
  }
}
