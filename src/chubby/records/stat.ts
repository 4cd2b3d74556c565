import type { ByteReader, ByteWriter } from '../../common/bytes.js';
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
  contentChecksum: node.contentChecksum,
  revision: node.revision,
  lengthBytes: node.lengthBytes,
  childCount: node.childCount,
});

const DIRECTORY = 1;
const EPHEMERAL = 2;
const NO_CHECKSUM = Buffer.alloc(0);

export function writeStat(out: ByteWriter, stat: Stat): void {
  out.u8((stat.kind === 'directory' ? DIRECTORY : 0) | (stat.ephemeral ? EPHEMERAL : 0));
  out.uint(stat.instanceNumber).uint(stat.contentGeneration).uint(stat.lockGeneration).uint(stat.aclGeneration);
  out.uint(stat.revision).uint(stat.lengthBytes).uint(stat.childCount);
  if (stat.kind === 'file') out.raw(stat.contentChecksum);
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
  };
}
