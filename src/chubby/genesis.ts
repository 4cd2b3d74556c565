import type { Draft } from './draft.js';
import { OPEN_TO_ALL } from './records/acl-names.js';
import { encodeCellFacts } from './records/cell-facts.js';
import type { CellFacts } from './records/cell-facts.js';
import { CELL_FACTS_KEY, HANDLE_SECRET_KEY, nodeKey, signingKeyKey } from './records/keys.js';
import { encodeNode } from './records/node.js';
import type { NodeRecord } from './records/node.js';
import { childPath, ROOT } from './records/node-path.js';
import { encodeSecret } from './records/secret.js';

/** Where access lists are kept: `/ls/<cell>/acl`. */
export const ACL_DIRECTORY = childPath(ROOT, 'acl');

const FIRST_SIGNING_KEY_ID = 1;

/** The secrets of a cell, drawn outside: 32 random bytes each. */
export interface CellSecrets {
  readonly handleSecret: Uint8Array;
  readonly signingSeed: Uint8Array;
}

/** What the first master brings along. */
export interface Birth extends CellSecrets {
  readonly facts: CellFacts;
}

/** The first value of a cell: what it is called, its secrets, and an empty tree. (DESIGN 3.0) */
export function genesis(draft: Draft, birth: Birth): void {
  draft.put(CELL_FACTS_KEY, encodeCellFacts(birth.facts));
  putSecrets(draft, birth);
  const revision = draft.revision();
  draft.put(nodeKey(ROOT), encodeNode(directory(revision, 1)));
  draft.put(nodeKey(ACL_DIRECTORY), encodeNode(directory(revision, 0)));
}

/** The first value of a restored cell, too: a backup has no secrets. */
export function putSecrets(draft: Draft, { handleSecret, signingSeed }: CellSecrets): void {
  draft.put(HANDLE_SECRET_KEY, encodeSecret(handleSecret));
  draft.put(signingKeyKey(FIRST_SIGNING_KEY_ID), encodeSecret(signingSeed));
}

const directory = (revision: number, childCount: number): NodeRecord => ({
  kind: 'directory',
  ephemeral: false,
  creator: undefined,
  instanceNumber: revision,
  contentGeneration: 0,
  acl: OPEN_TO_ALL,
  aclGeneration: 1,
  contentChecksum: new Uint8Array(0),
  lengthBytes: 0,
  revision,
  childCount,
  removalRevision: revision,
  nextSequence: 0,
});
