import type { Draft } from './draft.js';
import { encodeEphemeralHolding } from './records/holding.js';
import type { SessionId } from './records/ids.js';
import { ephemeralHoldingKey, nodeKey } from './records/keys.js';
import { encodeNode } from './records/node.js';
import type { NodeRecord } from './records/node.js';
import type { NodePath } from './records/node-path.js';
import { readNode } from './read-node.js';
import { removeNode } from './tree.js';

// The handles that keep an ephemeral node are those of the session that made it. They stand in the database, so that
// every master knows them.

/** Whether the session made the node and has it open: one more handle of it keeps the node, too. */
export const isKeptBy = (node: NodeRecord, sessionId: SessionId): boolean => node.creator?.sessionId === sessionId;

/** Notes one more handle of the session that {@link isKeptBy | keeps} the node. */
export function creatorCame(draft: Draft, path: NodePath, node: NodeRecord, handleId: number): void {
  const { creator } = node;
  if (creator === undefined || creator.handleIds.includes(handleId)) return;
  const { sessionId } = creator;
  draft.put(
    nodeKey(path),
    encodeNode({ ...node, creator: { sessionId, handleIds: [...creator.handleIds, handleId] } }),
  );
  draft.put(ephemeralHoldingKey(sessionId, handleId), encodeEphemeralHolding({ path }));
}

/**
 * A handle of the creator's session is closed, or the session ended: the one place that says what becomes of the node.
 * It stays while the session has it open otherwise; then it goes, at once or, for a directory, with its last child.
 */
export function creatorLeft(draft: Draft, path: NodePath, sessionId: SessionId, handleId: number): void {
  const node = readNode(draft, path);
  const { creator } = node ?? {};
  if (node === undefined || creator?.sessionId !== sessionId || !creator.handleIds.includes(handleId)) return;
  const handleIds = creator.handleIds.filter((other) => other !== handleId);
  if (handleIds.length === 0 && node.childCount === 0) return removeNode(draft, path, node);
  const left = handleIds.length === 0 ? undefined : { sessionId, handleIds };
  draft.put(nodeKey(path), encodeNode({ ...node, creator: left }));
  draft.remove(ephemeralHoldingKey(sessionId, handleId));
}
