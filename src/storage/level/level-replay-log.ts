import { assert } from '../../common/assert.js';
import type { AcceptedRecord } from '../../paxos/accepted-record.js';
import type { Identity, Slot } from '../../paxos/ballot.js';
import { afterTurn } from '../log-state.js';
import type { RecoveredLog, ReplayLog, Turn } from '../replay-log.js';
import type { Rereadable } from '../rereadable.js';
import { StorageFailure } from '../storage-failure.js';
import { damagedLog, entryError, levelError } from './damage.js';
import { openJournalEntry, sealJournalEntry } from './journal-entry.js';
import type { WrittenRecord } from './journal-entry.js';
import { ALL_WRITES, describeKey, slotKey, writeKey, writeNumberOf } from './keys.js';
import { createDatabase, openDatabase } from './level-database.js';
import type { LevelDb } from './level-database.js';
import { rereadLog } from './log-rereader.js';
import { LogVerifier } from './log-verifier.js';
import type { VerifiedLog } from './log-verifier.js';
import { lastOf, scan } from './scan.js';
import { openRecord, sealRecord } from './slot-record.js';
import { writeSynced } from './synced-batch.js';
import type { Put } from './synced-batch.js';
import type { TailMark } from './tail-mark.js';
import { TailProof, tailProofOf } from './tail-proof.js';
import { verifyTail } from './tail-verifier.js';

/**
 * The replay log in LevelDB. A turn is one synced batch: the record of each slot it accepted, and one journal entry that
 * names them all, so that `recover` can tell whether everything is still there.
 *
 * `read` finds changed bytes by the sum in each record, which costs no memory per slot; that no record is missing, added
 * or out of date is what the journal proves, once, at `recover`. That the journal itself still has its newest entries is
 * proved outside LevelDB: each turn is marked in a file beside it before it counts as appended. (DESIGN 3.10)
 */
export class LevelReplayLog implements ReplayLog, Rereadable {
  readonly #db: LevelDb;
  readonly #headerSum: number;
  readonly #tail: TailProof;
  /** As of the last durable turn; absent until recovered. */
  #state: VerifiedLog | undefined;
  #appending = false;
  /** The lowest write whose journal entry is needed, as of the last {@link reclaim}; the next turn says so on disk. */
  #firstNeededWrite = 1;
  #failure: StorageFailure | undefined;

  private constructor(
    db: LevelDb,
    headerSum: number,
    tail: TailProof,
    /** Whose promises it keeps. */
    readonly owner: Identity,
  ) {
    this.#db = db;
    this.#headerSum = headerSum;
    this.#tail = tail;
  }

  /**
   * Creates the empty log of a replica that has just been given its identity, and opens it.
   *
   * @throws UnusableDirectory when something is there already
   * @throws StorageFailure when it cannot be written
   */
  static async create(directory: string, owner: Identity): Promise<LevelReplayLog> {
    await createDatabase(directory, owner);
    return LevelReplayLog.open(directory, owner);
  }

  /**
   * Opens the log of an identity. Never creates one.
   *
   * @throws DamagedLog when it or the proof of its tail is not there, or nobody can make sense of it
   * @throws UnusableDirectory when another process has it open, it belongs to another identity or is of a later format
   * @throws StorageFailure when it cannot be read
   */
  static async open(directory: string, owner: Identity): Promise<LevelReplayLog> {
    const { db, headerSum } = await openDatabase(directory, owner);
    try {
      return new LevelReplayLog(db, headerSum, await TailProof.open(tailProofOf(directory), owner), owner);
    } catch (error) {
      await db.close();
      throw error;
    }
  }

