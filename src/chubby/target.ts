import { denial } from './access.js';
import type { Asker, Use } from './access.js';
import type { Lookup } from './draft.js';
import type { Handle } from './handle.js';
import { showPath } from './records/node-path.js';
import type { NodePath } from './records/node-path.js';
import type { NodeRecord } from './records/node.js';
import { Refusal } from './refusal.js';
import { firstStaleness } from './stale-claim.js';
import { readNode } from './read-node.js';

/** What a call is about: a handle, or a name, which is as opened, checked, used and closed in one step. (DESIGN 6) */
export type Target = Handle | NodePath;

export const pathOf = (target: Target): NodePath => (typeof target === 'string' ? target : target.path);

const OPENED = { read: 'to read', write: 'to write', changeAcl: 'to change its access lists' } as const;

/**
 * The node that the target means in this state. By name access is judged now; for a handle that was done when it was
 * opened.
 *
 * @param use what a handle must have been opened for
 * @returns MODE_FORBIDS, INSTANCE_GONE where the handle's node was deleted (even if a new one has its name),
 *   STALE_SEQUENCER, NOT_FOUND, ACCESS_DENIED
 */
export function nodeAt(view: Lookup, asker: Asker, target: Target, use: Use): NodeRecord | Refusal {
  if (typeof target === 'string') {
    const node = readNode(view, target);
    if (node === undefined) return new Refusal('NOT_FOUND', `there is no ${showPath(target)}`);
    return denial(view, asker, target, node, use) ?? node;
  }
  if (!target.mode[use]) {
    return new Refusal('MODE_FORBIDS', `the handle on ${showPath(target.path)} was not opened ${OPENED[use]}`);
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
