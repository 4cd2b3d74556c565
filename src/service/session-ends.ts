import type { Provenance } from '../chubby/cell.js';
import { endSession } from '../chubby/calls/end-session.js';
import type { SessionEnd } from '../chubby/records/session.js';
import type { SessionLeases } from '../chubby/session-lease.js';
import type { Reply, Respond } from './call.js';
import { NotedAnswer } from './held-answers.js';
import type { KeepAlives } from './keep-alives.js';
import { pathsOf } from './lock-waits.js';
import type { LockWaits } from './lock-waits.js';
import type { Proposals } from './proposals.js';
import type { Reign } from './reign.js';
import { SESSION_ENDED } from './session-state.js';
import type { SessionState } from './session-state.js';

/**
 * Ends sessions: from the proposal on a session serves nobody, and once that is applied it is gone with all it held. If
 * the proposal comes to nothing the session lives on, at the next master. (DESIGN 5)
 */
export class SessionEnds {
  readonly #reign: Reign;
  readonly #proposals: Proposals;
  readonly #waits: LockWaits;
  readonly #leases: SessionLeases;
  readonly #keepAlives: KeepAlives;
  /** Of the sessions that are ending: who waits for it. */
  readonly #ending = new Map<SessionState, NotedAnswer>();

  constructor(reign: Reign, proposals: Proposals, waits: LockWaits, leases: SessionLeases, keepAlives: KeepAlives) {
    this.#reign = reign;
    this.#proposals = proposals;
    this.#waits = waits;
    this.#leases = leases;
    this.#keepAlives = keepAlives;
  }

  /** @param responds told when the session is gone */
  end(session: SessionState, end: SessionEnd, by: Provenance, reply: Reply, responds: Respond[]): void {
    const under = this.#ending.get(session);
    if (under !== undefined) {
      for (const respond of responds) under.join(respond);
      return;
    }
    session.ending = true;
    this.#leases.forget(session.id);
    // Before the steps, lest one of them hands a lock on to the session itself.
    const waiters = this.#waits.withdrawAllIn(session.id);
    this.#proposeSteps(session, end, by, reply, responds);
    // Held until the steps are applied: if they come to nothing the session lives on, and its waiters ask again.
    for (const waiter of waiters) this.#reign.answer({ failure: SESSION_ENDED }, waiter.responds);
    this.#proposals.handOn(waiters.flatMap(pathsOf));
  }

  #proposeSteps(session: SessionState, end: SessionEnd, by: Provenance, reply: Reply, responds: Respond[]): void {
    const { cell } = this.#reign.around;
    for (let gone = false; !gone;) {
      const draft = cell.draft();
      gone = endSession(draft, session.id, end);
      const isLast = gone;
      const answer = new NotedAnswer(this.#proposals.next, reply, isLast ? responds : [], () => {
        this.#proposals.beginDelays(draft);
        if (isLast) this.#gone(session);
      });
      if (isLast) this.#ending.set(session, answer);
      this.#proposals.propose(draft, by, answer);
    }
  }

  #gone(session: SessionState): void {
    this.#ending.delete(session);
    this.#reign.sessions.remove(session.id);
    this.#keepAlives.sessionGone(session);
  }
}
