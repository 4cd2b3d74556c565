import { assert } from '../../common/assert.js';
import type { Asker } from '../access.js';
import type { Lookup } from '../draft.js';
import { readLock } from '../locks.js';
import { contentsKey } from '../records/keys.js';
import { showPath } from '../records/node-path.js';
import { statOf } from '../records/stat.js';
import type { Stat } from '../records/stat.js';
import { Refusal } from '../refusal.js';
import { nodeAt, pathOf } from '../target.js';
import type { Target } from '../target.js';

export interface ContentsAndStat {
  readonly contents: Uint8Array;
  readonly stat: Stat;
}

/** The whole contents of a file with its Stat, of one and the same state. */
export function getContentsAndStat(view: Lookup, asker: Asker, target: Target): ContentsAndStat | Refusal {
  const node = nodeAt(view, asker, target, 'read');
  if (node instanceof Refusal) return node;
  const path = pathOf(target);
  if (node.kind === 'directory') return new Refusal('IS_A_DIRECTORY', `${showPath(path)} has no contents`);
  const contents = view.get(contentsKey(path));
  assert(contents !== undefined, 'a file has contents');
  return { contents, stat: statOf(node, readLock(view, path).generation) };
}
