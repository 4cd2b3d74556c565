import type { Draft } from '../draft.js';
import { holderOf, readLock, releaseLock } from '../locks.js';
import { decodeLockHolding } from '../records/holding.js';
import type { SessionId } from '../records/ids.js';
import { handleIdOfHoldingKey, lockHoldingsOf, resultKey } from '../records/keys.js';
import { encodeResult } from '../records/request-result.js';
import { inTheWay } from './acquire.js';

/**
 * Takes back the grant of an Acquire that its session gave up: the lock is released, and a retry of the Acquire is
 * answered "not granted" from here on.
 *
 * @returns whether there was such a grant
 */
export function cancelGrant(draft: Draft, sessionId: SessionId, acquireNumber: number): boolean {
  for (const { key, value } of draft.rangeBefore(lockHoldingsOf(sessionId))) {
    const holding = decodeLockHolding(value);
    if (holding.acquireNumber !== acquireNumber) continue;
    const lock = readLock(draft, holding.path);
    const holder = holderOf(lock, sessionId, handleIdOfHoldingKey(key));
    if (holder === undefined) return false;
    releaseLock(draft, holding.path, lock, holder);
    const recorded = resultKey(sessionId, acquireNumber);
    if (draft.get(recorded) !== undefined) {
      draft.put(recorded, encodeResult(inTheWay(readLock(draft, holding.path), 0)));
    }
    return true;
  }
  return false;
}
