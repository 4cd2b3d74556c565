import { takeGrantBack } from '../chubby/calls/cancel.js';
import type { Provenance } from '../chubby/cell.js';
import { CALL_CODES } from '../chubby/records/call-code.js';
import type { RequestResult } from '../chubby/records/request-result.js';
import { refusal } from '../wire/errors.js';
import type { CallOf, Respond } from './call.js';
import { presentHandle } from './handle-check.js';
import { HeldAnswer } from './held-answers.js';
import { refusedResult, timeLimit } from './lasting-refusals.js';
import type { LockGrants } from './lock-grants.js';
import { pathsOf } from './lock-waits.js';
import type { LockWaits, Waiter } from './lock-waits.js';
import type { PendingGrant } from './pending-write.js';
import type { Proposals } from './proposals.js';
import type { Reign } from './reign.js';
import type { DeferredUnderWay, SessionState } from './session-state.js';
import { isFailure } from './targets.js';

/**
 * Ends Acquires that their clients give up, by a Cancel or by a time that is over: whatever became of one, after this
 * the session neither waits for the lock nor has it by that request, and no copy of it gets it later. (DESIGN 5, Locks)
 */
export class WaitEnds {
  readonly #reign: Reign;
  readonly #proposals: Proposals;
  readonly #waits: LockWaits;
  readonly #grants: LockGrants;

  constructor(reign: Reign, proposals: Proposals, waits: LockWaits, grants: LockGrants) {
    this.#reign = reign;
    this.#proposals = proposals;
    this.#waits = waits;
    this.#grants = grants;
  }

  cancel(call: CallOf<'cancel'>, session: SessionState, respond: Respond): void {
    const number = call.request.requestNumber;
    if (!Number.isSafeInteger(number) || !Number.isSafeInteger(call.acknowledged)) {
      const failure = refusal('MALFORMED_REQUEST', 'request_number: a request number is below 2^53');
      return this.#reign.answer({ failure }, [respond]);
    }
    session.window.acknowledge(call.acknowledged);
    const waiter = this.#waits.find(session.id, number);
    if (waiter !== undefined) {
      this.#end(waiter, cancelled(number));
      return this.#reign.answer({ response: { cancelled: true } }, [respond]);
    }
    const by = { sessionId: session.shownId, principal: session.record.principal, call: CALL_CODES.cancel };
    const deferred = [...session.deferred].find((each) => each.number === number);
    if (deferred !== undefined) return this.#cancelDeferred(deferred, session, by, respond);
    if (this.#takesGrantBack(number, session, by, respond)) return;
    if (session.window.mayAct(number)) return this.#overtaken(number, session, by, respond);
    this.#reign.answer({ response: { cancelled: false } }, [respond]);
  }

  /**
   * Ends every use of a handle but Close, and all that waits through it. A later master knows of it no more than of
   * handles that were closed: it is for the client to poison the handle again.
   */
  poison({ request, acknowledged }: CallOf<'poison'>, session: SessionState, respond: Respond): void {
    if (!Number.isSafeInteger(acknowledged)) {
      const failure = refusal('MALFORMED_REQUEST', 'acknowledged: a request number is below 2^53');
      return this.#reign.answer({ failure }, [respond]);
    }
    session.window.acknowledge(acknowledged);
    const handle = presentHandle(this.#reign, session, request.handle);
    if (isFailure(handle)) return this.#reign.answer({ failure: handle }, [respond]);
    session.handles.poison(handle);
    const waiters = this.#waits.withdrawAllThrough(handle);
    for (const waiter of waiters) this.#answer(waiter, POISONED_WHILE_IT_WAITED);
    this.#proposals.handOn(waiters.flatMap(pathsOf));
    this.#reign.answer({ response: {} }, [respond]);
  }

  /** Does what is due by this time. */
  timePassed(nowMs: number): void {
    const { grants } = this.#waits;
    for (let grant = grants.takeDue(nowMs); grant !== undefined; grant = grants.takeDue(nowMs)) this.#tooLate(grant);
    for (let waiter = this.#waits.takeOver(nowMs); waiter !== undefined; waiter = this.#waits.takeOver(nowMs)) {
      this.#waitOver(waiter);
    }
  }

  /** Nothing of the request was done, and now nothing will be. */
  #cancelDeferred(deferred: DeferredUnderWay, session: SessionState, by: Provenance, respond: Respond): void {
    const { number, call } = deferred;
    const asked = { session, number, responds: deferred.drop(), callerUntilMs: Infinity };
    const draft = this.#reign.around.cell.draft();
    const answer = this.#proposals.answer(draft, call, asked, cancelled(number));
    this.#proposals.propose(draft, by, answer);
    this.#reign.answer({ response: { cancelled: true } }, [respond]);
  }

  #waitOver(waiter: Waiter): void {
    const gaveUp = waiter.callerUntilMs < waiter.waitUntilMs;
    this.#end(waiter, gaveUp ? timeLimit(waiter.number) : this.#grants.inVain(waiter));
  }

