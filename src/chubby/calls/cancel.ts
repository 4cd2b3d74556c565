import type { Draft } from '../draft.js';
import { holderOf, readLock, releaseLock } from '../locks.js';
import { decodeLockHolding } from '../records/holding.js';
import type { SessionId } from '../records/ids.js';
import { handleIdOfHoldingKey, lockHoldingsOf } from '../records/keys.js';
import type { AcquireResult } from '../records/request-result.js';
import { inTheWay } from './acquire.js';

/**
 * Takes back the grant of an Acquire that its session gave up: the lock is released.
 *
 * @returns what the Acquire comes to then, or nothing where the session holds no lock by it
 */
export function takeGrantBack(draft: Draft, sessionId: SessionId, acquireNumber: number): AcquireResult | undefined {
  for (const { key, value } of draft.rangeBefore(lockHoldingsOf(sessionId))) {
    const holding = decodeLockHolding(value);
    if (holding.acquireNumber !== acquireNumber) continue;
    const lock = readLock(draft, holding.path);
    const holder = holderOf(lock, sessionId, handleIdOfHoldingKey(key));
    if (holder === undefined) return undefined;
    releaseLock(draft, holding.path, lock, holder);
    return inTheWay(readLock(draft, holding.path), 0);
  }
  return undefined;
}
