import { assert } from '../../common/assert.js';
import type { Slot } from '../../paxos/ballot.js';
import { EMPTY_LOG } from '../log-state.js';
import type { RecoveredLog } from '../replay-log.js';
import { damagedLog, entryError } from './damage.js';
import { ExpectedRecords } from './expected-records.js';
import { openJournalEntry } from './journal-entry.js';
import type { JournalEntry } from './journal-entry.js';
import { ALL_WRITES, describeKey, END_OF_SLOTS, slotKey, slotOf, writeKey, writeNumberOf } from './keys.js';
import type { LevelDb } from './level-database.js';
import { lastOf, scan } from './scan.js';
import { sumIn, verifiedSum } from './sealed-entry.js';

/** Slots verified per pass over the journal: 5 MB, and a single pass for all but enormous logs. */
const STRETCH_SLOTS = 2 ** 20;

/** What a log holds, and where its journal goes on. */
export interface VerifiedLog {
  readonly log: RecoveredLog;
  readonly firstWrite: number;
  /** 0 before the first turn. */
  readonly lastWrite: number;
  /** The sum of the last write's journal entry; of the header, before the first turn. */
  readonly lastSum: number;
}

/** Where a pass over the journal ended. */
interface EndOfJournal extends Pick<VerifiedLog, 'lastWrite' | 'lastSum'> {
  /** The lowest slot beyond the stretch of the pass that has a record. */
  readonly following: Slot | undefined;
}

/**
 * Verifies a whole log: every journal entry from the first kept one on is there and names the sum of the one before it;
 * every slot's record is the one that the newest turn to write it stored; no slot has a record that no turn stored; no
 * slot up to the chosen watermark is without one. (DESIGN 3.10)
 *
 * A tail that is gone altogether, journal and records, is not seen from here: nothing inside LevelDB can prove it. What is
 * outside it does: see `tail-verifier.ts`.
 */
export class LogVerifier {
  /**
   * @param headerSum the sum of the log's header, with which the journal's chain begins
   * @param stretchSlots how many slots are verified per pass over the journal: bounds the memory
   */
  constructor(
    private readonly db: LevelDb,
    private readonly headerSum: number,
    private readonly stretchSlots = STRETCH_SLOTS,
  ) {}

  /** @throws DamagedLog naming the first thing found wrong; StorageFailure when the disk does not answer */
  async verify(): Promise<VerifiedLog> {
    const last = await lastOf(this.db, ALL_WRITES);
    if (last === undefined) {
      await this.#compareRecords(new ExpectedRecords(EMPTY_LOG.firstSlot, 0), undefined, EMPTY_LOG.chosenUpTo);
      return { log: EMPTY_LOG, firstWrite: 1, lastWrite: 0, lastSum: this.headerSum };
    }
    const { log, firstWrite } = this.#open(...last);
    let first = log.firstSlot;
    for (;;) {
      const expected = new ExpectedRecords(first, Math.min(this.stretchSlots, log.lastSlot + 1 - first));
      const { following, ...end } = await this.#readJournal(firstWrite, expected);
      await this.#compareRecords(expected, following, log.chosenUpTo);
      if (following === undefined) return { log, firstWrite, ...end };
      first = following;
    }
  }

  /** Verifies the journal, and notes what it says of the records of a stretch. */
  async #readJournal(firstWrite: number, expected: ExpectedRecords): Promise<EndOfJournal> {
    let lastWrite = firstWrite - 1;
    // What was before the first kept entry is gone, unless that is the first of all.
    let lastSum = firstWrite === 1 ? this.headerSum : undefined;
    let following: Slot | undefined;
    for await (const chunk of scan(this.db, { ...ALL_WRITES, from: writeKey(firstWrite) })) {
      for (const [key, stored] of chunk) {
        const { previousSum, written } = this.#open(key, stored);
        if (writeNumberOf(key) !== lastWrite + 1) {
          throw damagedLog(this.db.location, `${describeKey(writeKey(lastWrite + 1))} is missing`);
        }
        if (previousSum !== (lastSum ?? previousSum)) {
          throw damagedLog(this.db.location, `${describeKey(key)} does not follow the one before it`);
        }
        lastWrite++;
        lastSum = sumIn(stored);
        for (const { slot, sum } of written) {
          if (slot < expected.end) expected.note(slot, sum);
          else if (following === undefined || slot < following) following = slot;
        }
      }
    }
    assert(lastSum !== undefined, 'a journal ends with its newest entry');
    return { lastWrite, lastSum, following };
  }

  /**
   * Verifies the records of a stretch, and that there are none between it and the `following` one; or, if it is the last,
   * none after it.
   */
  async #compareRecords(expected: ExpectedRecords, following: Slot | undefined, chosenUpTo: Slot): Promise<void> {
    const below = following === undefined ? END_OF_SLOTS : slotKey(following);
    let next = expected.first;
    for await (const chunk of scan(this.db, { from: slotKey(next), below })) {
      for (const [key, stored] of chunk) {
        const slot = slotOf(key);
        const sum = slot === undefined ? undefined : expected.sumOf(slot);
        if (slot === undefined || sum === undefined) {
          throw damagedLog(this.db.location, `${describeKey(key)} is there, but no turn stored it`);
        }
        this.#expectNone(expected, next, slot, chosenUpTo);
        if (this.#verifiedSum(key, stored) !== sum) {
          throw damagedLog(this.db.location, `${describeKey(key)} is not the one stored last`);
        }
        next = (slot + 1) as Slot;
      }
    }
    this.#expectNone(expected, next, following ?? expected.end, chosenUpTo);
  }

  /** No record was stored in the slots from `from` to below `end`, where none was found, and none of them is chosen. */
  #expectNone(expected: ExpectedRecords, from: Slot, end: Slot, chosenUpTo: Slot): void {
    for (let slot = from; slot < end && slot < expected.end; slot = (slot + 1) as Slot) {
      if (expected.sumOf(slot) !== undefined) {
        throw damagedLog(this.db.location, `${describeKey(slotKey(slot))} is missing`);
      }
    }
    if (from < end && from <= chosenUpTo) {
      throw damagedLog(this.db.location, `slot ${from} is chosen, but was never stored`);
    }
  }

  #open(key: Uint8Array, stored: Uint8Array): JournalEntry {
    try {
      return openJournalEntry(key, stored);
    } catch (error) {
      throw entryError(this.db.location, key, error);
    }
  }

  #verifiedSum(key: Uint8Array, stored: Uint8Array): number {
    try {
      return verifiedSum(key, stored);
    } catch (error) {
      throw entryError(this.db.location, key, error);
    }
  }
}
