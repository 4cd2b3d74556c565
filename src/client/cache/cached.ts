import { CachedKind } from '../../wire/types.js';
import type { CachedAnswer } from '../../wire/types.js';
import type { DirectoryEntry } from '../node-results.js';
import type { Stat } from '../stat.js';

/** A node: its metadata, and, where they were read, its contents. */
export interface CachedNode {
  readonly kind: 'node';
  /** Frozen: it is shown to whoever reads. */
  readonly stat: Stat;
  /** The cache's own: whoever reads is given a copy. */
  readonly contents: Buffer | undefined;
}

/** That there is no node of this name. */
export interface CachedAbsence {
  readonly kind: 'absence';
  /** As the cell said it. */
  readonly message: string;
}

/** A whole directory. */
export interface CachedListing {
  readonly kind: 'listing';
  /** Frozen, one by one. */
  readonly entries: readonly DirectoryEntry[];
  /** Of the directory itself. */
  readonly stat: Stat;
}

export type Cached = CachedNode | CachedAbsence | CachedListing;

/** About what objects and keys take beside texts and contents. */
const ENTRY_BYTES = 500;

/** About what it takes in memory. */
export function sizeOfCached(key: string, cached: Cached): number {
  const ownBytes = ENTRY_BYTES + key.length * 2;
  if (cached.kind === 'node') return ownBytes + (cached.contents?.length ?? 0);
  if (cached.kind === 'absence') return ownBytes + cached.message.length;
  return cached.entries.reduce((sum, { name }) => sum + ENTRY_BYTES + name.length * 2, ownBytes);
}

/** Nobody who is shown it can change what others are shown. */
export function frozen(stat: Stat): Stat {
  Object.freeze(stat.acl);
  return Object.freeze(stat);
}

/** It, by what tells a later master whether it is still true. */
export function cachedAnswer(name: string, cached: Cached): CachedAnswer {
  if (cached.kind === 'absence') return { ...NOTHING, name, kind: CachedKind.CACHED_KIND_ABSENCE };
  const { instanceNumber, revision, lockGeneration } = cached.stat;
  const node = { ...NOTHING, name, instanceNumber, revision, lockGeneration };
  if (cached.kind === 'node') return { ...node, kind: CachedKind.CACHED_KIND_NODE };
  let newestChildRevision = 0;
  let childLockGenerations = 0;
  for (const { stat } of cached.entries) {
    newestChildRevision = Math.max(newestChildRevision, stat.revision);
    childLockGenerations += stat.lockGeneration;
  }
  return { ...node, kind: CachedKind.CACHED_KIND_LISTING, newestChildRevision, childLockGenerations };
}

const NOTHING = {
  instanceNumber: 0,
  revision: 0,
  lockGeneration: 0,
  newestChildRevision: 0,
  childLockGenerations: 0,
} as const;
