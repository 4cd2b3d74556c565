import type { CallContext } from '../chubby/call-context.js';
import type { LockRequest } from '../chubby/calls/acquire.js';
import { Deadlines } from '../chubby/deadlines.js';
import type { Handle } from '../chubby/handle.js';
import { LockQueues } from '../chubby/lock-queue.js';
import type { Served } from '../chubby/lock-queue.js';
import type { SessionId } from '../chubby/records/ids.js';
import type { LockMode } from '../chubby/records/lock.js';
import type { NodePath } from '../chubby/records/node-path.js';
import type { Respond } from './call.js';
import type { PendingGrant } from './pending-write.js';
import type { SessionState } from './session-state.js';

/** An Acquire that waits. It lives as long as its session; whoever asks again under its number joins it. */
export interface Waiter extends LockRequest {
  readonly session: SessionState;
  readonly handle: Handle;
  readonly number: number;
  readonly mode: LockMode;
  readonly responds: Respond[];
  /** When the wait ends that the request asked for; infinite for never. */
  readonly waitUntilMs: number;
  /** When its caller stops waiting for any answer; infinite for never. */
  readonly callerUntilMs: number;
}

/** The waiting Acquires of the reign, with the ends of their waits. */
export class LockWaits {
  /** Grants that are not applied yet, by when their callers stop waiting. */
  readonly grants = new Deadlines<PendingGrant>();
  readonly #queues = new LockQueues<Waiter>();
  readonly #ends = new Deadlines<Waiter>();

  get size(): number {
    return this.#queues.size;
  }

  sizeOf(path: NodePath): number {
    return this.#queues.sizeOf(path);
  }

  find(session: SessionId, number: number): Waiter | undefined {
    return this.#queues.find(session, number);
  }

  enqueue(waiter: Waiter): void {
    this.#queues.enqueue(waiter);
    const untilMs = Math.min(waiter.waitUntilMs, waiter.callerUntilMs);
    if (untilMs !== Infinity) this.#ends.set(waiter, untilMs);
  }

  withdraw(waiter: Waiter): void {
    this.#queues.remove(waiter);
    this.#ends.clear(waiter);
  }

  /** Grants a lock as far as it is free. */
  serve(context: CallContext, path: NodePath): Served<Waiter>[] {
    const served = this.#queues.serve(context, path);
    for (const { waiter } of served) this.#ends.clear(waiter);
    return served;
  }

  withdrawAllFor(path: NodePath): Waiter[] {
    return this.#withdrawAll(this.#queues.waitingFor(path), () => true);
  }

  withdrawAllIn(session: SessionId): Waiter[] {
    return this.#withdrawAll(this.#queues.waitingIn(session), () => true);
  }

  withdrawAllThrough({ sessionId, handleId, path }: Handle): Waiter[] {
    return this.#withdrawAll(
      this.#queues.waitingIn(sessionId),
      ({ handle }) => handle.handleId === handleId && handle.path === path,
    );
  }

  /** When the next wait ends, or the caller of a grant stops waiting. */
  next(): number {
    return Math.min(this.#ends.next(), this.grants.next());
  }

  /** Takes out one waiter whose wait is over. */
  takeOver(nowMs: number): Waiter | undefined {
    const waiter = this.#ends.takeDue(nowMs);
    if (waiter !== undefined) this.#queues.remove(waiter);
    return waiter;
  }

  /** Takes out everybody: the reign is over. */
  takeAll(): Waiter[] {
    const waiters = [...this.#queues];
    this.#queues.clear();
    this.#ends.clearAll();
    return waiters;
  }

  #withdrawAll(waiting: Iterable<Waiter>, which: (waiter: Waiter) => boolean): Waiter[] {
    const withdrawn = [...waiting].filter(which);
    for (const waiter of withdrawn) this.withdraw(waiter);
    return withdrawn;
  }
}
