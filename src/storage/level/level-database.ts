import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import type { Identity } from '../../paxos/ballot.js';
import { damagedLog, entryError, levelError } from './damage.js';
import { asideOf, exists, syncDirectory } from './durable-files.js';
import { HEADER_KEY } from './keys.js';
import { headerSumOf, openHeader, sealHeader } from './log-header.js';
import type { LogHeader } from './log-header.js';
import { expectOwner } from './log-owner.js';
import { verifyTables } from './table-file.js';
import { TailProof, tailProofOf } from './tail-proof.js';
import { UnusableDirectory } from './unusable-directory.js';

/** The database underneath a log: keys and values are bytes. */
export type LevelDb = ClassicLevel<Uint8Array, Uint8Array>;

/**
 * Creates a database that holds only the header, and closes it. It is made aside and renamed, so that a crash leaves a
 * whole one or none; what an earlier attempt left aside is removed. The proof of the log's tail is there before: no crash
 * leaves a log without one.
 *
 * @throws UnusableDirectory when something is there already
 * @throws StorageFailure when it cannot be written
 */
export async function createDatabase(directory: string, owner: Identity): Promise<void> {
  const aside = asideOf(directory);
  try {
    if (await exists(directory)) {
      throw new UnusableDirectory(
        'exists',
        `a new log was to be created in ${directory}, where something is already: move that away`,
      );
    }
    await TailProof.create(tailProofOf(directory), owner, headerSumOf(owner));
    await rm(aside, { recursive: true, force: true });
    const db = await openLevel(aside, true);
    try {
      await db.put(HEADER_KEY, sealHeader(owner).stored, { sync: true });
    } finally {
      await db.close();
    }
    await syncDirectory(aside);
    await rename(aside, directory);
    await syncDirectory(dirname(directory));
  } catch (error) {
    throw levelError(directory, 'cannot create', error);
  }
}

/**
 * Opens the database of an identity's log; never creates one. A log of the first format gets a proof of its tail, which
 * from then on must be there.
 *
 * @returns the database, and the sum with which its journal begins
 * @throws DamagedLog when it is not there, or LevelDB cannot make sense of it
 * @throws UnusableDirectory when another process has it open, it belongs to another identity or is of a later format
 * @throws StorageFailure when it cannot be read
 */
export async function openDatabase(directory: string, owner: Identity): Promise<{ db: LevelDb; headerSum: number }> {
  // LevelDB makes the directory even where it then refuses to make a database.
  if (!(await exists(join(directory, 'CURRENT')))) throw damagedLog(directory, 'its file CURRENT is gone');
  await verifyTables(directory);
  const db = await openLevel(directory, false);
  try {
    const { tailProved } = await readHeader(db, owner);
    const headerSum = headerSumOf(owner);
    if (!tailProved) await proveTail(db, owner, headerSum);
    return { db, headerSum };
  } catch (error) {
    await db.close();
    throw levelError(directory, 'cannot read', error);
  }
}

async function openLevel(directory: string, createIfMissing: boolean): Promise<LevelDb> {
  const db: LevelDb = new ClassicLevel(directory, { keyEncoding: 'view', valueEncoding: 'view' });
  try {
    await db.open({ createIfMissing, errorIfExists: createIfMissing });
  } catch (error) {
    throw levelError(directory, 'cannot open', error);
  }
  return db;
}

/**
 * The header says that there is a proof only once there is one. Made anew, it knows of no turn yet; the recovery that
 * follows marks the last one.
 */
async function proveTail(db: LevelDb, owner: Identity, headerSum: number): Promise<void> {
  try {
    await TailProof.create(tailProofOf(db.location), owner, headerSum);
    await db.put(HEADER_KEY, sealHeader(owner).stored, { sync: true });
  } catch (error) {
    throw levelError(db.location, 'cannot write', error);
  }
}

/** The header, once it is known to be `owner`'s. */
async function readHeader(db: LevelDb, owner: Identity): Promise<LogHeader> {
  const stored = await db.get(HEADER_KEY);
  if (stored === undefined) throw damagedLog(db.location, 'its header is missing');
  const header = openHeaderIn(db.location, stored);
  expectOwner(db.location, header.owner, owner);
  return header;
}

function openHeaderIn(directory: string, stored: Uint8Array): LogHeader {
  try {
    return openHeader(stored);
  } catch (error) {
    throw entryError(directory, HEADER_KEY, error);
  }
}
