import type { Lookup } from './draft.js';
import type { Handle } from './handle.js';
import { showPath } from './records/node-path.js';
import type { NodePath } from './records/node-path.js';
import type { NodeRecord } from './records/node.js';
import { Refusal } from './refusal.js';
import { firstStaleness } from './stale-claim.js';
import { readNode } from './tree.js';

/** What a call is about: a handle, or a name, which is as opened, checked, used and closed in one step. (DESIGN 6) */
export type Target = Handle | NodePath;

export const pathOf = (target: Target): NodePath => (typeof target === 'string' ? target : target.path);

/**
 * The node that the target means in this state.
 *
 * @param use what a handle must have been opened for
 * @returns MODE_FORBIDS, INSTANCE_GONE where the handle's node was deleted (even if a new one has its name), STALE_SEQUENCER,
 * NOT_FOUND
 */
export function nodeAt(view: Lookup, target: Target, use: 'read' | 'write'): NodeRecord | Refusal {
  if (typeof target === 'string') {
    return readNode(view, target) ?? new Refusal('NOT_FOUND', `there is no ${showPath(target)}`);
  }
  if (!target.mode[use]) {
    return new Refusal('MODE_FORBIDS', `the handle on ${showPath(target.path)} was not opened to ${use}`);
  }
  return instanceOf(view, target);
}

/**
 * The node that a handle is bound to, whatever the handle was opened for.
 *
 * @returns INSTANCE_GONE, or STALE_SEQUENCER where the handle rests on a lock that is lost
 */
export function instanceOf(view: Lookup, handle: Handle): NodeRecord | Refusal {
  const stale = firstStaleness(view, handle.claims);
  if (stale !== undefined) return new Refusal('STALE_SEQUENCER', stale);
  return boundInstance(view, handle);
}

/** As {@link instanceOf}, for Close alone, which never fails: whatever the handle rests on. */
export function boundInstance(view: Lookup, handle: Handle): NodeRecord | Refusal {
  const node = readNode(view, handle.path);
  if (node?.instanceNumber === handle.instanceNumber) return node;
  return new Refusal('INSTANCE_GONE', `${showPath(handle.path)} was deleted after it was opened`);
}
