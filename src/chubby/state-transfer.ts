import { StateLoader, stateChunks } from '../db/state-chunks.js';
import type { ExpectedState } from '../db/state-chunks.js';
import type { Cell } from './cell.js';

// A cell's state on its way into a snapshot and out of one: all of it is in the database. (DESIGN 4)

/** The state as it is now: a copy that costs nothing until the state goes on. */
export function stateSnapshot(cell: Cell) {
  const state = cell.applied.clone();
  return {
    slot: state.appliedUpTo,
    digest: state.digest,
    entryCount: state.entryCount,
    stateBytes: state.sizeBytes,
    chunks: (chunkBytes: number): Iterable<Uint8Array> => stateChunks(state, chunkBytes),
  };
}

/** Reads a snapshot's state, which is then to become the cell's. */
export function stateLoading(cell: Cell) {
  const loader = new StateLoader();
  return {
    /** @throws MalformedBytes */
    add: (chunk: Uint8Array): void => loader.add(chunk),
    /** @throws MalformedBytes when it is not the state that is expected */
    finish: (expected: ExpectedState) => {
      const state = loader.finish(expected);
      const { pairInForce, configuration } = state;
      return { slot: expected.slot, pairInForce, configuration, install: () => cell.become(state) };
    },
  };
}
