import type { LockHolder } from './records/lock.js';
import type { NodePath } from './records/node-path.js';

/**
 * What a request does to nodes, as everybody must learn who follows them: caches before it is proposed, subscribers once
 * it is applied.
 *
 * - `created`, `deleted`: a node came or went, and its directory's listing and metadata changed with it.
 * - `contents`: a file was replaced; the listing of its directory holds its metadata.
 * - `acl`: the names of its access lists were replaced.
 * - `locked`: its lock went from free to held, and the lock generation, which is metadata, grew.
 */
export type ChangeKind = 'created' | 'deleted' | 'contents' | 'acl' | 'locked';

export interface Change {
  readonly kind: ChangeKind;
  readonly path: NodePath;
  /** Of a deleted node: the handles that held its lock. */
  readonly lockHolders?: readonly LockHolder[];
}
