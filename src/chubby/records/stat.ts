import type { ByteReader, ByteWriter } from '../../common/bytes.js';
import { isOpenToAll, OPEN_TO_ALL, readAclNames, writeAclNames } from './acl-names.js';
import type { AclNames } from './acl-names.js';
import { CHECKSUM_BYTES } from './node.js';
import type { NodeKind, NodeRecord } from './node.js';

/** What clients see of a node besides its contents. ([CH] 2.2) */
export interface Stat {
  readonly kind: NodeKind;
  readonly ephemeral: boolean;
  readonly instanceNumber: number;
  readonly contentGeneration: number;
  readonly lockGeneration: number;
  readonly aclGeneration: number;
  readonly acl: AclNames;
  readonly contentChecksum: Uint8Array;
  readonly revision: number;
  readonly lengthBytes: number;
  readonly childCount: number;
}

export const statOf = (node: NodeRecord, lockGeneration: number): Stat => ({
  kind: node.kind,
  ephemeral: node.ephemeral,
  instanceNumber: node.instanceNumber,
  contentGeneration: node.contentGeneration,
  lockGeneration,
  aclGeneration: node.aclGeneration,
  acl: node.acl,
  contentChecksum: node.contentChecksum,
  revision: node.revision,
  lengthBytes: node.lengthBytes,
  childCount: node.childCount,
});

const DIRECTORY = 1;
const EPHEMERAL = 2;
const HAS_ACL = 4;
const NO_CHECKSUM = Buffer.alloc(0);

export function writeStat(out: ByteWriter, stat: Stat): void {
  const isOpen = isOpenToAll(stat.acl);
  out.u8((stat.kind === 'directory' ? DIRECTORY : 0) | (stat.ephemeral ? EPHEMERAL : 0) | (isOpen ? 0 : HAS_ACL));
  out.uint(stat.instanceNumber).uint(stat.contentGeneration).uint(stat.lockGeneration).uint(stat.aclGeneration);
  out.uint(stat.revision).uint(stat.lengthBytes).uint(stat.childCount);
  if (stat.kind === 'file') out.raw(stat.contentChecksum);
  if (!isOpen) writeAclNames(out, stat.acl);
}

export function readStat(from: ByteReader): Stat {
  const flags = from.u8();
  const kind = (flags & DIRECTORY) === 0 ? 'file' : 'directory';
  return {
    kind,
    ephemeral: (flags & EPHEMERAL) !== 0,
    instanceNumber: from.uint(),
    contentGeneration: from.uint(),
    lockGeneration: from.uint(),
    aclGeneration: from.uint(),
    revision: from.uint(),
    lengthBytes: from.uint(),
    childCount: from.uint(),
    contentChecksum: kind === 'file' ? from.raw(CHECKSUM_BYTES) : NO_CHECKSUM,
    acl: (flags & HAS_ACL) === 0 ? OPEN_TO_ALL : readAclNames(from),
  };
}
