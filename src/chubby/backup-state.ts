import { FaultTolerantDb } from '../db/fault-tolerant-db.js';
import type { DbState } from '../db/fault-tolerant-db.js';
import type { Cell } from './cell.js';
import { ALL_OF_SESSIONS, ALL_SECRETS } from './records/keys.js';

/** Entries that are left out in one turn: some milliseconds. */
const LEFT_OUT_PER_STEP = 500;

/**
 * The applied state as a backup has it: as it is now, without the cell's secrets and without sessions, whose records hold
 * theirs. A copy that costs nothing now; what is to be left out is left out in small steps. (DESIGN 5)
 *
 * @returns what yields after each step, and returns the state
 */
export function backupState(cell: Cell): Generator<undefined, DbState> {
  const entries = cell.applied.copyOfEntries();
  const { appliedUpTo } = cell.applied;
  return leaveOut();

  function* leaveOut(): Generator<undefined, DbState> {
    for (const { from, to } of [ALL_SECRETS, ...ALL_OF_SESSIONS]) {
      for (;;) {
        const keys = firstOf(entries.range(from, to), LEFT_OUT_PER_STEP).map(({ key }) => key);
        for (const key of keys) entries.delete(key);
        if (keys.length < LEFT_OUT_PER_STEP) break;
        yield;
      }
    }
    return new FaultTolerantDb(entries, appliedUpTo);
  }
}

function firstOf<Item>(items: Iterable<Item>, atMost: number): Item[] {
  const found: Item[] = [];
  for (const item of items) {
    found.push(item);
    if (found.length === atMost) break;
  }
  return found;
}
