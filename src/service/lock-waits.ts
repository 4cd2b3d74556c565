import { Deadlines } from '../chubby/deadlines.js';
import type { Handle } from '../chubby/handle.js';
import { LockQueues } from '../chubby/lock-queue.js';
import type { LocksWanted, Served } from '../chubby/lock-queue.js';
import type { SessionId } from '../chubby/records/ids.js';
import type { NodePath } from '../chubby/records/node-path.js';
import type { Respond } from './call.js';
import type { PendingGrant } from './pending-write.js';
import type { SessionState } from './session-state.js';

/** The calls that wait for locks. */
export type WaitingCall = 'acquire' | 'acquireAll';

/** A request that waits for locks. It lives as long as its session; whoever asks again under its number joins it. */
export interface Waiter extends LocksWanted {
  readonly session: SessionState;
  readonly call: WaitingCall;
  readonly responds: Respond[];
  /** Since when it waits. */
  readonly sinceMs: number;
  /** When the wait ends that the request asked for; infinite for never. */
  readonly waitUntilMs: number;
  /** When its caller stops waiting for any answer; infinite for never. */
  readonly callerUntilMs: number;
}

/** The locks that it waits for. */
export const pathsOf = ({ locks }: LocksWanted): NodePath[] => locks.map(({ handle }) => handle.path);

/** The waiting Acquires of the reign, with the ends of their waits. */
export class LockWaits {
  /** Grants that are not applied yet, by when their callers stop waiting. */
  readonly grants = new Deadlines<PendingGrant>();
  readonly #queues = new LockQueues<Waiter>();
  readonly #ends = new Deadlines<Waiter>();

  /** Places in the lines of all locks. */
  get size(): number {
    return this.#queues.size;
  }

  sizeOf(path: NodePath): number {
    return this.#queues.sizeOf(path);
  }

  find(session: SessionId, number: number): Waiter | undefined {
    return this.#queues.find(session, number);
  }

  /** Waiting requests of the session. */
  countIn(session: SessionId): number {
    return this.#queues.countIn(session);
  }

  /** Places that the session has in all lines. */
  placesOf(session: SessionId): number {
    return this.#queues.placesOf(session);
  }

  /** The locks that somebody waits for. */
  paths(): Iterable<NodePath> {
    return this.#queues.paths();
  }

  /** Waiters for a lock, first come first. */
  waitingFor(path: NodePath): Iterable<Waiter> {
    return this.#queues.waitingFor(path);
  }

  waitingIn(session: SessionId): Iterable<Waiter> {
    return this.#queues.waitingIn(session);
  }

  isFirst(waiter: Waiter, path: NodePath): boolean {
    return this.#queues.isFirst(waiter, path);
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

  /** As {@link LockQueues.serve}. */
  serve<Outcome>(paths: Set<NodePath>, serve: (waiter: Waiter) => Outcome | undefined): Served<Waiter, Outcome>[] {
    const served = this.#queues.serve(paths, serve);
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
    return this.#withdrawAll(this.#queues.waitingIn(sessionId), ({ locks }) =>
      locks.some(({ handle }) => handle.handleId === handleId && handle.path === path),
    );
  }

  /** When the next wait ends, or the caller of a grant stops waiting. */
  next(): number {
    return Math.min(this.#ends.next(), this.grants.next());
  }

  /** One waiter whose wait is over, to be withdrawn. */
  takeOver(nowMs: number): Waiter | undefined {
    return this.#ends.takeDue(nowMs);
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
