import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Rng } from '../../common/rng.js';
import { DamagedIdentity } from '../identity-store.js';
import { newIdentity } from '../new-identity.js';
import { exists, makeDirectory, syncDirectory } from './durable-files.js';
import { FileIdentityStore } from './identity-file.js';
import { LevelReplayLog } from './level-replay-log.js';
import { removeReserve } from './reserve-file.js';

/** What is prepared to take a directory's place. */
const nextOf = (directory: string): string => `${directory}.next`;
const DAMAGED = '.damaged-';
/** Those that came before are removed: a disk that fails again and again must not fill itself. */
const KEPT = 2;

/**
 * Puts in the place of a damaged data directory that of a new incarnation, which knows its cell and joins it as one that
 * lost its disk. It takes part in no birth: a cell whose directories are all damaged must not be born again, empty. What
 * was there is kept beside it, for whoever wants to see what happened, or has to restore from it. (DESIGN 3.9)
 *
 * @param directory of a replica that is not running, and member of a cell by an identity file that is sound
 * @returns where the damaged one is now
 * @throws DamagedIdentity when the identity tells of no cell
 * @throws StorageFailure when the disk refuses
 */
export async function setAside(directory: string, rng: Rng): Promise<string> {
  const old = await new FileIdentityStore(directory).load();
  if (old?.state !== 'member' || old.cellId === undefined) {
    throw new DamagedIdentity(`${directory} does not say of which cell it is a member`);
  }
  const { self, offeredCellId } = newIdentity(old.self.replicaId, rng);
  const next = nextOf(directory);
  await rm(next, { recursive: true, force: true });
  await makeDirectory(next);
  const { cellId, longestLeaseMs } = old;
  await new FileIdentityStore(next).create({ state: 'member', self, offeredCellId, cellId, longestLeaseMs });
  const log = await LevelReplayLog.create(join(next, 'log'), self);
  await log.close();
  const aside = `${directory}${DAMAGED}${old.self.incarnation}`;
  await rm(aside, { recursive: true, force: true });
  await removeReserve(directory);
  await rename(directory, aside);
  await putInPlace(directory);
  await removeOldest(directory, aside);
  return aside;
}

/** Finishes what a crash interrupted. To be called before the directory is opened. */
export async function finishSettingAside(directory: string): Promise<void> {
  if (!(await exists(directory)) && (await exists(nextOf(directory)))) await putInPlace(directory);
}

async function putInPlace(directory: string): Promise<void> {
  await rename(nextOf(directory), directory);
  await syncDirectory(dirname(directory));
}

/** The damaged directories that were set aside from here and are still there. @throws Error of Node */
export async function directoriesSetAside(directory: string): Promise<string[]> {
  const parent = dirname(directory);
  const prefix = `${basename(directory)}${DAMAGED}`;
  return (await readdir(parent)).filter((name) => name.startsWith(prefix)).map((name) => join(parent, name));
}

async function removeOldest(directory: string, newest: string): Promise<void> {
  const others = (await directoriesSetAside(directory)).filter((path) => basename(path) !== basename(newest));
  for (const path of others.slice(0, Math.max(0, others.length + 1 - KEPT))) {
    await rm(path, { recursive: true, force: true });
  }
}
