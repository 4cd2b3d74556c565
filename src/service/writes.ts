import { granted } from '../chubby/calls/acquire.js';
import { grantedBefore } from '../chubby/calls/acquire-all.js';
import { readLock } from '../chubby/locks.js';
import { CALL_CODES } from '../chubby/records/call-code.js';
import type { Draft } from '../chubby/draft.js';
import type { AcquireAllResult, AcquireResult, RequestResult } from '../chubby/records/request-result.js';
import { toLatin1 } from '../common/bytes.js';
import { refusal } from '../wire/errors.js';
import type { Failure } from '../wire/types.js';
import type { LockRequest } from '../chubby/calls/acquire.js';
import type { CallOf, Reply, Respond } from './call.js';
import type { Caching } from './caching.js';
import { joinCallers } from './callers.js';
import { Compute } from './compute.js';
import type { WriteCall } from './compute.js';
import { DeferredWrites } from './deferred-writes.js';
import type { Requested } from './deferred-writes.js';
import type { EventDelivery } from './event-delivery.js';
import { presentHandle } from './handle-check.js';
import { HeldAnswer } from './held-answers.js';
import { lastingRefusal, refusedResult, timeLimit } from './lasting-refusals.js';
import { allGranted, isLockResult } from './lock-grants.js';
import type { LockGrants } from './lock-grants.js';
import { pathsOf } from './lock-waits.js';
import type { LockWaits } from './lock-waits.js';
import { locksWanted } from './locks-wanted.js';
import type { LockCall } from './locks-wanted.js';
import { changesNothing } from './multi-ops.js';
import type { PendingWrite } from './pending-write.js';
import type { Proposals } from './proposals.js';
import type { Reign } from './reign.js';
import { replyOf } from './replies.js';
import { forgotten, isResultOf, numberProblem, reused } from './request-numbers.js';
import type { SessionState } from './session-state.js';
import { isFailure } from './targets.js';
import { notToOvertake } from './write-order.js';

/** Results of a session at the most, for each number of its window: nearly all take less. */
const RESULT_BYTES_PER_NUMBER = 256;
/** By so much less may a session leave behind while the database is full. */
const LESS_WHEN_FULL = 64;

/**
 * The calls that may change something: each is executed once, whatever is sent how often, and answered when what it did,
 * or what it saw, is applied. (DESIGN 3.7, 4)
 */
export class Writes {
  readonly #reign: Reign;
  readonly #compute: Compute;
  readonly #proposals: Proposals;
  readonly #waits: LockWaits;
  readonly #caching: Caching;
  readonly #events: EventDelivery;
  /** Those that wait until nobody caches what they change. */
  readonly deferred: DeferredWrites;

