import { ByteWriter, MalformedBytes } from '../../common/bytes.js';
import type { ByteReader } from '../../common/bytes.js';
import type { SessionId } from './ids.js';
import { SESSION_ID_BYTES, sessionIdOf } from './ids.js';
import { isOpenToAll, OPEN_TO_ALL, readAclNames, writeAclNames } from './acl-names.js';
import type { AclNames } from './acl-names.js';
import { openRecord } from './format.js';

export type NodeKind = 'file' | 'directory';

/** Whose end takes an ephemeral node with it. */
export interface Creator {
  readonly sessionId: SessionId;
  /** The handles that this session has open on the node: the one that made it, and every other. Never empty. */
  readonly handleIds: readonly number[];
}

/** A node without its contents and its lock, which have entries of their own: neither a lock nor a Stat moves contents. */
export interface NodeRecord {
  readonly kind: NodeKind;
  readonly ephemeral: boolean;
  /** Of an ephemeral node whose creator still has it; absent once the node only waits to become empty. */
  readonly creator: Creator | undefined;
  /** Global revision of the creation, so that it never repeats under a name. */
  readonly instanceNumber: number;
  /** 1 after the creation of a file; 0 for a directory. */
  readonly contentGeneration: number;
  readonly acl: AclNames;
  readonly aclGeneration: number;
  /** First eight bytes of the contents' SHA-256; empty for a directory. */
  readonly contentChecksum: Uint8Array;
  readonly lengthBytes: number;
  /** Global revision of the last change, a child's coming and going included. */
  readonly revision: number;
  readonly childCount: number;
  /** Global revision of the last going of a child; of the creation before the first. Of those that came, each has its own. */
  readonly removalRevision: number;
  /** Of a directory: the number of its next sequential child. */
  readonly nextSequence: number;
}

export const CHECKSUM_BYTES = 8;

const FORMAT_VERSION = 1;
const DIRECTORY = 1;
const EPHEMERAL = 2;
const HAS_CREATOR = 4;
const HAS_ACL = 8;

const scratch = new ByteWriter();

export function encodeNode(node: NodeRecord): Uint8Array {
  const flags =
    (node.kind === 'directory' ? DIRECTORY : 0) |
    (node.ephemeral ? EPHEMERAL : 0) |
    (node.creator === undefined ? 0 : HAS_CREATOR) |
    (isOpenToAll(node.acl) ? 0 : HAS_ACL);
  const out = scratch.reset().u8(FORMAT_VERSION).u8(flags);
  out.uint(node.instanceNumber).uint(node.aclGeneration).uint(node.revision);
  if (node.kind === 'directory') out.uint(node.childCount).uint(node.removalRevision).uint(node.nextSequence);
  else out.uint(node.contentGeneration).uint(node.lengthBytes).raw(node.contentChecksum);
  if (node.creator !== undefined) {
    const { sessionId, handleIds } = node.creator;
    out.raw(Buffer.from(sessionId, 'latin1')).uint(handleIds.length);
    for (const handleId of handleIds) out.uint(handleId);
  }
  if ((flags & HAS_ACL) !== 0) writeAclNames(out, node.acl);
  return out.take();
}

const NO_CHECKSUM = Buffer.alloc(0);

/** @throws MalformedBytes for anything that {@link encodeNode} does not produce */
export function decodeNode(bytes: Uint8Array): NodeRecord {
  const from = openRecord('node', bytes, FORMAT_VERSION);
  const flags = from.u8();
  if (flags > (DIRECTORY | EPHEMERAL | HAS_CREATOR | HAS_ACL))
    throw new MalformedBytes(`node: flags ${flags} are not known here`);
  const isDirectory = (flags & DIRECTORY) !== 0;
  const instanceNumber = from.uint();
  const aclGeneration = from.uint();
  const revision = from.uint();
  const childCount = isDirectory ? from.uint() : 0;
  const removalRevision = isDirectory ? from.uint() : 0;
  const nextSequence = isDirectory ? from.uint() : 0;
  const contentGeneration = isDirectory ? 0 : from.uint();
  const lengthBytes = isDirectory ? 0 : from.uint();
  const contentChecksum = isDirectory ? NO_CHECKSUM : from.raw(CHECKSUM_BYTES);
  const creator = (flags & HAS_CREATOR) === 0 ? undefined : readCreator(from);
  const acl = (flags & HAS_ACL) === 0 ? OPEN_TO_ALL : readAclNames(from);
  from.end();
  return {
    kind: isDirectory ? 'directory' : 'file',
    ephemeral: (flags & EPHEMERAL) !== 0,
    creator,
    instanceNumber,
    contentGeneration,
    acl,
    aclGeneration,
    contentChecksum,
    lengthBytes,
    revision,
    childCount,
    removalRevision,
    nextSequence,
  };
}

function readCreator(from: ByteReader): Creator {
  const sessionId = sessionIdOf(from.raw(SESSION_ID_BYTES));
  const handleIds: number[] = [];
  for (let count = from.uint(); count > 0; count--) handleIds.push(from.uint());
  return { sessionId, handleIds };
}
