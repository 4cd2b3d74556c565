import type { Lookup } from './draft.js';
import type { Handle, LockClaim } from './handle.js';
import { holderOf, readLock } from './locks.js';
import { showPath } from './records/node-path.js';
import { Refusal } from './refusal.js';
import { instanceOf } from './target.js';

/** What a sequencer says of the lock that the handle holds; the wire adds cell, key and signature. ([CH] 2.4) */
export function claimOf(view: Lookup, handle: Handle): LockClaim | Refusal {
  const node = instanceOf(view, handle);
  if (node instanceof Refusal) return node;
  const lock = readLock(view, handle.path);
  if (holderOf(lock, handle.sessionId, handle.handleId) === undefined) {
    return new Refusal('LOCK_NOT_HELD', `the handle does not hold the lock of ${showPath(handle.path)}`);
  }
  const { generation: lockGeneration, mode } = lock;
  return { path: handle.path, instanceNumber: node.instanceNumber, lockGeneration, mode };
}

/** What one sequencer says of the locks that all these handles hold, each of another node. */
export function claimsOf(view: Lookup, handles: readonly Handle[]): LockClaim[] | Refusal {
  const claims: LockClaim[] = [];
  for (const handle of handles) {
    if (claims.some(({ path }) => path === handle.path)) {
      return new Refusal('MALFORMED_REQUEST', `two of the handles are on ${showPath(handle.path)}`);
    }
    const claim = claimOf(view, handle);
    if (claim instanceof Refusal) return claim;
    claims.push(claim);
  }
  return claims;
}
