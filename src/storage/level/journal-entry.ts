import type { Slot } from '../../paxos/ballot.js';
import type { RecoveredLog } from '../replay-log.js';
import { beginEntry, openEntry, sealEntry } from './sealed-entry.js';
import type { SealedEntry } from './sealed-entry.js';
import { putBallot, takeBallot } from './stored-ballot.js';

/** Which record a turn stored: its slot, and the sum of what is stored there. */
export interface WrittenRecord {
  readonly slot: Slot;
  readonly sum: number;
}

/**
 * What each turn leaves beside its records, in the same batch: the proof, for whoever opens the log later, of everything
 * that must be there. LevelDB does not notice that it lost something; the journal does.
 */
export interface JournalEntry {
  /** The sum of the journal entry before this one; of the header, for the first. */
  readonly previousSum: number;
  /** What the log knows after the turn. */
  readonly log: RecoveredLog;
  /** The lowest write whose journal entry is kept: 1 until something is truncated. */
  readonly firstWrite: number;
  /** In the order of the turn; a slot's later record replaces its earlier one. */
  readonly written: readonly WrittenRecord[];
}

const FIXED_BYTES = 72;
const WRITTEN_RECORD_BYTES = 12;

/** The entry as stored under `key`, which is its write's. */
export function sealJournalEntry(key: Uint8Array, entry: JournalEntry): SealedEntry {
  const { promised, lastRound, chosenUpTo, firstSlot, lastSlot } = entry.log;
  const out = beginEntry(FIXED_BYTES + entry.written.length * WRITTEN_RECORD_BYTES).u32(entry.previousSum);
  putBallot(out, promised).uint(lastRound).uint(chosenUpTo).uint(firstSlot).uint(lastSlot);
  out.uint(entry.firstWrite).uint(entry.written.length);
  for (const { slot, sum } of entry.written) out.uint(slot).u32(sum);
  return sealEntry(key, out);
}

/** @throws MalformedBytes when the entry stored under `key` is not whole */
export function openJournalEntry(key: Uint8Array, stored: Uint8Array): JournalEntry {
  const from = openEntry(key, stored);
  const previousSum = from.u32();
  const promised = takeBallot(from);
  const lastRound = from.uint();
  const chosenUpTo = from.uint() as Slot;
  const firstSlot = from.uint() as Slot;
  const lastSlot = from.uint() as Slot;
  const firstWrite = from.uint();
  const written: WrittenRecord[] = [];
  for (let count = from.uint(); count > 0; count--) written.push({ slot: from.uint() as Slot, sum: from.u32() });
  from.end();
  return { previousSum, log: { promised, lastRound, chosenUpTo, firstSlot, lastSlot }, firstWrite, written };
}
