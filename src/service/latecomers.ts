import { spreadMsOf } from './crowd.js';
import type { SessionState } from './session-state.js';

/** When one came no longer ago than this, others are still on their way. */
const STILL_COMING_MS = 4_000;

/**
 * How long a new master waits for the sessions that it took over. They take turns in coming, and the last one, too, has
 * its lease's time from its turn on. Where the turns take longer than they should, because clients or replicas have more
 * to do than they can, no session is given up while others still come: its own client may be the next.
 */
export class Latecomers {
  readonly #longestMs: number;
  #isCrowd = false;
  #untilMs = -Infinity;
  #cameMs = -Infinity;

  /** @param longestMs after the change of master nobody is waited for any more */
  constructor(longestMs: number) {
    this.#longestMs = longestMs;
  }

  /** @returns over how long these sessions take turns, in ms */
  tookOver(sessions: number, nowMs: number): number {
    const spreadMs = spreadMsOf(sessions);
    this.#isCrowd = spreadMs > 0;
    this.#untilMs = nowMs + this.#longestMs;
    return spreadMs;
  }

  /** A session kept itself alive under this master for the first time. */
  came(nowMs: number): void {
    this.#cameMs = nowMs;
  }

  /** Until when to wait for a session whose lease is over. */
  waitUntilMs({ address }: SessionState, nowMs: number): number {
    const hasCome = address !== '';
    if (hasCome || !this.#isCrowd) return nowMs;
    return Math.min(this.#untilMs, this.#cameMs + STILL_COMING_MS);
  }
}
