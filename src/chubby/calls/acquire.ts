import type { CallContext } from '../call-context.js';
import type { Handle } from '../handle.js';
import { admits, grantLock, holderOf, readLock } from '../locks.js';
import type { LockMode, LockRecord } from '../records/lock.js';
import { showPath } from '../records/node-path.js';
import type { NodePath } from '../records/node-path.js';
import type { AcquireResult } from '../records/request-result.js';
import { Refusal } from '../refusal.js';
import { instanceOf } from '../target.js';

/** One request for a lock: an Acquire, a TryAcquire, or a waiting Acquire whose turn has come. */
export interface LockRequest {
  readonly handle: Handle;
  /** The request's number in its session. */
  readonly number: number;
  readonly mode: LockMode;
}

/**
 * Takes the lock if it can be had at once. ([CH] 2.4)
 *
 * @param mayOvertake false while others wait for the lock: fairness puts this request behind them
 * @param lockDelayLeftMs how long the lock is still held back for an expired session
 * @returns the answer, granted or not
 */
export function tryLock(
  context: CallContext,
  { handle, number, mode }: LockRequest,
  mayOvertake: boolean,
  lockDelayLeftMs: number,
): AcquireResult | Refusal {
  const { draft, bounds } = context;
  const { path, sessionId, handleId } = handle;
  const problem = lockProblem(context, handle);
  if (problem !== undefined) return problem;
  const lock = readLock(draft, path);
  const own = holderOf(lock, sessionId, handleId);
  if (own !== undefined) {
    if (own.acquireNumber === number) return granted(lock);
    return heldAlready(path, lock, mode);
  }
  if (!mayOvertake || !admits(lock, mode, bounds.sharersPerLock)) return inTheWay(lock, lockDelayLeftMs);
  return granted(takeLock(context, { handle, number, mode }));
}

/** Gives the lock, which admits it, to the request. */
export function takeLock({ draft, wallMs }: CallContext, { handle, number, mode }: LockRequest): LockRecord {
  const { path, sessionId, handleId, lockDelayMs } = handle;
  const holder = { sessionId, handleId, acquireNumber: number, lockDelayMs, acquiredWallMs: wallMs, heldBack: false };
  return grantLock(draft, path, readLock(draft, path), mode, holder);
}

/** A handle holds its lock once, and in one mode: an upgrade in place would deadlock two who share. */
export function heldAlready(path: NodePath, lock: LockRecord, wanted: LockMode): Refusal {
  const held = `the handle holds the lock of ${showPath(path)} in mode ${lock.mode}`;
  const change = wanted === lock.mode ? '' : `: to hold it in mode ${wanted}, release it and acquire it anew`;
  return new Refusal('LOCK_HELD_ALREADY', held + change);
}

/** Both modes need a handle opened to write, so that nobody who may only read can hinder a writer ([CH] 2.4). */
export function lockProblem({ draft }: CallContext, handle: Handle): Refusal | undefined {
  const node = instanceOf(draft, handle);
  if (node instanceof Refusal) return node;
  if (handle.mode.write) return undefined;
  return new Refusal('MODE_FORBIDS', `the handle on ${showPath(handle.path)} was not opened to write`);
}

/** The answer to whoever has the lock. */
export const granted = (lock: LockRecord): AcquireResult => ({
  call: 'acquire',
  granted: true,
  lockGeneration: lock.generation,
  holder: undefined,
  lockDelayLeftMs: 0,
});

/** The answer to whoever does not get the lock, in the state of the lock at the end of the wait. */
export const inTheWay = (lock: LockRecord, lockDelayLeftMs: number): AcquireResult => ({
  call: 'acquire',
  granted: false,
  lockGeneration: 0,
  holder: lock.holders[0]?.sessionId,
  lockDelayLeftMs,
});
