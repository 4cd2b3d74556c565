import type { NodePath } from '../../chubby/records/node-path.js';
import type { SessionState } from '../session-state.js';

/** Who follows nodes without locking them, in numbers. */
export interface Followers {
  /** Answers that the session may cache. */
  cachedBy(session: SessionState): number;
  /** Sessions that may cache what they read of the node. */
  cachersOf(path: NodePath): number;
  /** Handles that get events of the node itself. */
  subscriptionsTo(path: NodePath): number;
}
