import { MalformedBytes } from '../common/bytes.js';
import { Entries } from '../db/entries.js';
import { FaultTolerantDb } from '../db/fault-tolerant-db.js';
import type { DbState } from '../db/fault-tolerant-db.js';
import type { Key } from '../db/key.js';
import type { ReadView } from '../db/read-view.js';
import { Draft } from './draft.js';
import { decodeCellFacts, encodeCellFacts } from './records/cell-facts.js';
import type { CellFacts } from './records/cell-facts.js';
import { decodeCounter, encodeCounter } from './records/counter.js';
import { ALL_CONTENTS, ALL_NODES, CELL_FACTS_KEY, nodeKey, pathOfNodeKey, REVISION_KEY } from './records/keys.js';
import { decodeNode, encodeNode } from './records/node.js';
import type { NodePath } from './records/node-path.js';
import { readNode } from './read-node.js';
import { removeNode } from './tree.js';

/**
 * How far the global revision jumps. The cell went on after the backup, and gave out revisions that the backup knows
 * nothing of; this is more than a year of writing as fast as it can, and thousands of restores fit into a counter.
 */
const REVISION_JUMP = 2 ** 40;

/** What the restored cell is called. */
export type NewCell = Pick<CellFacts, 'name' | 'cellId'>;

/**
 * The state with which a new cell begins that is restored from a backup: the files, directories and access lists of the
 * old one, and nothing else.
 *
 * What is carried over is named here, so that nothing of the old life can slip in: no session, handle, lock, lock-delay,
 * ephemeral node or secret, no epoch and no configuration. Secrets are drawn by the first master. Every node is a new
 * instance, at a revision that the old cell cannot have reached: so handles, sequencers and fences of the old life are
 * never taken for those of the new one. (DESIGN 5)
 *
 * @throws MalformedBytes when it is no state of a cell
 */
export function restoredState(backup: DbState, { name, cellId }: NewCell): FaultTolerantDb {
  const entries = new Entries();
  for (const { from, to } of [ALL_NODES, ALL_CONTENTS]) {
    for (const { key, value } of backup.range(from, to)) entries.insert(key, value);
  }
  const revision = decodeCounter(stored(backup, REVISION_KEY)) + REVISION_JUMP;
  if (!Number.isSafeInteger(revision)) throw new MalformedBytes('its global revision is at its end');
  removeEphemerals(entries, revision);
  for (const { key, value } of [...entries.range(ALL_NODES.from, ALL_NODES.to)]) {
    const node = decodeNode(value);
    entries.insert(
      key,
      encodeNode({ ...node, instanceNumber: revision, revision, removalRevision: revision, creator: undefined }),
    );
  }
  const facts = decodeCellFacts(stored(backup, CELL_FACTS_KEY));
  entries.insert(CELL_FACTS_KEY, encodeCellFacts({ ...facts, name, cellId }));
  entries.insert(REVISION_KEY, encodeCounter(revision));
  return new FaultTolerantDb(entries, backup.appliedUpTo);
}

/** The name of the cell that a state is of. @throws MalformedBytes when it is of none */
export const cellNameOf = (state: ReadView): string => decodeCellFacts(stored(state, CELL_FACTS_KEY)).name;

/** The global revision of a state. @throws MalformedBytes when it has none */
export const revisionOf = (state: ReadView): number => decodeCounter(stored(state, REVISION_KEY));

/** Removes every ephemeral node; one with lasting children only waits to become empty, as after its session's end. */
function removeEphemerals(entries: Entries, revision: number): void {
  const draft = new Draft(entries, revision);
  const ephemerals: NodePath[] = [];
  for (const { key, value } of entries.range(ALL_NODES.from, ALL_NODES.to)) {
    if (decodeNode(value).ephemeral) ephemerals.push(pathOfNodeKey(key));
  }
  // Keys have the order of levels: from the last one on, children come before their directories.
  for (const path of ephemerals.reverse()) {
    const node = readNode(draft, path);
    if (node?.childCount === 0) removeNode(draft, path, node);
    else if (node !== undefined) draft.put(nodeKey(path), encodeNode({ ...node, creator: undefined }));
  }
  for (const operation of draft.operations()) {
    if (operation.op === 'insert') entries.insert(operation.key, operation.value);
    else entries.delete(operation.key);
  }
}

function stored(state: ReadView, key: Key): Uint8Array {
  const value = state.get(key);
  if (value === undefined) throw new MalformedBytes('it is not the state of a cell');
  return value;
}