  constructor(
    reign: Reign,
    proposals: Proposals,
    waits: LockWaits,
    grants: LockGrants,
    caching: Caching,
    events: EventDelivery,
  ) {
    this.#reign = reign;
    this.#compute = new Compute(reign, grants);
    this.#proposals = proposals;
    this.#waits = waits;
    this.#caching = caching;
    this.deferred = new DeferredWrites(reign, caching, (requested) => this.#executeDeferred(requested));
    this.#events = events;
  }

  write(call: WriteCall, session: SessionState, respond: Respond): void {
    const malformed = numberProblem(call);
    if (malformed !== undefined) return respond({ failure: malformed });
    session.window.acknowledge(call.acknowledged);
    const forgetful = this.#reign.around.bugs.duplicateRequestAppliedTwice === true;
    if (!forgetful && this.#joins(call, session, respond)) return;
    const requested = { call, session, responds: [respond], callerUntilMs: this.#callerUntilMs(call) };
    if (!forgetful && session.window.isForgotten(call.number)) return this.#forgotten(requested);
    const known = forgetful ? undefined : this.#answeredBefore(call, session);
    if (known !== undefined) return this.#reign.answer(known, [respond]);
    const full = takesRoom(call) ? this.#reign.diskProblem() : undefined;
    if (full !== undefined) return respond({ failure: full });
    if (this.#isCrowded(call, session)) return respond({ failure: crowded(session) });
    const behind = session.deferred.size === 0 ? NONE : notToOvertake(this.#reign, call, session);
    if (behind.length > 0) {
      const overload = this.#reign.deferredOverload(session);
      return overload === undefined ? this.deferred.queue(requested, behind) : respond({ failure: overload });
    }
    this.#execute(requested);
  }

  /** A request that is under way is not executed again: it has two who wait for its answer. */
  #joins(call: WriteCall, session: SessionState, respond: Respond): boolean {
    const pending = session.writes.get(call.number);
    const waiter = pending === undefined ? this.#waits.find(session.id, call.number) : undefined;
    if (pending === undefined && waiter === undefined) return false;
    if ((pending ?? waiter)?.call !== call.name) respond({ failure: reused(call.number) });
    else if (pending !== undefined) pending.join(respond);
    else if (waiter !== undefined) joinCallers(waiter.responds, respond);
    return true;
  }

  /**
   * A request whose number the client acknowledged. Before a client is told that it will never act, every later master
   * must know it, too: by the watermark, if not by a result.
   */
  #forgotten({ call, session, responds }: Requested): void {
    const { number } = call;
    const held = isWaiting(call) ? this.#heldUnder(call, session) : undefined;
    const reply = held === undefined ? { failure: forgotten(number) } : replyOf(held);
    if (held !== undefined || !session.window.mayAct(number)) return this.#reign.answer(reply, responds);
    this.#moveWatermark(call, session, new HeldAnswer(this.#proposals.next, reply, responds));
  }

  /** The answer of a request that was executed, or cannot be yet. */
  #answeredBefore({ name, number }: WriteCall, session: SessionState): Reply | undefined {
    const { window } = session;
    if (window.isBeyond(number)) {
      const sentence = `request ${number} is more than ${this.#reign.around.limits.requestWindow} above what is acknowledged`;
      return { failure: refusal('WINDOW_EXCEEDED', sentence) };
    }
    const result = window.resultOf(this.#reign.around.cell.pending, number);
    if (result === undefined) return undefined;
    if (!isResultOf(name, result)) return { failure: reused(number) };
    if (result.call === 'open') this.#resume(session, result.handle, result.stat.revision);
    return replyOf(result);
  }

  /** An earlier master opened it, and the answer did not arrive: no Reattach can have shown it. */
  #resume(session: SessionState, bytes: Uint8Array, seenRevision: number): void {
    if (session.handles.find(toLatin1(bytes)) !== undefined) return;
    const handle = presentHandle(this.#reign, session, bytes);
    if (!isFailure(handle)) this.#events.resume(session, handle, seenRevision);
  }

  /** An Acquire may be asked for long after its number: as long as the lock is held under it, it was granted. */
  #heldUnder(call: WaitingCall, session: SessionState): AcquireResult | AcquireAllResult | undefined {
    const { cell } = this.#reign.around;
    const requests = locksWanted(this.#reign, session, call);
    if (isFailure(requests)) return undefined;
    const all = grantedBefore(cell.pending, requests);
    if (all === undefined || call.name === 'acquireAll') return all && allGranted(all);
    return granted(readLock(cell.pending, requests[0].handle.path));
  }

  /**
   * Whether the session has left so many results behind that it must acknowledge some first. What takes something away
   * may leave more, and the oldest open request is never held up: all others wait for it.
   */
  #isCrowded(call: WriteCall, session: SessionState): boolean {
    const { window } = session;
    const { limits } = this.#reign.around;
    const boundBytes = limits.requestWindow * RESULT_BYTES_PER_NUMBER * (TAKES_AWAY.has(call.name) ? 2 : 1);
    if (window.recordedBytes < boundBytes / LESS_WHEN_FULL || window.isOldest(call.number)) return false;
    const leftBytes = this.#reign.databaseFull ? boundBytes / LESS_WHEN_FULL : boundBytes;
    if (window.recordedBytes < leftBytes) return false;
    if (window.watermarkLags) this.#moveWatermark(call, session);
    return window.recordedBytes >= leftBytes;
  }

  #moveWatermark(call: WriteCall, session: SessionState, ...answers: HeldAnswer[]): void {
    const draft = this.#reign.around.cell.draft();
    session.record = session.window.moveWatermark(draft, session.record);
    this.#proposals.propose(draft, by(call, session), ...answers);
  }

  /**
   * What waited for caches, or behind something that did. Its client may have given it up meanwhile and acknowledged its
   * number: then it does not act any more; but Close, which never fails, takes nothing back that anybody could want.
   */
  #executeDeferred(requested: Requested): void {
    const { call, session, callerUntilMs } = requested;
    const { bugs, cell, clock } = this.#reign.around;
    // Nobody is left to be told of a lock, as where an Acquire waited for its holder.
    const isTooLate = isLockCall(call) && callerUntilMs <= clock.monotonicMs();
    const forgetful = bugs.duplicateRequestAppliedTwice === true;
    const isGivenUp = call.name !== 'close' && !forgetful && session.window.isForgotten(call.number);
    if (isGivenUp) this.#forgotten(requested);
    else if (isTooLate) this.#record(requested, cell.draft(), timeLimit(call.number));
    else this.#execute(requested);
  }

