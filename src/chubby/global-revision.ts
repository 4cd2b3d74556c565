import type { Batch } from '../db/batch.js';
import type { ReadView } from '../db/read-view.js';
import { decodeCounter } from './records/counter.js';
import { REVISION_KEY } from './records/keys.js';

/** The global revision of a state; nothing before the cell's first value. */
export function revisionIfAny(state: ReadView): number | undefined {
  const stored = state.get(REVISION_KEY);
  return stored === undefined ? undefined : decodeCounter(stored);
}

/** The global revision that a batch leads to, where it changes it. */
export function revisionIn({ entries }: Batch): number | undefined {
  // It is written once, behind all that the batch does.
  for (const operation of entries.at(-1)?.multiOp.tOps ?? []) {
    if (operation.op === 'insert' && operation.key === REVISION_KEY) return decodeCounter(operation.value);
  }
  return undefined;
}
