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

/** What the first master brings along, drawn and read outside: the secrets 32 random bytes each. */
export interface Birth {
  readonly facts: CellFacts;
  readonly handleSecret: Uint8Array;
  readonly signingSeed: Uint8Array;
}

/** The first value of a cell: what it is called, its secrets, and an empty tree. (DESIGN 3.0) */
export function genesis(draft: Draft, birth: Birth): void {
  draft.put(CELL_FACTS_KEY, encodeCellFacts(birth.facts));
  draft.put(HANDLE_SECRET_KEY, encodeSecret(birth.handleSecret));
  draft.put(signingKeyKey(FIRST_SIGNING_KEY_ID), encodeSecret(birth.signingSeed));
  const revision = draft.revision();
  draft.put(nodeKey(ROOT), encodeNode(directory(revision, 1)));
  draft.put(nodeKey(ACL_DIRECTORY), encodeNode(directory(revision, 0)));
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
