import type { CallContext } from '../call-context.js';
import type { Lookup } from '../draft.js';
import { admits, holderOf, readLock } from '../locks.js';
import type { SessionId } from '../records/ids.js';
import { showPath } from '../records/node-path.js';
import type { NodePath } from '../records/node-path.js';
import { Refusal } from '../refusal.js';
import { heldAlready, lockProblem, takeLock } from './acquire.js';
import type { LockRequest } from './acquire.js';

/** What the master's memory knows of locks beside the database. */
export interface LockSurroundings {
  /** Whether others wait for the lock: fairness puts this request behind them. */
  isQueued(path: NodePath): boolean;
  /** How long the lock is still held back for an expired session. */
  delayLeftMs(path: NodePath): number;
}

/** The lock that keeps a request for several from being granted: one that is held, or that others wait for. */
export interface BusyLock {
  readonly path: NodePath;
  /** One of the sessions in the way. */
  readonly holder: SessionId | undefined;
  readonly lockDelayLeftMs: number;
}

/** The generations of all locks, in the order of the request. */
export interface AllGranted {
  readonly lockGenerations: readonly number[];
}

/**
 * Takes several locks, each of another node, if all can be had at once; else none.
 *
 * @returns LOCK_HELD_ALREADY where one of the handles holds its lock, as the problems of a single Acquire
 */
export function tryLocks(
  context: CallContext,
  requests: readonly LockRequest[],
  around: LockSurroundings,
): AllGranted | BusyLock | Refusal {
  const { draft } = context;
  const problem = locksProblem(context, requests);
  if (problem !== undefined) return problem;
  const before = grantedBefore(draft, requests);
  if (before !== undefined) return before;
  for (const { handle, mode } of requests) {
    const lock = readLock(draft, handle.path);
    if (holderOf(lock, handle.sessionId, handle.handleId) !== undefined) return heldAlready(handle.path, lock, mode);
  }
  const busy = busyLock(context, requests, around);
  if (busy !== undefined) return busy;
  return { lockGenerations: requests.map((request) => takeLock(context, request).generation) };
}

/** The first of the locks that is in the way. */
export function busyLock(
  { draft, bounds }: CallContext,
  requests: readonly LockRequest[],
  around: LockSurroundings,
): BusyLock | undefined {
  for (const { handle, mode } of requests) {
    const { path } = handle;
    const lock = readLock(draft, path);
    if (admits(lock, mode, bounds.sharersPerLock) && !around.isQueued(path)) continue;
    return { path, holder: lock.holders[0]?.sessionId, lockDelayLeftMs: around.delayLeftMs(path) };
  }
  return undefined;
}

/** What the request was granted under its number, as long as every handle holds its lock by it. */
export function grantedBefore(view: Lookup, requests: readonly LockRequest[]): AllGranted | undefined {
  const lockGenerations: number[] = [];
  for (const { handle, number } of requests) {
    const lock = readLock(view, handle.path);
    if (holderOf(lock, handle.sessionId, handle.handleId)?.acquireNumber !== number) return undefined;
    lockGenerations.push(lock.generation);
  }
  return { lockGenerations };
}

function locksProblem(context: CallContext, requests: readonly LockRequest[]): Refusal | undefined {
  const paths = new Set<NodePath>();
  for (const { handle } of requests) {
    if (paths.has(handle.path)) {
      return new Refusal('MALFORMED_REQUEST', `locks: ${showPath(handle.path)} is named twice`);
    }
    paths.add(handle.path);
    const problem = lockProblem(context, handle);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
