import type { Lookup } from './draft.js';
import type { LockClaim } from './handle.js';
import { readLock } from './locks.js';
import { showPath } from './records/node-path.js';
import { readNode } from './read-node.js';

/** Why the lock is no longer held as claimed, as a sentence; nothing when it is. */
export function staleness(view: Lookup, claim: LockClaim): string | undefined {
  const { path, instanceNumber, lockGeneration, mode } = claim;
  const node = readNode(view, path);
  if (node?.instanceNumber !== instanceNumber) return `${showPath(path)} was deleted`;
  const lock = readLock(view, path);
  const isHeld = lock.holders.some((holder) => !holder.heldBack);
  if (!isHeld) return `the lock of ${showPath(path)} is not held`;
  if (lock.generation !== lockGeneration) {
    return `the lock of ${showPath(path)} is at generation ${lock.generation}, not ${lockGeneration}`;
  }
  return lock.mode === mode ? undefined : `the lock of ${showPath(path)} is held in mode ${lock.mode}, not ${mode}`;
}

/** As {@link staleness}, of the first claim that is no longer true. */
export function firstStaleness(view: Lookup, claims: readonly LockClaim[]): string | undefined {
  for (const claim of claims) {
    const stale = staleness(view, claim);
    if (stale !== undefined) return stale;
  }
  return undefined;
}
