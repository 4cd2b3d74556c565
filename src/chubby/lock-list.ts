import { justAfter } from '../db/key.js';
import type { ReadView } from '../db/read-view.js';
import { lockKey, lockRecordsBelow, pathOfLockKey } from './records/keys.js';
import { decodeLock } from './records/lock.js';
import type { LockRecord } from './records/lock.js';
import { levelsOf } from './records/node-path.js';
import type { NodePath } from './records/node-path.js';

/** A node that was locked once, free or not now. */
export interface ListedLock {
  readonly path: NodePath;
  readonly lock: LockRecord;
}

/** Whether the node is the other one or lies below it. */
export const isAtOrBelow = (path: NodePath, other: NodePath): boolean =>
  path === other || (levelsOf(path) > levelsOf(other) && path.slice(1).startsWith(`${other.slice(1)}/`));

/**
 * The locks of a node and of all below, nearer ones first, in the order of their keys.
 *
 * @param after only behind this node; undefined for all
 * @param levels that a name may have
 */
export function* locksBelow(
  view: ReadView,
  below: NodePath,
  after: NodePath | undefined,
  levels: number,
): Generator<ListedLock> {
  for (const range of lockRecordsBelow(below, levels)) {
    const from = after === undefined ? range.from : max(range.from, justAfter(lockKey(after)));
    if (range.to !== undefined && from >= range.to) continue;
    for (const { key, value } of view.range(from, range.to)) {
      yield { path: pathOfLockKey(key), lock: decodeLock(value) };
    }
  }
}

const max = <Text extends string>(a: Text, b: Text): Text => (a > b ? a : b);
