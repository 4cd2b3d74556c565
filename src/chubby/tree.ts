import { ownedCopy } from '../common/bytes.js';
import { sha256 } from '../common/crypto.js';
import { aclProblem, denial } from './access.js';
import type { ChubbyBounds } from './bounds.js';
import type { CallContext } from './call-context.js';
import type { Draft, Lookup } from './draft.js';
import { removeLock } from './locks.js';
import type { AclNames } from './records/acl-names.js';
import { encodeEphemeralHolding } from './records/holding.js';
import { contentsKey, ephemeralHoldingKey, nodeKey } from './records/keys.js';
import { CHECKSUM_BYTES, encodeNode } from './records/node.js';
import type { Creator, NodeKind, NodeRecord } from './records/node.js';
import { parentPath, showPath } from './records/node-path.js';
import type { NodePath } from './records/node-path.js';
import { readNode } from './read-node.js';
import { Refusal } from './refusal.js';

// What happens to nodes, whichever call or session's end makes it happen.

/** A node to be made. */
export interface NewNode {
  readonly kind: NodeKind;
  /** For an ephemeral node: the session and the handle that it goes with. */
  readonly creator: Creator | undefined;
  /** Of a file. */
  readonly contents: Uint8Array;
  /** Those of its directory unless given. */
  readonly acl?: AclNames | undefined;
}

/** Makes the node in a directory that must be there; nobody has looked at the contents' size yet. */
export function createNode(context: CallContext, path: NodePath, what: NewNode): NodeRecord | Refusal {
  const { draft, bounds, asker } = context;
  const problem = sizeProblem(bounds, what.contents);
  if (problem !== undefined) return problem;
  const directory = directoryFor(draft, path);
  if (directory instanceof Refusal) return directory;
  const denied = denial(draft, asker, directory.path, directory.node, 'write');
  if (denied !== undefined) return denied;
  const strange = what.acl && aclProblem(draft, what.acl, bounds);
  if (strange !== undefined) return strange;
  if (directory.node.childCount >= bounds.childrenPerDirectory) {
    const sentence = `${showPath(directory.path)} has ${bounds.childrenPerDirectory} children already`;
    return new Refusal('LIMIT_CHILDREN', sentence);
  }
  const node = newNode(what, what.acl ?? directory.node.acl, draft.revision());
  draft.put(nodeKey(path), encodeNode(node));
  if (what.kind === 'file') draft.put(contentsKey(path), ownedCopy(what.contents));
  for (const handleId of what.creator?.handleIds ?? []) {
    draft.put(ephemeralHoldingKey(what.creator!.sessionId, handleId), encodeEphemeralHolding({ path }));
  }
  countChild(draft, directory.path, directory.node, +1);
  draft.changes.push({ kind: 'created', path });
  return node;
}

/** Replaces the contents of a file. */
export function writeContents(
  context: CallContext,
  path: NodePath,
  node: NodeRecord,
  contents: Uint8Array,
): NodeRecord | Refusal {
  const { draft, bounds } = context;
  const problem = sizeProblem(bounds, contents);
  if (problem !== undefined) return problem;
  const written = {
    ...node,
    contentGeneration: node.contentGeneration + 1,
    contentChecksum: contentChecksum(contents),
    lengthBytes: contents.length,
    revision: draft.revision(),
  };
  draft.put(nodeKey(path), encodeNode(written));
  draft.put(contentsKey(path), ownedCopy(contents));
  draft.changes.push({ kind: 'contents', path });
  return written;
}

/** Replaces the names of a node's access lists. */
export function replaceAcl(draft: Draft, path: NodePath, node: NodeRecord, acl: AclNames): NodeRecord {
  const changed = { ...node, acl, aclGeneration: node.aclGeneration + 1, revision: draft.revision() };
  draft.put(nodeKey(path), encodeNode(changed));
  draft.changes.push({ kind: 'acl', path });
  return changed;
}

/**
 * Removes a node without children and all that belongs to it. An ephemeral directory whose creator is gone and that
 * only waited for this goes too.
 */
export function removeNode(draft: Draft, path: NodePath, node: NodeRecord): void {
  draft.remove(nodeKey(path));
  if (node.kind === 'file') draft.remove(contentsKey(path));
  for (const handleId of node.creator?.handleIds ?? []) {
    draft.remove(ephemeralHoldingKey(node.creator!.sessionId, handleId));
  }
  const lockHolders = removeLock(draft, path);
  draft.removedNodes.push(path);
  draft.changes.push({ kind: 'deleted', path, lockHolders });
  const directory = directoryFor(draft, path);
  if (directory instanceof Refusal) return;
  const left = countChild(draft, directory.path, directory.node, -1);
  if (left.childCount === 0 && left.ephemeral && left.creator === undefined) removeNode(draft, directory.path, left);
}

/** The directory that the node is or would be in. */
export function directoryFor(view: Lookup, path: NodePath): { path: NodePath; node: NodeRecord } | Refusal {
  const parent = parentPath(path);
  if (parent === undefined) return new Refusal('PROTECTED_NODE', 'the root is in no directory');
  const node = readNode(view, parent);
  if (node === undefined) return new Refusal('NOT_FOUND', `there is no directory ${showPath(parent)}`);
  if (node.kind !== 'directory') return new Refusal('NOT_A_DIRECTORY', `${showPath(parent)} is a file`);
  return { path: parent, node };
}

function countChild(draft: Draft, path: NodePath, directory: NodeRecord, change: 1 | -1): NodeRecord {
  const revision = draft.revision();
  const removalRevision = change === -1 ? revision : directory.removalRevision;
  const counted = { ...directory, childCount: directory.childCount + change, removalRevision, revision };
  draft.put(nodeKey(path), encodeNode(counted));
  return counted;
}

function newNode(what: NewNode, acl: AclNames, revision: number): NodeRecord {
  const isFile = what.kind === 'file';
  return {
    kind: what.kind,
    ephemeral: what.creator !== undefined,
    creator: what.creator,
    instanceNumber: revision,
    contentGeneration: isFile ? 1 : 0,
    acl,
    aclGeneration: 1,
    contentChecksum: isFile ? contentChecksum(what.contents) : NO_CHECKSUM,
    lengthBytes: what.contents.length,
    revision,
    childCount: 0,
    removalRevision: revision,
    nextSequence: 0,
  };
}

function sizeProblem({ contentsBytes }: ChubbyBounds, contents: Uint8Array): Refusal | undefined {
  if (contents.length <= contentsBytes) return undefined;
  return new Refusal('TOO_LARGE', `the contents are ${contents.length} bytes, over ${contentsBytes}`);
}

const NO_CHECKSUM = new Uint8Array(0);

const contentChecksum = (contents: Uint8Array): Uint8Array => sha256(contents).subarray(0, CHECKSUM_BYTES);
