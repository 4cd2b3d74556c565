import type { Change } from './changes.js';
import { parentPath } from './records/node-path.js';
import type { NodePath } from './records/node-path.js';

/**
 * What a cached answer is about.
 *
 * - `node`: the contents, the metadata, or the absence of the node of this path.
 * - `listing`: the names and the metadata of the directory's children, and its own metadata with them.
 */
export type SubjectKind = 'node' | 'listing';

/** What changes touch: who caches an answer about it may have to drop it. */
export interface Subjects {
  readonly nodes: ReadonlySet<NodePath>;
  readonly listings: ReadonlySet<NodePath>;
}

/**
 * Every subject about which an answer may be another one after the changes. A node's metadata stands in three answers:
 * its own, the listing of its directory, and, where it is a directory, its own listing. A node that comes or goes also
 * changes its directory's metadata, the child count and the revision, and so the listing that the directory stands in.
 */
export function subjectsOf(changes: readonly Change[]): Subjects {
  const nodes = new Set<NodePath>();
  const listings = new Set<NodePath>();
  const metadataChanged = (path: NodePath): void => {
    nodes.add(path);
    listings.add(path);
    const parent = parentPath(path);
    if (parent !== undefined) listings.add(parent);
  };
  for (const { kind, path } of changes) {
    metadataChanged(path);
    if (kind !== 'created' && kind !== 'deleted') continue;
    const parent = parentPath(path);
    if (parent !== undefined) metadataChanged(parent);
  }
  return { nodes, listings };
}
