import type { Asker } from '../access.js';
import type { Lookup } from '../draft.js';
import { readLock } from '../locks.js';
import { statOf } from '../records/stat.js';
import type { Stat } from '../records/stat.js';
import { Refusal } from '../refusal.js';
import { nodeAt, pathOf } from '../target.js';
import type { Target } from '../target.js';

/** A node's metadata alone. */
export function getStat(view: Lookup, asker: Asker, target: Target): Stat | Refusal {
  const node = nodeAt(view, asker, target, 'read');
  return node instanceof Refusal ? node : statOf(node, readLock(view, pathOf(target)).generation);
}
