import type { CallContext } from './call-context.js';
import { tryLock } from './calls/acquire.js';
import type { LockRequest } from './calls/acquire.js';
import type { SessionId } from './records/ids.js';
import type { NodePath } from './records/node-path.js';
import type { AcquireResult } from './records/request-result.js';
import { Refusal } from './refusal.js';

/** A waiter whose wait is over: it has the lock, or cannot have it any more. */
export interface Served<W> {
  readonly waiter: W;
  readonly outcome: AcquireResult | Refusal;
}

/** Grants of one value: keeps it small when many share. */
const GRANTS_PER_VALUE = 64;

/**
 * Who waits for which lock, first come first served, in the master's memory. A waiter belongs to its session, which
 * finds it by the number of its Acquire whatever became of the connection. (DESIGN 5)
 */
export class LockQueues<W extends LockRequest> {
  readonly #byPath = new Map<NodePath, Set<W>>();
  readonly #bySession = new Map<SessionId, Map<number, W>>();
  #size = 0;

  /** Waiters of all locks. */
  get size(): number {
    return this.#size;
  }

  /** Everybody, lock by lock. */
  *[Symbol.iterator](): Generator<W> {
    for (const queue of this.#byPath.values()) yield* queue;
  }

  sizeOf(path: NodePath): number {
    return this.#byPath.get(path)?.size ?? 0;
  }

  /** Waiters for a lock, first come first. */
  waitingFor(path: NodePath): Iterable<W> {
    return this.#byPath.get(path) ?? [];
  }

  waitingIn(session: SessionId): Iterable<W> {
    return this.#bySession.get(session)?.values() ?? [];
  }

  find(session: SessionId, number: number): W | undefined {
    return this.#bySession.get(session)?.get(number);
  }

  enqueue(waiter: W): void {
    const { path, sessionId } = waiter.handle;
    const queue = this.#byPath.get(path);
    if (queue === undefined) this.#byPath.set(path, new Set([waiter]));
    else queue.add(waiter);
    const ofSession = this.#bySession.get(sessionId);
    if (ofSession === undefined) this.#bySession.set(sessionId, new Map([[waiter.number, waiter]]));
    else ofSession.set(waiter.number, waiter);
    this.#size++;
  }

  /** @returns whether it was waiting */
  remove(waiter: W): boolean {
    const { path, sessionId } = waiter.handle;
    const queue = this.#byPath.get(path);
    if (queue === undefined || !queue.delete(waiter)) return false;
    if (queue.size === 0) this.#byPath.delete(path);
    const ofSession = this.#bySession.get(sessionId);
    ofSession?.delete(waiter.number);
    if (ofSession?.size === 0) this.#bySession.delete(sessionId);
    this.#size--;
    return true;
  }

  clear(): void {
    this.#byPath.clear();
    this.#bySession.clear();
    this.#size = 0;
  }

  /**
   * Grants the lock to the first waiter, and to those behind it that can share it with him, as far as it is free; all
   * of it in the one draft, so that a lock is handed on by one value. Who is served leaves the queue.
   */
  serve(context: CallContext, path: NodePath): Served<W>[] {
    const served: Served<W>[] = [];
    for (const waiter of this.waitingFor(path)) {
      if (served.length === GRANTS_PER_VALUE) break;
      const outcome = tryLock(context, waiter, true, 0);
      if (!(outcome instanceof Refusal) && !outcome.granted) break;
      served.push({ waiter, outcome });
      this.remove(waiter);
    }
    return served;
  }
}
