import { refusal } from '../wire/errors.js';
import type { Caching } from './caching.js';
import type { Reign } from './reign.js';
import type { SessionState } from './session-state.js';

const SESSION_IDLE = refusal('SESSION_IDLE', 'the session had nothing open and made no calls');

/**
 * Ends sessions that are of no use to anybody: nothing open, no calls, for a minute. Whoever keeps such a session alive
 * costs the master for nothing; his library makes another one when he calls again. ([CH] 2.8)
 *
 * Looked at when its KeepAlive is to be answered: who sends none expires anyway, and no timer is needed.
 */
export class IdleSessions {
  readonly #reign: Reign;
  readonly #caching: Caching;
  readonly #end: (session: SessionState) => void;

  /** @param end ends the session as closed */
  constructor(reign: Reign, caching: Caching, end: (session: SessionState) => void) {
    this.#reign = reign;
    this.#caching = caching;
    this.#end = end;
  }

  /** The session is about to be kept alive. */
  look(session: SessionState, nowMs: number): void {
    // Its end is wanted already, by an administrator or from here; a call that it makes in the meantime counts.
    if (this.#caching.isBeingEmptied(session)) return;
    if (session.hasCalled || session.idleSinceMs === undefined) {
      session.hasCalled = false;
      session.idleSinceMs = nowMs;
      return;
    }
    if (nowMs - session.idleSinceMs < this.#reign.around.limits.idleSessionMs || !this.#isIdle(session)) return;
    // Its lease runs: what it may serve from its cache it drops first, and may be called in the meantime.
    this.#caching.empty(session, () => {
      if (!this.#isIdle(session)) return;
      session.endedBecause = SESSION_IDLE;
      this.#end(session);
    });
  }

  #isIdle({ hasCalled, hasShownAll, ending, openHandles, writes, deferred, waitingReads }: SessionState): boolean {
    const isQuiet = !hasCalled && writes.size === 0 && deferred.size === 0 && waitingReads === 0;
    return isQuiet && !ending && hasShownAll && openHandles === 0;
  }
}
