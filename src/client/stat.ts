import { toHex } from '../common/bytes.js';
import { NodeKind } from '../wire/types.js';
import type { Stat as WireStat } from '../wire/types.js';
import { aclOf } from './acl.js';
import type { AclNames } from './acl.js';
import { ChubbyError } from './chubby-error.js';

/** What the cell says of a node besides its contents. ([CH] 2.2) */
export interface Stat {
  readonly kind: 'file' | 'directory';
  /** It goes when no client has it open. */
  readonly ephemeral: boolean;
  /** Greater than that of any earlier node of this name. */
  readonly instanceNumber: number;
  /** Grows with each write of the contents; 1 after creation. 0 for a directory. */
  readonly contentGeneration: number;
  /** Grows each time the node's lock goes from free to held. */
  readonly lockGeneration: number;
  /** Grows with each change of {@link acl}. */
  readonly aclGeneration: number;
  /** The first 8 bytes of the SHA-256 of the contents, in hex. Empty for a directory. */
  readonly contentChecksum: string;
  /** Of the cell, at the last change to this node. */
  readonly revision: number;
  readonly lengthBytes: number;
  readonly childCount: number;
  readonly acl: AclNames;
}

/** @throws ChubbyError PROTOCOL where an answer lacks it */
export function statOf(stat: WireStat | null): Stat {
  if (stat === null) throw new ChubbyError('PROTOCOL', 'an answer came without the stat of its node');
  return {
    kind: stat.kind === NodeKind.NODE_KIND_DIRECTORY ? 'directory' : 'file',
    ephemeral: stat.ephemeral,
    instanceNumber: stat.instanceNumber,
    contentGeneration: stat.contentGeneration,
    lockGeneration: stat.lockGeneration,
    aclGeneration: stat.aclGeneration,
    // Text rather than a view, which would keep the whole message alive that brought it.
    contentChecksum: toHex(stat.contentChecksum),
    revision: stat.revision,
    lengthBytes: stat.lengthBytes,
    childCount: stat.childCount,
    acl: aclOf(stat.acl),
  };
}
