import { counted } from '../../common/counted.js';
import { pathOfList } from '../access-lists.js';
import type { CallContext } from '../call-context.js';
import type { Lookup } from '../draft.js';
import { ACL_DIRECTORY } from '../genesis.js';
import { parentPath, ROOT, showPath } from '../records/node-path.js';
import type { NodePath } from '../records/node-path.js';
import { readNode } from '../read-node.js';
import { Refusal } from '../refusal.js';
import { nodeAt, pathOf } from '../target.js';
import type { Target } from '../target.js';
import { removeNode } from '../tree.js';

/** Deletes a node that has no children; a lock on it is advice and does not hinder. */
export function deleteNode({ draft, asker }: CallContext, target: Target): Refusal | undefined {
  const node = nodeAt(draft, asker, target, 'write');
  if (node instanceof Refusal) return node;
  const path = pathOf(target);
  if (path === ROOT || path === ACL_DIRECTORY) {
    return new Refusal('PROTECTED_NODE', `${showPath(path)} belongs to the cell`);
  }
  if (governsAllLists(draft, path)) {
    return new Refusal(
      'PROTECTED_NODE',
      `${showPath(path)} is a list by which ${showPath(ACL_DIRECTORY)} itself is judged`,
    );
  }
  if (node.childCount > 0) {
    return new Refusal('NOT_EMPTY', `${showPath(path)} has ${counted(node.childCount, 'child', 'children')}`);
  }
  removeNode(draft, path, node);
  return undefined;
}

/** Whether without this list nobody could make it, or any other, again. */
function governsAllLists(view: Lookup, path: NodePath): boolean {
  if (parentPath(path) !== ACL_DIRECTORY) return false;
  const { write, changeAcl } = readNode(view, ACL_DIRECTORY)!.acl;
  return [write, changeAcl].some((name) => name !== '' && pathOfList(name) === path);
}