  /** Whether anything was ever appended, as far as a glance tells. */
  async hasTurns(): Promise<boolean> {
    return (await lastOf(this.#db, ALL_WRITES)) !== undefined;
  }

  async recover(): Promise<RecoveredLog> {
    assert(this.#state === undefined, 'a log is recovered once');
    const state = await new LogVerifier(this.#db, this.#headerSum).verify();
    await verifyTail(this.#db, state, this.#tail);
    await this.#tail.renew(this.#markOf(state));
    this.#state = state;
    return state.log;
  }

  /** @throws StorageFailure for this turn and every later one, once one was refused */
  async append(turn: Turn): Promise<void> {
    assert(this.#state !== undefined, 'a log is recovered before it is written');
    assert(!this.#appending, 'one append at a time');
    if (this.#failure !== undefined) throw this.#failure;

    const { log, lastWrite, lastSum } = this.#state;
    const firstWrite = Math.max(this.#state.firstWrite, this.#firstNeededWrite);
    const after = afterTurn(log, turn);
    const puts: Put[] = [];
    const written: WrittenRecord[] = [];
    for (const record of turn.accepted) {
      const key = slotKey(record.slot);
      const { stored, sum } = sealRecord(key, record);
      puts.push({ type: 'put', key, value: stored });
      written.push({ slot: record.slot, sum });
    }
    const key = writeKey(lastWrite + 1);
    const { stored, sum } = sealJournalEntry(key, { previousSum: lastSum, log: after, firstWrite, written });
    puts.push({ type: 'put', key, value: stored });

    await this.#store(puts, { log: after, firstWrite, lastWrite: lastWrite + 1, lastSum: sum });
  }

  async read(from: Slot, upTo: Slot, maxBytes: number): Promise<AcceptedRecord[]> {
    assert(this.#state !== undefined, 'a log is recovered before it is read');
    const { firstSlot, lastSlot, chosenUpTo } = this.#state.log;
    const end = Math.min(upTo, lastSlot) + 1;
    let next: number = Math.max(from, firstSlot);
    const records: AcceptedRecord[] = [];
    let sizeBytes = 0;
    if (next >= end) return records;
    const range = { from: slotKey(next as Slot), below: slotKey(end as Slot) };
    for await (const chunk of scan(this.#db, range, maxBytes)) {
      for (const [key, stored] of chunk) {
        const record = this.#open(key, stored);
        this.#expectNoneChosen(next, record.slot, chosenUpTo);
        sizeBytes += record.value.length;
        if (sizeBytes > maxBytes && records.length > 0) return records;
        records.push(record);
        next = record.slot + 1;
      }
    }
    this.#expectNoneChosen(next, end, chosenUpTo);
    return records;
  }

  /**
   * Reads the log and the proof of its tail again. What it cannot see: entries that are so new that LevelDB has them in
   * memory and in its `.log` file, which it never reads before it is opened again; a file that the system still has in
   * memory as it was written; a record that is an older one of its slot.
   *
   * @see Rereadable.reread
   */
  async *reread(): AsyncGenerator<number, void, undefined> {
    // In a birth, and while it is verified, it is nothing yet that could be read again.
    if (this.#state === undefined) return;
    const state = (): VerifiedLog => {
      assert(this.#state !== undefined, 'what is recovered stays so');
      return this.#state;
    };
    yield await this.#tail.reread();
    yield* rereadLog({ db: this.#db, state, read: (from, upTo, maxBytes) => this.read(from, upTo, maxBytes) });
  }

  /**
   * Deletes the records below the first slot, and the journal entries that only they needed: those of which a durable
   * turn says that they are not, so in part one call later. What a crash leaves of either is never looked at.
   */
  async reclaim(): Promise<void> {
    assert(this.#state !== undefined, 'a log is recovered before it is truncated');
    const { log, firstWrite } = this.#state;
    this.#firstNeededWrite = await this.#findFirstNeededWrite(log.firstSlot, firstWrite);
    await this.#delete(slotKey(0 as Slot), slotKey(log.firstSlot));
    await this.#delete(writeKey(0), writeKey(firstWrite));
  }

  /** The first write, from one on, that stored a record which is still needed; the last one, if none did. */
  async #findFirstNeededWrite(firstSlot: Slot, from: number): Promise<number> {
    let write = from;
    for await (const chunk of scan(this.#db, { ...ALL_WRITES, from: writeKey(from) })) {
      for (const [key, stored] of chunk) {
        write = writeNumberOf(key) ?? write;
        if (openJournalEntry(key, stored).written.some(({ slot }) => slot >= firstSlot)) return write;
      }
    }
    return write;
  }

  async #delete(from: Uint8Array, below: Uint8Array): Promise<void> {
    try {
      await this.#db.clear({ gte: from, lt: below });
    } catch (error) {
      throw levelError(this.#db.location, 'cannot delete from', error);
    }
  }

  /** Idempotent. @throws StorageFailure when the disk refuses, or refused, the proof of the tail */
  close(): Promise<void> {
    // LevelDB's lock goes last: it covers the proof, too.
    return this.#tail.close().finally(() => this.#db.close());
  }

  /** Stores one write, and marks it once it is durable: a mark must never know of more than the log. */
  async #store(puts: Put[], after: VerifiedLog): Promise<void> {
    this.#appending = true;
    try {
      await writeSynced(this.#db, puts);
      await this.#tail.note(this.#markOf(after));
    } catch (error) {
      this.#failure =
        error instanceof StorageFailure ? error : new StorageFailure(`cannot write ${this.#db.location}`, error);
      throw this.#failure;
    } finally {
      this.#appending = false;
    }
    this.#state = after;
  }

  #markOf({ log, lastWrite, lastSum }: VerifiedLog): TailMark {
    const { promised, lastRound } = log;
    return { owner: this.owner, writeNumber: lastWrite, sum: lastSum, promised, lastRound };
  }

  #open(key: Uint8Array, stored: Uint8Array): AcceptedRecord {
    try {
      return openRecord(key, stored);
    } catch (error) {
      throw entryError(this.#db.location, key, error);
    }
  }

  /** No slot from `from` to below `end`, where no record was found, is chosen. */
  #expectNoneChosen(from: number, end: number, chosenUpTo: Slot): void {
    if (from >= end || from > chosenUpTo) return;
    throw damagedLog(this.#db.location, `${describeKey(slotKey(from as Slot))} is missing`);
  }
}
