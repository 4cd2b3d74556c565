import { holderOf, readLock } from '../chubby/locks.js';
import { granted, inTheWay } from '../chubby/calls/acquire.js';
import { cancelGrant } from '../chubby/calls/cancel.js';
import type { Draft } from '../chubby/draft.js';
import { CALL_CODES } from '../chubby/records/call-code.js';
import type { AcquireResult, RefusedResult, RequestResult } from '../chubby/records/request-result.js';
import { refusal } from '../wire/errors.js';
import type { Reason } from '../wire/errors.js';
import type { Failure } from '../wire/types.js';
import type { CallOf, Caller, Reply, Respond } from './call.js';
import { Compute } from './compute.js';
import type { WriteCall } from './compute.js';
import { openHandle } from './handle-check.js';
import { HeldAnswer } from './held-answers.js';
import type { LockDelays } from './lock-delays.js';
import type { LockWaits, Waiter } from './lock-waits.js';
import { PendingWrite } from './pending-write.js';
import type { Proposals } from './proposals.js';
import type { Reign } from './reign.js';
import { replyOf } from './replies.js';
import type { SessionState } from './session-state.js';
import { isFailure } from './targets.js';

/**
 * The calls that may change something: each is executed once, whatever is sent how often, and answered when what it did,
 * or what it saw, is applied. (DESIGN 3.7, 4)
 */
export class Writes {
  readonly #reign: Reign;
  readonly #compute: Compute;
  readonly #proposals: Proposals;
  readonly #waits: LockWaits;
  readonly #delays: LockDelays;

  constructor(reign: Reign, proposals: Proposals, waits: LockWaits, delays: LockDelays) {
    this.#reign = reign;
    this.#compute = new Compute(reign, waits, delays);
    this.#proposals = proposals;
    this.#waits = waits;
    this.#delays = delays;
  }

  write(caller: Caller, call: WriteCall, session: SessionState, respond: Respond): void {
    const malformed = numberProblem(call);
    if (malformed !== undefined) return respond({ failure: malformed });
    session.window.acknowledge(call.acknowledged);
    const forgetful = this.#reign.around.bugs.duplicateRequestAppliedTwice === true;
    if (!forgetful && this.#joins(call, session, respond)) return;
    const known = forgetful ? undefined : this.#answeredBefore(call, session);
    if (known !== undefined) return this.#reign.answer(known, [respond]);
    this.#execute(caller, call, session, respond);
  }

  /** A request that is under way is not executed again: it has two who wait for its answer. */
  #joins(call: WriteCall, session: SessionState, respond: Respond): boolean {
    const pending = session.writes.get(call.number);
    const waiter = pending === undefined ? this.#waits.find(session.id, call.number) : undefined;
    if (pending === undefined && waiter === undefined) return false;
    if ((pending?.call ?? 'acquire') !== call.name) respond({ failure: reused(call.number) });
    else if (pending !== undefined) pending.join(respond);
    else waiter?.responds.push(respond);
    return true;
  }

  /** The answer of a request that was executed, or cannot be any more. */
  #answeredBefore(call: WriteCall, session: SessionState): Reply | undefined {
    const { number } = call;
    const { window } = session;
    if (window.isForgotten(number)) {
      const held = call.name === 'acquire' ? this.#heldUnder(call, session) : undefined;
      return held === undefined ? { failure: forgotten(number) } : replyOf(held);
    }
    if (window.isBeyond(number)) {
      const sentence = `request ${number} is more than ${this.#reign.around.limits.requestWindow} above what is acknowledged`;
      return { failure: refusal('WINDOW_EXCEEDED', sentence) };
    }
    const result = window.resultOf(this.#reign.around.cell.pending, number);
    if (result === undefined) return undefined;
    const sameCall = result.call === resultCallOf(call) || result.call === 'refused';
    return sameCall ? replyOf(result) : { failure: reused(number) };
  }

  /** An Acquire may be asked for long after its number: as long as the lock is held under it, it was granted. */
  #heldUnder({ request, number }: CallOf<'acquire'>, session: SessionState): AcquireResult | undefined {
    const handle = openHandle(this.#reign, session, request.handle);
    if (isFailure(handle)) return undefined;
    const lock = readLock(this.#reign.around.cell.pending, handle.path);
    const own = holderOf(lock, session.id, handle.handleId);
    return own?.acquireNumber === number ? granted(lock) : undefined;
  }

  #execute(caller: Caller, call: WriteCall, session: SessionState, respond: Respond): void {
    const { cell } = this.#reign.around;
    const draft = cell.draft();
    const result = this.#compute.compute(call, session, draft);
    if ('code' in result) {
      if (!MAY_TURN.has(result.reason)) return this.#reign.answer({ failure: result }, [respond]);
      const refused: RefusedResult = { call: 'refused', reason: result.reason, sentence: result.message };
      return this.#record(caller, call, session, cell.draft(), refused, [respond]);
    }
    if (call.name === 'acquire' && result.call === 'acquire' && !result.granted) {
      return this.#wait(call, session, respond);
    }
    if (draft.isEmpty && !couldChange(call)) return this.#reign.answer(replyOf(result), [respond]);
    this.#record(caller, call, session, draft, result, [respond]);
  }

