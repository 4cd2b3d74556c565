import type { LockRequest } from './calls/acquire.js';
import type { SessionId } from './records/ids.js';
import type { NodePath } from './records/node-path.js';

/** Who waits: for one lock, or for several that are to be had together or not at all. */
export interface LocksWanted {
  /** The request's number in its session. */
  readonly number: number;
  /** Of one session, each of another node. */
  readonly locks: readonly [LockRequest, ...LockRequest[]];
}

/** A waiter whose wait is over, and what it came to. */
export interface Served<W, Outcome> {
  readonly waiter: W;
  readonly outcome: Outcome;
}

/** Locks granted by one value, unless a single request wants more: keeps it small when many share. */
const GRANTS_PER_VALUE = 64;

/**
 * Who waits for which lock, first come first served, in the master's memory. A waiter belongs to its session, which
 * finds it by the number of its request whatever became of the connection. (DESIGN 5)
 *
 * Whoever wants several locks stands in the line of each, and all lines keep the one order in which everybody came. He
 * is served when he is first in all his lines and every lock is to be had; while he is first in one, nobody behind him
 * gets that lock, free or not. So nobody is overtaken, and waiters never wait for one another in a circle: the oldest
 * of all is first everywhere.
 */
export class LockQueues<W extends LocksWanted> {
  readonly #byPath = new Map<NodePath, Set<W>>();
  readonly #bySession = new Map<SessionId, Map<number, W>>();
  #size = 0;

  /** Places in all lines. */
  get size(): number {
    return this.#size;
  }

  /** Everybody. */
  *[Symbol.iterator](): Generator<W> {
    for (const ofSession of this.#bySession.values()) yield* ofSession.values();
  }

  /** The locks that somebody waits for. */
  paths(): Iterable<NodePath> {
    return this.#byPath.keys();
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

  /** Waiting requests of the session. */
  countIn(session: SessionId): number {
    return this.#bySession.get(session)?.size ?? 0;
  }

  /** Places that the session has in all lines. */
  placesOf(session: SessionId): number {
    let places = 0;
    for (const { locks } of this.waitingIn(session)) places += locks.length;
    return places;
  }

  find(session: SessionId, number: number): W | undefined {
    return this.#bySession.get(session)?.get(number);
  }

  isFirst(waiter: W, path: NodePath): boolean {
    return this.#firstFor(path) === waiter;
  }

  enqueue(waiter: W): void {
    for (const { handle } of waiter.locks) {
      const queue = this.#byPath.get(handle.path);
      if (queue === undefined) this.#byPath.set(handle.path, new Set([waiter]));
      else queue.add(waiter);
    }
    const { sessionId } = waiter.locks[0].handle;
    const ofSession = this.#bySession.get(sessionId);
    if (ofSession === undefined) this.#bySession.set(sessionId, new Map([[waiter.number, waiter]]));
    else ofSession.set(waiter.number, waiter);
    this.#size += waiter.locks.length;
  }

  /** Takes the waiter, who is waiting, out of all lines. */
  remove(waiter: W): void {
    for (const { handle } of waiter.locks) {
      const queue = this.#byPath.get(handle.path);
      queue?.delete(waiter);
      if (queue?.size === 0) this.#byPath.delete(handle.path);
    }
    const { sessionId } = waiter.locks[0].handle;
    const ofSession = this.#bySession.get(sessionId);
    ofSession?.delete(waiter.number);
    if (ofSession?.size === 0) this.#bySession.delete(sessionId);
    this.#size -= waiter.locks.length;
  }

  clear(): void {
    this.#byPath.clear();
    this.#bySession.clear();
    this.#size = 0;
  }

  /**
   * Serves those whose turn has come, as many as go into one value, so that a lock is handed on by one. Who is served
   * leaves all his lines, and those behind him may be next.
   *
   * @param paths locks that became free, or whose lines got shorter; taken out as they are done with
   * @param serve what a waiter comes to whose turn it is; nothing while one of his locks is not to be had
   */
  serve<Outcome>(paths: Set<NodePath>, serve: (waiter: W) => Outcome | undefined): Served<W, Outcome>[] {
    const served: Served<W, Outcome>[] = [];
    let grants = 0;
    for (const path of paths) {
      for (let first = this.#firstFor(path); first !== undefined; first = this.#firstFor(path)) {
        if (!this.#isFirstEverywhere(first)) break;
        if (grants > 0 && grants + first.locks.length > GRANTS_PER_VALUE) return served;
        const outcome = serve(first);
        if (outcome === undefined) break;
        served.push({ waiter: first, outcome });
        grants += first.locks.length;
        this.remove(first);
        for (const { handle } of first.locks) paths.add(handle.path);
      }
      paths.delete(path);
    }
    return served;
  }

  #firstFor(path: NodePath): W | undefined {
    return this.#byPath.get(path)?.values().next().value;
  }

  #isFirstEverywhere(waiter: W): boolean {
    return waiter.locks.every(({ handle }) => this.isFirst(waiter, handle.path));
  }
}
