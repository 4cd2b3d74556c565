import { assert } from '../common/assert.js';
import type { Draft } from './draft.js';
import { nodeKey } from './records/keys.js';
import { encodeNode } from './records/node.js';
import type { NodePath } from './records/node-path.js';
import { showPath } from './records/node-path.js';
import { Refusal } from './refusal.js';
import { directoryFor } from './tree.js';

const DIGITS = 10;
const LARGEST = 10 ** DIGITS - 1;

/** Stands for the digits in the name of a sequential node until they are known. */
export const SEQUENCE_PLACE = '0'.repeat(DIGITS);

/**
 * The name of the directory's next sequential child. Its number is used up with this draft: a directory counts them all
 * in one row, whatever stands before the digits, so that no number ever comes again.
 *
 * @param path ends with {@link SEQUENCE_PLACE}
 */
export function nextInSequence(draft: Draft, path: NodePath): NodePath | Refusal {
  assert(path.endsWith(SEQUENCE_PLACE), 'a sequential name has a place for its digits');
  const directory = directoryFor(draft, path);
  if (directory instanceof Refusal) return directory;
  const { node } = directory;
  const stem = path.slice(0, -DIGITS);
  for (let number = node.nextSequence; number <= LARGEST; number++) {
    const name = `${stem}${String(number).padStart(DIGITS, '0')}` as NodePath;
    // Somebody may have made a node of this name by himself.
    if (draft.get(nodeKey(name)) !== undefined) continue;
    draft.put(nodeKey(directory.path), encodeNode({ ...node, nextSequence: number + 1 }));
    return name;
  }
  return new Refusal(
    'LIMIT_CHILDREN',
    `${showPath(directory.path)} has used up the numbers of its sequential children`,
  );
}
