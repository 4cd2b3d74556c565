import type { AcceptedRecord } from '../../paxos/accepted-record.js';
import type { Slot } from '../../paxos/ballot.js';
import { damagedLog, entryError } from './damage.js';
import { openJournalEntry } from './journal-entry.js';
import { ALL_WRITES, describeKey, writeKey, writeNumberOf } from './keys.js';
import type { LevelDb } from './level-database.js';
import type { VerifiedLog } from './log-verifier.js';
import { scan } from './scan.js';
import { sumIn } from './sealed-entry.js';

/** One read: small enough that no write waits behind it for long. */
const PIECE_BYTES = 64 * 1024;

/** A log that goes on while it is read again. */
export interface OpenLog {
  readonly db: LevelDb;
  /** As of the last durable turn. */
  state(): VerifiedLog;
  /** As `ReplayLog.read`. */
  read(from: Slot, upTo: Slot, maxBytes: number): Promise<AcceptedRecord[]>;
}

/**
 * Reads a log again that was found whole when it was opened: that each record has its sum, that none which is chosen is
 * missing, and that the journal still is one chain up to its newest entry. Each piece is a read of its own, since one that
 * lasted would keep LevelDB from removing files. (DESIGN 3.10)
 *
 * @returns how many bytes each piece had
 * @throws DamagedLog, StorageFailure
 */
export async function* rereadLog(log: OpenLog): AsyncGenerator<number, void, undefined> {
  yield* rereadRecords(log);
  yield* rereadJournal(log);
}

async function* rereadRecords({ state, read }: OpenLog): AsyncGenerator<number, void, undefined> {
  const { firstSlot, lastSlot } = state().log;
  for (let slot = firstSlot; slot <= lastSlot;) {
    const records = await read(slot, lastSlot, PIECE_BYTES);
    const newest = records.at(-1);
    if (newest === undefined) return;
    yield records.reduce((sum, { value }) => sum + value.length, 0);
    slot = (newest.slot + 1) as Slot;
  }
}

async function* rereadJournal({ db, state }: OpenLog): AsyncGenerator<number, void, undefined> {
  const { lastWrite } = state();
  let next = state().firstWrite;
  let previousSum: number | undefined;
  while (next <= lastWrite) {
    let sizeBytes = 0;
    let found = false;
    for await (const chunk of scan(db, { ...ALL_WRITES, from: writeKey(next) }, PIECE_BYTES)) {
      for (const [key, stored] of chunk) {
        const entry = openEntry(db, key, stored);
        if (writeNumberOf(key) !== next) break;
        if (previousSum !== undefined && entry.previousSum !== previousSum) {
          throw damagedLog(db.location, `${describeKey(key)} does not follow the one before it`);
        }
        found = true;
        next++;
        previousSum = sumIn(stored);
        sizeBytes += stored.length;
      }
      break;
    }
    if (!found) {
      // The log may have been truncated meanwhile.
      const { firstWrite } = state();
      if (next >= firstWrite) throw damagedLog(db.location, `${describeKey(writeKey(next))} is missing`);
      next = firstWrite;
      previousSum = undefined;
    }
    yield sizeBytes;
  }
}

function openEntry(db: LevelDb, key: Uint8Array, stored: Uint8Array): ReturnType<typeof openJournalEntry> {
  try {
    return openJournalEntry(key, stored);
  } catch (error) {
    throw entryError(db.location, key, error);
  }
}
