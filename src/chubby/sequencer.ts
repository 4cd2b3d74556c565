import type { Lookup } from './draft.js';
import type { Handle } from './handle.js';
import { holderOf, readLock } from './locks.js';
import type { LockMode } from './records/lock.js';
import { showPath } from './records/node-path.js';
import type { NodePath } from './records/node-path.js';
import { Refusal } from './refusal.js';
import { instanceOf } from './target.js';
import { readNode } from './tree.js';

/** What a sequencer says of a lock; the wire adds cell, key and signature. ([CH] 2.4, DESIGN 5) */
export interface LockDescription {
  readonly path: NodePath;
  readonly instanceNumber: number;
  readonly lockGeneration: number;
  readonly mode: LockMode;
}

/** Describes the lock that the handle holds. */
export function describeHeldLock(view: Lookup, handle: Handle): LockDescription | Refusal {
  const node = instanceOf(view, handle);
  if (node instanceof Refusal) return node;
  const lock = readLock(view, handle.path);
  if (holderOf(lock, handle.sessionId, handle.handleId) === undefined) {
    return new Refusal('LOCK_NOT_HELD', `the handle does not hold the lock of ${showPath(handle.path)}`);
  }
  const { generation: lockGeneration, mode } = lock;
  return { path: handle.path, instanceNumber: node.instanceNumber, lockGeneration, mode };
}

/** Why the lock is no longer held as described, as a sentence; nothing when it is. */
export function staleness(view: Lookup, described: LockDescription): string | undefined {
  const { path, instanceNumber, lockGeneration, mode } = described;
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
