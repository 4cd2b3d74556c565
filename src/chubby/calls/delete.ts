import type { CallContext } from '../call-context.js';
import { ACL_DIRECTORY } from '../genesis.js';
import { ROOT, showPath } from '../records/node-path.js';
import { Refusal } from '../refusal.js';
import { nodeAt, pathOf } from '../target.js';
import type { Target } from '../target.js';
import { removeNode } from '../tree.js';

/** Deletes a node that has no children; a lock on it is advice and does not hinder. */
export function deleteNode({ draft }: CallContext, target: Target): Refusal | undefined {
  const node = nodeAt(draft, target, 'write');
  if (node instanceof Refusal) return node;
  const path = pathOf(target);
  if (path === ROOT || path === ACL_DIRECTORY) {
    return new Refusal('PROTECTED_NODE', `${showPath(path)} belongs to the cell`);
  }
  if (node.childCount > 0) return new Refusal('NOT_EMPTY', `${showPath(path)} has ${node.childCount} children`);
  removeNode(draft, path, node);
  return undefined;
}