  /** Sends a waiter home, and lets those go ahead who stood behind him. */
  #end(waiter: Waiter, result: RequestResult): void {
    this.#waits.withdraw(waiter);
    this.#answer(waiter, result);
    this.#proposals.handOn(pathsOf(waiter));
  }

  /** @param waiter that stands in no line any more */
  #answer(waiter: Waiter, result: RequestResult): void {
    const draft = this.#reign.around.cell.draft();
    const answer = this.#proposals.answer(draft, waiter.call, waiter, result);
    this.#proposals.propose(draft, byTheMasterFor(waiter), answer);
  }

  #takesGrantBack(number: number, session: SessionState, by: Provenance, respond: Respond): boolean {
    const draft = this.#reign.around.cell.draft();
    if (!takeGrantBack(draft, session.id, number)) return false;
    session.window.record(draft, number, cancelled(number));
    const reply = { response: { cancelled: true } };
    this.#proposals.propose(draft, by, new HeldAnswer(this.#proposals.next, reply, [respond]));
    return true;
  }

  /** The request itself has not come yet, or never will. */
  #overtaken(number: number, session: SessionState, by: Provenance, respond: Respond): void {
    if (session.window.isBeyond(number)) {
      const failure = refusal('WINDOW_EXCEEDED', `request_number: ${number} is beyond the window of request numbers`);
      return this.#reign.answer({ failure }, [respond]);
    }
    const draft = this.#reign.around.cell.draft();
    session.window.record(draft, number, cancelled(number));
    const reply = { response: { cancelled: true } };
    this.#proposals.propose(draft, by, new HeldAnswer(this.#proposals.next, reply, [respond]));
  }

  /** The caller stopped waiting before the grant was chosen: it cannot know of it, so the lock is released. */
  #tooLate(grant: PendingGrant): void {
    const { session, number, call } = grant;
    const draft = this.#reign.around.cell.draft();
    if (!takeGrantBack(draft, session.id, number)) return;
    const asked = { session, number, responds: grant.handOver(), callerUntilMs: Infinity };
    const answer = this.#proposals.answer(draft, call, asked, timeLimit(number));
    this.#proposals.propose(draft, byTheMasterFor(grant), answer);
  }
}

/** The master itself ends an Acquire, or AcquireAll, of the session. */
const byTheMasterFor = ({ session, call }: Waiter | PendingGrant): Provenance => ({
  sessionId: session.shownId,
  principal: '',
  call: CALL_CODES[call === 'acquireAll' ? call : 'acquire'],
});

const POISONED_WHILE_IT_WAITED = refusedResult('HANDLE_POISONED', 'the handle was poisoned while its Acquire waited');

const cancelled = (number: number): RequestResult => refusedResult('CANCELLED', `request ${number} was cancelled`);
