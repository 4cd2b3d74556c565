import type { Lookup } from './draft.js';
import { nodeKey } from './records/keys.js';
import { decodeNode } from './records/node.js';
import type { NodeRecord } from './records/node.js';
import type { NodePath } from './records/node-path.js';

/** The node of this name in this state, if there is one. */
export function readNode(view: Lookup, path: NodePath): NodeRecord | undefined {
  const stored = view.get(nodeKey(path));
  return stored === undefined ? undefined : decodeNode(stored);
}