  #execute(requested: Requested): void {
    const { call, session, responds } = requested;
    const { cell } = this.#reign.around;
    const draft = cell.draft();
    const result = this.#compute.compute(call, session, draft);
    if ('code' in result) {
      const lasting = lastingRefusal(result);
      if (lasting === undefined) return this.#reign.answer({ failure: result }, responds);
      return this.#record(requested, cell.draft(), lasting);
    }
    if (isLockCall(call) && isLockResult(result) && !result.granted) {
      this.#tellHolders(call, session);
      if (isWaiting(call)) return this.#wait(call, requested);
    }
    if (this.#caching.blocks(draft.changes)) {
      if (!isWaiting(call)) return this.#defer(requested, draft);
      // The locks are free: he waits for the caches of their generations as others wait for a holder.
      this.#wait(call, requested);
      return this.#proposals.handOn(draft.changes.map(({ path }) => path));
    }
    const sentHome = this.#sendHome(draft);
    if (draft.isEmpty && sentHome.length === 0 && !couldChange(call)) {
      draft.takeEffect();
      return this.#reign.answer(replyOf(result), responds);
    }
    this.#record(requested, draft, result, sentHome);
  }

  #defer(requested: Requested, { changes }: Draft): void {
    const overload = this.#reign.deferredOverload(requested.session);
    if (overload === undefined) return this.deferred.defer(requested, changes);
    for (const respond of requested.responds) respond({ failure: overload });
  }

  /**
   * Proposes what the request does, with its answer under its number. A request that could have changed something
   * leaves its answer even where it changed nothing: or a copy of it that was held up on the way, by an earlier
   * connection say, would act after its client was told that it did not.
   */
  #record(
    { call, session, responds, callerUntilMs }: Requested,
    draft: Draft,
    result: RequestResult,
    others: readonly PendingWrite[] = NONE,
  ): void {
    const { name, number } = call;
    const asked = { session, number, responds, callerUntilMs };
    const answer = this.#proposals.answer(draft, name, asked, result);
    session.record = session.window.moveWatermarkIfFar(draft, session.record);
    this.#proposals.propose(draft, by(call, session), ...others, answer);
  }

  /** Nobody waits any more through a handle that the draft closes, and no copy of his Acquire will. */
  #sendHome(draft: Draft): readonly PendingWrite[] {
    const handle = draft.closedHandle;
    if (handle === undefined) return NONE;
    const waiters = this.#waits.withdrawAllThrough(handle);
    for (const waiter of waiters) for (const path of pathsOf(waiter)) draft.releasedLocks.push(path);
    return waiters.map((waiter) => this.#proposals.answer(draft, waiter.call, waiter, CLOSED_WHILE_IT_WAITED));
  }

  #tellHolders(call: LockCall, session: SessionState): void {
    if (this.#reign.subscriptions.size === 0) return;
    const locks = locksWanted(this.#reign, session, call);
    if (isFailure(locks)) return;
    for (const { handle, mode } of locks) this.#events.lockWanted(handle.path, mode);
  }

  /** The locks are not to be had at once: the request goes to the end of their lines. */
  #wait(call: WaitingCall, { session, responds, callerUntilMs }: Requested): void {
    const { clock } = this.#reign.around;
    const locks = locksWanted(this.#reign, session, call);
    if (isFailure(locks)) return this.#reign.answer({ failure: locks }, responds);
    const crowd = this.#crowdFor(session, locks);
    if (crowd !== undefined) {
      for (const respond of responds) respond({ failure: crowd });
      return;
    }
    const { waitMs } = call.request;
    const sinceMs = clock.monotonicMs();
    const waitUntilMs = waitMs === 0 ? Infinity : sinceMs + waitMs;
    const ends = { sinceMs, waitUntilMs, callerUntilMs };
    this.#waits.enqueue({ session, call: call.name, number: call.number, locks, responds, ...ends });
  }

  /** Why nobody more may wait for these locks. */
  #crowdFor({ id }: SessionState, locks: readonly LockRequest[]): Failure | undefined {
    const { waiters, waitersPerLock, waitersPerSession } = this.#reign.around.limits;
    if (this.#waits.size + locks.length > waiters) {
      return refusal('LIMIT_WAITERS', `${this.#waits.size} places in line are taken`);
    }
    const own = this.#waits.placesOf(id);
    if (own + locks.length > waitersPerSession) {
      return refusal('LIMIT_WAITERS', `the session has ${own} places in line`);
    }
    const longest = Math.max(...locks.map(({ handle }) => this.#waits.sizeOf(handle.path)));
    return longest < waitersPerLock ? undefined : refusal('LIMIT_WAITERS', `${longest} wait for this lock`);
  }

  #callerUntilMs({ timeLimitMs }: WriteCall): number {
    return timeLimitMs === 0 ? Infinity : this.#reign.around.clock.monotonicMs() + timeLimitMs;
  }
}

