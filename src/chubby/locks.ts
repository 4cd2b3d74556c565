import type { Draft, Lookup } from './draft.js';
import { encodeCounter } from './records/counter.js';
import { encodeLockHolding } from './records/holding.js';
import type { SessionId } from './records/ids.js';
import { heldBackKey, lockHoldingKey, lockKey } from './records/keys.js';
import { decodeLock, encodeLock, NEVER_LOCKED } from './records/lock.js';
import type { LockHolder, LockMode, LockRecord } from './records/lock.js';
import type { NodePath } from './records/node-path.js';

// What happens to a lock, whichever call or session's end makes it happen. ([CH] 2.4, DESIGN 5)

export function readLock(view: Lookup, path: NodePath): LockRecord {
  const stored = view.get(lockKey(path));
  return stored === undefined ? NEVER_LOCKED : decodeLock(stored);
}

/** Whether one more may hold the lock in this mode: it is free, or shared by few enough and to be shared. */
export const admits = (lock: LockRecord, mode: LockMode, sharersPerLock: number): boolean =>
  lock.holders.length === 0 || (mode === 'shared' && lock.mode === 'shared' && lock.holders.length < sharersPerLock);

/** The handle's own hold on the lock; what is held back for an expired session is nobody's. */
export const holderOf = (lock: LockRecord, sessionId: SessionId, handleId: number): LockHolder | undefined =>
  lock.holders.find((holder) => holder.sessionId === sessionId && holder.handleId === handleId && !holder.heldBack);

/** Lets one more hold the lock, which {@link admits} it. The generation grows when it was free. */
export function grantLock(
  draft: Draft,
  path: NodePath,
  lock: LockRecord,
  mode: LockMode,
  holder: LockHolder,
): LockRecord {
  const wasFree = lock.holders.length === 0;
  const generation = wasFree ? lock.generation + 1 : lock.generation;
  const granted = { generation, mode, holders: [...lock.holders, holder] };
  draft.put(lockKey(path), encodeLock(granted));
  draft.put(
    lockHoldingKey(holder.sessionId, holder.handleId),
    encodeLockHolding({ path, acquireNumber: holder.acquireNumber }),
  );
  if (wasFree) draft.changes.push({ kind: 'locked', path });
  return granted;
}

/** Ends a hold at once: by Release, Close or CloseSession. */
export function releaseLock(draft: Draft, path: NodePath, lock: LockRecord, holder: LockHolder): void {
  const holders = lock.holders.filter((other) => other !== holder);
  draft.put(lockKey(path), encodeLock({ ...lock, holders }));
  draft.remove(lockHoldingKey(holder.sessionId, holder.handleId));
  draft.releasedLocks.push(path);
}

/** Ends the hold of an expired session: nobody else may have the lock until its delay is over. */
export function holdBackLock(draft: Draft, path: NodePath, lock: LockRecord, holder: LockHolder): void {
  const holders = lock.holders.map((other) => (other === holder ? { ...other, heldBack: true } : other));
  draft.put(lockKey(path), encodeLock({ ...lock, holders }));
  draft.put(heldBackKey(path), encodeCounter(longestDelayMs(holders)));
  draft.remove(lockHoldingKey(holder.sessionId, holder.handleId));
  draft.heldBackLocks.push({ path, delayMs: holder.lockDelayMs });
}

/** The delay is over: the lock is no longer held back for anybody. */
export function endLockDelay(draft: Draft, path: NodePath): void {
  const lock = readLock(draft, path);
  draft.put(lockKey(path), encodeLock({ ...lock, holders: lock.holders.filter((holder) => !holder.heldBack) }));
  draft.remove(heldBackKey(path));
  draft.releasedLocks.push(path);
}

/**
 * The node is deleted, and its lock with it: whoever held it holds nothing.
 *
 * @returns who held it
 */
export function removeLock(draft: Draft, path: NodePath): readonly LockHolder[] {
  const lock = readLock(draft, path);
  if (lock === NEVER_LOCKED) return lock.holders;
  for (const holder of lock.holders) {
    if (holder.heldBack) draft.remove(heldBackKey(path));
    else draft.remove(lockHoldingKey(holder.sessionId, holder.handleId));
  }
  draft.remove(lockKey(path));
  return lock.holders.filter((holder) => !holder.heldBack);
}

const longestDelayMs = (holders: readonly LockHolder[]): number =>
  holders.reduce((longest, holder) => (holder.heldBack ? Math.max(longest, holder.lockDelayMs) : longest), 0);
