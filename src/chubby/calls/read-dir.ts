import type { ReadView } from '../../db/read-view.js';
import { justAfter } from '../../db/key.js';
import type { Asker } from '../access.js';
import type { ChubbyBounds } from '../bounds.js';
import { readLock } from '../locks.js';
import { aclNamesBytes } from '../records/acl-names.js';
import { childrenOf, nodeKey, pathOfNodeKey } from '../records/keys.js';
import { decodeNode } from '../records/node.js';
import { childPath, lastComponent, showPath } from '../records/node-path.js';
import { statOf } from '../records/stat.js';
import type { Stat } from '../records/stat.js';
import { Refusal } from '../refusal.js';
import { nodeAt, pathOf } from '../target.js';
import type { Target } from '../target.js';

export interface ListedChild {
  readonly name: string;
  readonly stat: Stat;
}

export interface Listing {
  readonly children: readonly ListedChild[];
  /** More follow the last one. */
  readonly more: boolean;
  /** Of the directory, in the state that the listing was read from. */
  readonly stat: Stat;
}

/** What an entry takes on the wire beside its names, at the most. */
const STAT_BYTES = 100;

/**
 * Names and metadata of a directory's children in byte order, a page at a time.
 *
 * @param after only children behind this component, in UTF-8 as a latin1 string; '' for all
 * @param limit at most so many; 0 for as many as the bounds allow
 */
export function readDir(
  view: ReadView,
  asker: Asker,
  bounds: ChubbyBounds,
  target: Target,
  after: string,
  limit: number,
): Listing | Refusal {
  const directory = nodeAt(view, asker, target, 'read');
  if (directory instanceof Refusal) return directory;
  const path = pathOf(target);
  if (directory.kind !== 'directory') return new Refusal('NOT_A_DIRECTORY', `${showPath(path)} is a file`);
  const range = childrenOf(path);
  const from = after === '' ? range.from : justAfter(nodeKey(childPath(path, after)));
  const entryLimit = limit === 0 ? bounds.listingEntries : Math.min(limit, bounds.listingEntries);
  const children: ListedChild[] = [];
  let sizeBytes = 0;
  let more = false;
  for (const { key, value } of view.range(from, range.to)) {
    const child = pathOfNodeKey(key);
    const component = lastComponent(child);
    const node = decodeNode(value);
    sizeBytes += component.length + STAT_BYTES + aclNamesBytes(node.acl);
    more = children.length === entryLimit || sizeBytes > bounds.listingBytes;
    if (more) break;
    children.push({
      name: Buffer.from(component, 'latin1').toString('utf8'),
      stat: statOf(node, readLock(view, child).generation),
    });
  }
  return { children, more, stat: statOf(directory, readLock(view, path).generation) };
}