/** A request that waits where it cannot be granted at once. */
type WaitingCall = CallOf<'acquire'> | CallOf<'acquireAll'>;

const isLockCall = (call: WriteCall): call is LockCall =>
  call.name === 'acquire' || call.name === 'tryAcquire' || call.name === 'acquireAll';

const isWaiting = (call: WriteCall): call is WaitingCall =>
  call.name === 'acquire' || (call.name === 'acquireAll' && !call.request.atOnce);

const NONE: readonly [] = [];

const CLOSED_WHILE_IT_WAITED = refusedResult('HANDLE_CLOSED', 'the handle was closed while its Acquire waited');

const TAKES_AWAY: ReadonlySet<string> = new Set<WriteCall['name']>(['close', 'delete', 'release']);

/** Whether the request, in some other state, would have changed something. */
const couldChange = (call: WriteCall): boolean =>
  call.name !== 'close' &&
  call.name !== 'setSequencer' &&
  !(call.name === 'open' && call.request.create === 'CREATE_MODE_NEVER') &&
  !(call.name === 'multiOp' && changesNothing(call.request));

/** Whether what the request does, or its answer, would stay on the disks. */
const takesRoom = (call: WriteCall): boolean => couldChange(call) && !TAKES_AWAY.has(call.name);

/** The principal is that by which access is judged: whoever has the session's secret acts for it. */
const by = ({ name }: WriteCall, { shownId, record }: SessionState) => ({
  sessionId: shownId,
  principal: record.principal,
  call: CALL_CODES[name],
});

const crowded = ({ window }: SessionState): Failure =>
  refusal('WINDOW_EXCEEDED', `${window.recordedBytes} bytes of the session's answers are not acknowledged`);
