import { takeGrantBack } from '../chubby/calls/cancel.js';
import { inTheWay } from '../chubby/calls/acquire.js';
import type { Provenance } from '../chubby/cell.js';
import { readLock } from '../chubby/locks.js';
import { CALL_CODES } from '../chubby/records/call-code.js';
import type { RequestResult } from '../chubby/records/request-result.js';
import { refusal } from '../wire/errors.js';
import type { CallOf, Caller, Respond } from './call.js';
import { HeldAnswer } from './held-answers.js';
import { refusedResult } from './lasting-refusals.js';
import type { LockDelays } from './lock-delays.js';
import type { LockWaits, Waiter } from './lock-waits.js';
import type { PendingGrant } from './pending-write.js';
import type { Proposals } from './proposals.js';
import type { Reign } from './reign.js';
import type { SessionState } from './session-state.js';

/**
 * Ends Acquires that their clients give up, by a Cancel or by a time that is over: whatever became of one, after this
 * the session neither waits for the lock nor has it by that request, and no copy of it gets it later. (DESIGN 5, Locks)
 */
export class WaitEnds {
  readonly #reign: Reign;
  readonly #proposals: Proposals;
  readonly #waits: LockWaits;
  readonly #delays: LockDelays;

  constructor(reign: Reign, proposals: Proposals, waits: LockWaits, delays: LockDelays) {
    this.#reign = reign;
    this.#proposals = proposals;
    this.#waits = waits;
    this.#delays = delays;
  }

  cancel(caller: Caller, call: CallOf<'cancel'>, session: SessionState, respond: Respond): void {
    const number = call.request.requestNumber;
    if (!Number.isSafeInteger(number) || !Number.isSafeInteger(call.acknowledged)) {
      const failure = refusal('MALFORMED_REQUEST', 'request_number: a request number is below 2^53');
      return this.#reign.answer({ failure }, [respond]);
    }
    session.window.acknowledge(call.acknowledged);
    const waiter = this.#waits.find(session.id, number);
    if (waiter !== undefined) {
      this.#waits.withdraw(waiter);
      this.#end(waiter, cancelled(number));
      return this.#reign.answer({ response: { cancelled: true } }, [respond]);
    }
    const by = { sessionId: session.shownId, principal: caller.principal, call: CALL_CODES.cancel };
    if (this.#takesGrantBack(number, session, by, respond)) return;
    if (session.window.mayAct(number)) return this.#overtaken(number, session, by, respond);
    this.#reign.answer({ response: { cancelled: false } }, [respond]);
  }

  /** Does what is due by this time. */
  timePassed(nowMs: number): void {
    const { grants } = this.#waits;
    for (let grant = grants.takeDue(nowMs); grant !== undefined; grant = grants.takeDue(nowMs)) this.#tooLate(grant);
    for (let waiter = this.#waits.takeOver(nowMs); waiter !== undefined; waiter = this.#waits.takeOver(nowMs)) {
      this.#waitOver(waiter, nowMs);
    }
  }

  #waitOver(waiter: Waiter, nowMs: number): void {
    const { path } = waiter.handle;
    if (waiter.callerUntilMs < waiter.waitUntilMs) return this.#end(waiter, timeLimit(waiter.number));
    const lock = readLock(this.#reign.around.cell.pending, path);
    this.#end(waiter, inTheWay(lock, this.#delays.leftMs(path, nowMs)));
  }

  /** @param waiter that waits no more */
  #end(waiter: Waiter, result: RequestResult): void {
    const draft = this.#reign.around.cell.draft();
    const answer = this.#proposals.answer(draft, 'acquire', waiter, result);
    this.#proposals.propose(draft, byTheMasterFor(waiter.session), answer);
    this.#proposals.handOn(waiter.handle.path);
  }

  #takesGrantBack(number: number, session: SessionState, by: Provenance, respond: Respond): boolean {
    const draft = this.#reign.around.cell.draft();
    const result = takeGrantBack(draft, session.id, number);
    if (result === undefined) return false;
    session.window.record(draft, number, result);
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
    const { session, number } = grant;
    const draft = this.#reign.around.cell.draft();
    if (takeGrantBack(draft, session.id, number) === undefined) return;
    const asked = { session, number, responds: grant.handOver(), callerUntilMs: Infinity };
    const answer = this.#proposals.answer(draft, 'acquire', asked, timeLimit(number));
    this.#proposals.propose(draft, byTheMasterFor(session), answer);
  }
}

/** The master itself ends an Acquire of the session. */
const byTheMasterFor = ({ shownId }: SessionState): Provenance => ({
  sessionId: shownId,
  principal: '',
  call: CALL_CODES.acquire,
});

const cancelled = (number: number): RequestResult => refusedResult('CANCELLED', `request ${number} was cancelled`);

const timeLimit = (number: number): RequestResult =>
  refusedResult('TIME_LIMIT', `the time limit of request ${number} passed before it had the lock`);
