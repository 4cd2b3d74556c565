import { Deadlines } from './deadlines.js';
import type { SessionId } from './records/ids.js';

/**
 * How long each session may be believed to live: what a master promised in its KeepAlive answers, in its own memory.
 * A new master knows none of the promises and gives everybody a full lease. (DESIGN 5, [CH] 2.8)
 */
export class SessionLeases {
  readonly #deadlines = new Deadlines<SessionId>();

  /** Promises the session to live until then; a promise is never taken back. */
  promise(session: SessionId, untilMs: number): void {
    const promisedMs = this.#deadlines.of(session);
    if (promisedMs === undefined || untilMs > promisedMs) this.#deadlines.set(session, untilMs);
  }

  /** Until when the session was promised to live. */
  untilMs(session: SessionId): number | undefined {
    return this.#deadlines.of(session);
  }

  /** The session is gone, or its end is proposed: it cannot expire any more. */
  forget(session: SessionId): void {
    this.#deadlines.clear(session);
  }

  next(): number {
    return this.#deadlines.next();
  }

  /** Takes out one session whose lease has run out. */
  takeExpired(nowMs: number): SessionId | undefined {
    return this.#deadlines.takeDue(nowMs);
  }
}
