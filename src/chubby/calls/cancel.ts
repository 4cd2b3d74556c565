import type { Draft } from '../draft.js';
import { holderOf, readLock, releaseLock } from '../locks.js';
import { decodeLockHolding } from '../records/holding.js';
import type { SessionId } from '../records/ids.js';
import { handleIdOfHoldingKey, lockHoldingsOf } from '../records/keys.js';

/**
 * Takes back the grant of an Acquire, or AcquireAll, that its session gave up: its locks are released, as far as they
 * are still held.
 *
 * @returns whether there was anything to release
 */
export function takeGrantBack(draft: Draft, sessionId: SessionId, acquireNumber: number): boolean {
  let released = false;
  for (const { key, value } of draft.rangeBefore(lockHoldingsOf(sessionId))) {
    const holding = decodeLockHolding(value);
    if (holding.acquireNumber !== acquireNumber) continue;
    const lock = readLock(draft, holding.path);
    const holder = holderOf(lock, sessionId, handleIdOfHoldingKey(key));
    if (holder === undefined) continue;
    releaseLock(draft, holding.path, lock, holder);
    released = true;
  }
  return released;
}
