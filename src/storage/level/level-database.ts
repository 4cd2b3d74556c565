import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import type { Identity } from '../../paxos/ballot.js';
import { damagedLog, entryError, levelError } from './damage.js';
import { exists, syncDirectory } from './durable-files.js';
import { HEADER_KEY } from './keys.js';
import { openHeader, sealHeader } from './log-header.js';
import { sumIn } from './sealed-entry.js';
import { UnusableDirectory } from './unusable-directory.js';

/** The database underneath a log: keys and values are bytes. */
export type LevelDb = ClassicLevel<Uint8Array, Uint8Array>;

/** Where a log is made before it is renamed to its place. */
export const asideOf = (directory: string): string => `${directory}.new`;

/**
 * Creates a database that holds only the header, and closes it. It is made aside and renamed, so that a crash leaves a
 * whole one or none; what an earlier attempt left aside is removed.
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
 * Opens the database of an identity's log; never creates one.
 *
 * @returns the database, and the sum of its header
 * @throws DamagedLog when it is not there, or LevelDB cannot make sense of it
 * @throws UnusableDirectory when another process has it open, it belongs to another identity or is of a later format
 * @throws StorageFailure when it cannot be read
 */
export async function openDatabase(directory: string, owner: Identity): Promise<{ db: LevelDb; headerSum: number }> {
  // LevelDB makes the directory even where it then refuses to make a database.
  if (!(await exists(join(directory, 'CURRENT')))) throw damagedLog(directory, 'its file CURRENT is gone');
  const db = await openLevel(directory, false);
  try {
    return { db, headerSum: await readHeader(db, owner) };
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

/** The header's sum, once the header is known to be `owner`'s. */
async function readHeader(db: LevelDb, owner: Identity): Promise<number> {
  const stored = await db.get(HEADER_KEY);
  if (stored === undefined) throw damagedLog(db.location, 'its header is missing');
  const found = openHeaderIn(db.location, stored);
  if (found.replicaId !== owner.replicaId || found.incarnation !== owner.incarnation) {
    throw new UnusableDirectory(
      'other-replica',
      `${db.location} is the log of ${show(found)}, but this is ${show(owner)}: put back the log that belongs here`,
    );
  }
  return sumIn(stored);
}

function openHeaderIn(directory: string, stored: Uint8Array): Identity {
  try {
    return openHeader(stored);
  } catch (error) {
    throw entryError(directory, HEADER_KEY, error);
  }
}

const show = ({ replicaId, incarnation }: Identity): string => `replica ${replicaId}, incarnation ${incarnation}`;
