import type { Provenance } from '../chubby/cell.js';
import { beginSessionEnd, endSession } from '../chubby/calls/end-session.js';
import type { Draft } from '../chubby/draft.js';
import type { SessionEnd } from '../chubby/records/session.js';
import type { SessionLeases } from '../chubby/session-lease.js';
import type { Failure } from '../wire/types.js';
import type { Caching } from './caching.js';
import type { Reply, Respond } from './call.js';
import { joinCallers } from './callers.js';
import { NotedAnswer } from './held-answers.js';
import type { KeepAlives } from './keep-alives.js';
import { pathsOf } from './lock-waits.js';
import type { LockWaits } from './lock-waits.js';
import type { Proposals } from './proposals.js';
import type { Reign } from './reign.js';
import { SESSION_ENDED } from './session-state.js';
import type { SessionState } from './session-state.js';

/** The end of a session, from when it is wanted to when it is applied. */
interface Ending {
  readonly session: SessionState;
  readonly end: SessionEnd;
  readonly by: Provenance;
  readonly reply: Reply;
  /** Who is told when the session is gone. */
  readonly responds: Respond[];
  /** Whether the session serves nobody any more. */
  begun: boolean;
  /** Whether its last step is proposed: then that answers. */
  proposed: boolean;
}

/**
 * Ends sessions: from the proposal on a session serves nobody, and once that is applied it is gone with all it held. If
 * the proposal comes to nothing the session lives on, at the next master. (DESIGN 5)
 *
 * A session that is ended though its lease runs drops what it caches first: nobody would wait for it afterwards. And
 * what it leaves to be deleted, others may have cached: its locks do not wait for them, its ephemeral nodes do.
 */
export class SessionEnds {
  readonly #reign: Reign;
  readonly #proposals: Proposals;
  readonly #waits: LockWaits;
  readonly #leases: SessionLeases;
  readonly #keepAlives: KeepAlives;
  readonly #caching: Caching;
  readonly #whenGone: (session: SessionState) => void;
  readonly #ending = new Map<SessionState, Ending>();

  constructor(
    reign: Reign,
    proposals: Proposals,
    waits: LockWaits,
    leases: SessionLeases,
    keepAlives: KeepAlives,
    caching: Caching,
    gone: (session: SessionState) => void,
  ) {
    this.#reign = reign;
    this.#proposals = proposals;
    this.#waits = waits;
    this.#leases = leases;
    this.#keepAlives = keepAlives;
    this.#caching = caching;
    this.#whenGone = gone;
  }

  /** @param responds told when the session is gone */
  end(session: SessionState, end: SessionEnd, by: Provenance, reply: Reply, responds: Respond[]): void {
    let ending = this.#ending.get(session);
    const isNew = ending === undefined;
    if (ending === undefined) {
      ending = { session, end, by, reply, responds, begun: false, proposed: false };
      this.#ending.set(session, ending);
    } else {
      for (const respond of responds) joinCallers(ending.responds, respond);
    }
    const begun = ending;
    if (begun.begun) return;
    if (end === 'closed' || this.#isOver(session)) this.#begin(begun);
    else if (isNew) this.#caching.empty(session, () => this.#begin(begun));
  }

  /** The reign is over: whoever was not answered by what is proposed asks the next master. */
  reignEnds(failure: Failure): void {
    for (const { proposed, responds } of this.#ending.values()) {
      if (!proposed) for (const respond of responds) respond({ failure });
    }
  }

  #isOver({ id }: SessionState): boolean {
    const untilMs = this.#leases.untilMs(id);
    return untilMs === undefined || untilMs <= this.#reign.around.clock.monotonicMs();
  }

  #begin(ending: Ending): void {
    const { session } = ending;
    ending.begun = true;
    session.ending = true;
    this.#leases.forget(session.id);
    this.#reign.subscriptions.sessionEnded(session.id);
    // Before the steps, lest one of them hands a lock on to the session itself.
    const waiters = this.#waits.withdrawAllIn(session.id);
    const dropped = [...session.deferred].flatMap((deferred) => deferred.drop());
    this.#caching.sessionOver(session);
    this.#proposeSteps(ending);
    this.#keepAlives.sessionEnds(session);
    // Held until the steps are applied: if they come to nothing the session lives on, and its waiters ask again.
    for (const waiter of waiters) this.#reign.answer({ failure: SESSION_ENDED }, waiter.responds);
    this.#reign.answer({ failure: SESSION_ENDED }, dropped);
    this.#proposals.handOn(waiters.flatMap(pathsOf));
  }

  #proposeSteps(ending: Ending): void {
    const { session, end } = ending;
    const { cell } = this.#reign.around;
    for (let gone = false; !gone;) {
      const draft = cell.draft();
      gone = endSession(draft, session.id, end);
      if (this.#caching.blocks(draft.changes)) {
        const begin = cell.draft();
        beginSessionEnd(begin, session.id, end);
        if (!begin.isEmpty) this.#propose(ending, begin, false);
        this.#caching.defer(draft.changes, () => this.#proposeSteps(ending));
        return;
      }
      this.#propose(ending, draft, gone);
    }
  }

  #propose(ending: Ending, draft: Draft, isLast: boolean): void {
    const { session, by, reply, responds } = ending;
    const answer = new NotedAnswer(this.#proposals.next, reply, isLast ? responds : [], () => {
      this.#proposals.beginDelays(draft);
      if (isLast) this.#gone(session);
    });
    ending.proposed = isLast;
    this.#proposals.propose(draft, by, answer);
  }

  #gone(session: SessionState): void {
    this.#ending.delete(session);
    this.#reign.sessions.remove(session.id);
    this.#whenGone(session);
  }
}
