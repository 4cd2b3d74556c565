import { nameOf, parseName } from '../chubby/names.js';
import { readNode } from '../chubby/read-node.js';
import type { AclNames } from '../chubby/records/acl-names.js';
import { childrenOf, contentsKey, pathOfNodeKey } from '../chubby/records/keys.js';
import type { NodeKind } from '../chubby/records/node.js';
import { Refusal } from '../chubby/refusal.js';
import { cellNameOf } from '../chubby/restored-state.js';
import type { ReadView } from '../db/read-view.js';
import { RestoreRefused } from './restore-refused.js';

/** A node as it was. */
export interface FormerNode {
  /** `/ls/local/...`. */
  readonly name: string;
  readonly kind: NodeKind;
  readonly acl: AclNames;
  /** Of a file; empty for a directory. */
  readonly contents: Uint8Array;
}

/** A name that is longer than a cell takes has no node. */
const ANY_NAME = { nameBytes: Infinity, nameLevels: 0xff };
const NO_CONTENTS = new Uint8Array(0);

/**
 * A node and all below it as they are in a state, each directory before what is in it. Without ephemeral ones: nobody
 * has them open any more.
 *
 * @throws RestoreRefused when there is none of this name, or it is ephemeral
 */
export function formerNodes(state: ReadView, name: string): FormerNode[] {
  const top = parseName(name, cellNameOf(state), ANY_NAME);
  if (top instanceof Refusal) throw new RestoreRefused(top.sentence, 'names begin with /ls/local/');
  if (readNode(state, top)?.ephemeral !== false) {
    throw new RestoreRefused(
      `${name} was not there then, or was ephemeral`,
      'name another point in time; chubby blame shows when it was created and deleted',
    );
  }
  const nodes: FormerNode[] = [];
  const paths = [top];
  for (const path of paths) {
    const node = readNode(state, path);
    if (node === undefined || node.ephemeral) continue;
    const { kind, acl } = node;
    nodes.push({ name: nameOf(path, 'local'), kind, acl, contents: state.get(contentsKey(path)) ?? NO_CONTENTS });
    const { from, to } = childrenOf(path);
    if (kind === 'directory') for (const { key } of state.range(from, to)) paths.push(pathOfNodeKey(key));
  }
  return nodes;
}
