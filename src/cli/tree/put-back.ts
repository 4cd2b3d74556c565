import type { FormerNode } from '../../offline/former-nodes.js';
import type { CellClient } from '../context.js';
import { concurrently } from './concurrently.js';
import { FILES_AT_ONCE } from './limits.js';

/**
 * Creates nodes that were deleted, with their contents and access lists: as new ones, so that handles and sequencers of
 * the old ones stay refused. The topmost first: where it exists, nothing is changed.
 *
 * @param nodes each directory before what is in it
 * @param created told of each
 */
export async function putBack(
  client: CellClient,
  nodes: readonly FormerNode[],
  created: (node: FormerNode) => void,
): Promise<void> {
  for (const level of levelsOf(nodes)) {
    await concurrently(level, FILES_AT_ONCE, async (node) => {
      const { name, kind, acl, contents } = node;
      const initialContents = kind === 'file' ? { initialContents: contents } : {};
      const handle = await client.open(name, { create: 'must', kind, acl, ...initialContents });
      created(node);
      await handle.close();
    });
  }
}

function levelsOf(nodes: readonly FormerNode[]): FormerNode[][] {
  const levels: FormerNode[][] = [];
  for (const node of nodes) (levels[node.name.split('/').length] ??= []).push(node);
  return levels.filter((level) => level !== undefined);
}
