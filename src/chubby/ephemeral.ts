import type { Draft } from './draft.js';
import { encodeEphemeralHolding } from './records/holding.js';
import type { SessionId } from './records/ids.js';
import { ephemeralHoldingKey, nodeKey } from './records/keys.js';
import { encodeNode } from './records/node.js';
import type { NodePath } from './records/node-path.js';
import { readNode, removeNode } from './tree.js';

/**
 * The creator's handle of an ephemeral node is closed, or its session ended: the one place that says what becomes of
 * the node. Another open handle of the creator's session inherits it; without one the node goes, at once or, for a
 * directory, with its last child.
 *
 * @param heir another handle that the same session has open on the same instance
 */
export function creatorLeft(
  draft: Draft,
  path: NodePath,
  sessionId: SessionId,
  handleId: number,
  heir: number | undefined,
): void {
  const node = readNode(draft, path);
  if (node?.creator?.sessionId !== sessionId || node.creator.handleId !== handleId) return;
  if (heir === undefined && node.childCount === 0) return removeNode(draft, path, node);
  const creator = heir === undefined ? undefined : { sessionId, handleId: heir };
  draft.put(nodeKey(path), encodeNode({ ...node, creator }));
  draft.remove(ephemeralHoldingKey(sessionId, handleId));
  if (heir !== undefined) draft.put(ephemeralHoldingKey(sessionId, heir), encodeEphemeralHolding({ path }));
}
