import { pathOfList } from './access-lists.js';
import type { AccessLists } from './access-lists.js';
import type { ChubbyBounds } from './bounds.js';
import type { Lookup } from './draft.js';
import type { HandleMode } from './handle.js';
import { componentProblem } from './names.js';
import type { AclNames } from './records/acl-names.js';
import type { NodeRecord } from './records/node.js';
import { showPath } from './records/node-path.js';
import type { NodePath } from './records/node-path.js';
import { quote, Refusal } from './refusal.js';
import { readNode } from './read-node.js';

/** What a node is wanted for: each has its access list, and its handles. */
export type Use = keyof HandleMode;

/** Who asks, and the lists by which that is judged. */
export interface Asker {
  readonly principal: string;
  readonly lists: AccessLists;
}

const TO = { read: 'to read', write: 'to write', changeAcl: 'to change the access lists of' } as const;

/** Why the asker may not use the node so; nothing when he may. */
export function denial(
  view: Lookup,
  { principal, lists }: Asker,
  path: NodePath,
  node: NodeRecord,
  use: Use,
): Refusal | undefined {
  const name = node.acl[use];
  if (name === '' || lists.admits(view, name, principal)) return undefined;
  const sentence = `the list ${showPath(pathOfList(name))} does not admit ${quote(principal)} ${TO[use]} ${showPath(path)}`;
  return new Refusal('ACCESS_DENIED', sentence);
}

/**
 * Why a node cannot be given these lists; nothing when it can. A list that is not there would admit nobody, and so shut
 * out whoever names it by mistake.
 */
export function aclProblem(view: Lookup, acl: AclNames, bounds: ChubbyBounds): Refusal | undefined {
  for (const name of [acl.read, acl.write, acl.changeAcl]) {
    const problem = name === '' ? undefined : listProblem(view, name, bounds);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function listProblem(view: Lookup, name: string, { nameBytes }: ChubbyBounds): Refusal | undefined {
  if (name.length > nameBytes) {
    return new Refusal('LIMIT_NAME', `the name ${quote(name)} of an access list is longer than ${nameBytes} bytes`);
  }
  const problem = componentProblem(name);
  if (problem !== undefined) {
    return new Refusal('MALFORMED_NAME', `the name ${quote(name)} of an access list ${problem}`);
  }
  const node = readNode(view, pathOfList(name));
  if (node?.kind === 'file' && !node.ephemeral) return undefined;
  return new Refusal(
    'NOT_FOUND',
    `there is no access list ${quote(name)}: it would be a permanent file in /ls/local/acl`,
  );
}