  /**
   * Proposes what the request does, with its answer under its number. A request that could have changed something
   * leaves its answer even where it changed nothing: or a copy of it that was held up on the way, by an earlier
   * connection say, would act after its client was told that it did not.
   */
  #record(
    { principal }: Caller,
    { name, number }: Pick<WriteCall, 'name' | 'number'>,
    session: SessionState,
    draft: Draft,
    result: RequestResult,
    responds: Respond[],
  ): void {
    session.window.record(draft, number, result);
    session.record = session.window.moveWatermark(draft, session.record);
    const by = { sessionId: session.shownId, principal, call: CALL_CODES[name] };
    const { next } = this.#proposals;
    this.#proposals.propose(draft, by, new PendingWrite(next, replyOf(result), responds, session, name, number));
  }

  /** The lock is not to be had at once: the request goes to the end of the queue. */
  #wait(call: CallOf<'acquire'>, session: SessionState, respond: Respond): void {
    const { clock, limits } = this.#reign.around;
    const request = this.#compute.lockRequestOf(call, session);
    if (isFailure(request)) return this.#reign.answer({ failure: request }, [respond]);
    if (this.#waits.size >= limits.waiters || this.#waits.sizeOf(request.handle.path) >= limits.waitersPerLock) {
      const failure = refusal('LIMIT_WAITERS', `${this.#waits.sizeOf(request.handle.path)} wait for this lock`);
      return respond({ failure });
    }
    const waitMs = call.request.waitMs === 0 ? Infinity : call.request.waitMs;
    const limitMs = call.timeLimitMs === 0 ? Infinity : call.timeLimitMs;
    const endsBy = waitMs <= limitMs ? 'wait-over' : 'time-limit';
    this.#waits.enqueue(
      { ...request, session, responds: [respond], endsBy },
      clock.monotonicMs() + Math.min(waitMs, limitMs),
    );
  }

  /** The wait of an Acquire is over, and the lock was not to be had. */
  waitOver(waiter: Waiter): void {
    const { handle, number, endsBy } = waiter;
    if (endsBy === 'time-limit') {
      const sentence = `the time limit of request ${number} passed while it waited for the lock`;
      return this.#endWait(waiter, { call: 'refused', reason: 'TIME_LIMIT', sentence });
    }
    const { cell, clock } = this.#reign.around;
    const lock = readLock(cell.pending, handle.path);
    const delayLeftMs = this.#delays.leftMs(handle.path, clock.monotonicMs());
    this.#endWait(waiter, inTheWay(lock, delayLeftMs));
  }

  #endWait({ session, number, responds }: Waiter, result: RequestResult): void {
    // One that is acknowledged past can never act again.
    if (session.window.isForgotten(number)) return this.#reign.answer(replyOf(result), responds);
    const { cell } = this.#reign.around;
    this.#record(THE_MASTER, { name: 'acquire', number }, session, cell.draft(), result, responds);
  }

  /** Gives up a waiting Acquire, or takes its grant back. */
  cancel(caller: Caller, { request }: CallOf<'cancel'>, session: SessionState, respond: Respond): void {
    const number = request.requestNumber;
    const waiter = this.#waits.find(session.id, number);
    if (waiter !== undefined) {
      this.#waits.withdraw(waiter);
      this.#endWait(waiter, { call: 'refused', reason: 'CANCELLED', sentence: `request ${number} was cancelled` });
      return this.#reign.answer({ response: { cancelled: true } }, [respond]);
    }
    const draft = this.#reign.around.cell.draft();
    const cancelled = cancelGrant(draft, session.id, number);
    const reply = { response: { cancelled } };
    if (!cancelled) return this.#reign.answer(reply, [respond]);
    const by = { sessionId: session.shownId, principal: caller.principal, call: CALL_CODES.cancel };
    this.#proposals.propose(draft, by, new HeldAnswer(this.#proposals.next, reply, [respond]));
  }
}

/** Acts of the master itself. */
const THE_MASTER: Caller = { principal: '' };

/** Refusals that rest on the state: in a later one the same request might act. The others stay what they are. */
const MAY_TURN: ReadonlySet<string> = new Set<Reason>([
  'ALREADY_EXISTS',
  // A later master does not know what was closed under this one.
  'HANDLE_CLOSED',
  'IS_A_DIRECTORY',
  'LIMIT_CHILDREN',
  'LIMIT_DATABASE',
  'LIMIT_HANDLES',
  'LOCK_HELD_ALREADY',
  'LOCK_NOT_HELD',
  'NOT_A_DIRECTORY',
  'NOT_EMPTY',
  'NOT_FOUND',
  'STALE_GENERATION',
]);

/** Whether the request, in some other state, would have changed something. */
const couldChange = (call: WriteCall): boolean =>
  call.name !== 'close' && !(call.name === 'open' && call.request.create === 'CREATE_MODE_NEVER');

function numberProblem({ number, acknowledged }: WriteCall): Failure | undefined {
  if (!Number.isSafeInteger(number) || !Number.isSafeInteger(acknowledged)) {
    return refusal('MALFORMED_REQUEST', 'number: a request number is below 2^53');
  }
  return number < 1
    ? refusal('MISSING_FIELD', 'number: requests that may change something count from 1 on')
    : undefined;
}

const reused = (number: number): Failure =>
  refusal('MALFORMED_REQUEST', `number: request ${number} of this session is another call`);

const forgotten = (number: number): Failure =>
  refusal('REQUEST_FORGOTTEN', `the session acknowledged the answer of request ${number}`);

/** A TryAcquire leaves the same kind of result as an Acquire. */
const resultCallOf = (call: WriteCall): RequestResult['call'] => (call.name === 'tryAcquire' ? 'acquire' : call.name);
