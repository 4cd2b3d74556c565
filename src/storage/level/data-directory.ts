import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rng } from '../../common/rng.js';
import type { ReplicaId } from '../../paxos/ballot.js';
import { DamagedIdentity } from '../identity-store.js';
import type { IdentityStore, ReplicaIdentity } from '../identity-store.js';
import { newIdentity } from '../new-identity.js';
import type { ReplayLog } from '../replay-log.js';
import type { Rereadable } from '../rereadable.js';
import type { SnapshotStore } from '../snapshot-store.js';
import { damagedLog } from './damage.js';
import { asideOf, exists, makeDirectory } from './durable-files.js';
import { FileSnapshotStore } from './file-snapshot-store.js';
import { FileIdentityStore, IDENTITY_ASIDE, IDENTITY_FILE } from './identity-file.js';
import { LevelReplayLog } from './level-replay-log.js';
import { refuseNewerFiles } from './newer-files.js';
import { RESERVE_FILE } from './reserve-file.js';
import { finishSettingAside } from './set-aside.js';
import { tailProofOf } from './tail-proof.js';
import { UnusableDirectory } from './unusable-directory.js';

/** What one replica keeps on its disk, opened, and locked against other processes until the log is closed. */
export interface DataDirectory {
  readonly identity: ReplicaIdentity;
  readonly identityStore: IdentityStore;
  /** Not yet recovered. */
  readonly replayLog: ReplayLog & Rereadable;
  readonly snapshots: SnapshotStore;
}

const LOG = 'log';
const SNAPSHOTS = 'snapshots';
/** What only a directory that has an identity can hold. */
const FORMER_LIFE = [...[LOG, tailProofOf(LOG)].flatMap((name) => [name, asideOf(name)]), SNAPSHOTS];
/** What a directory may hold that is to be formatted: a first save cut short, what mkfs leaves in a new volume, room. */
const HARMLESS = [IDENTITY_ASIDE, 'lost+found', RESERVE_FILE];

/**
 * Opens a replica's data directory, and formats an empty one.
 *
 * Formatting saves the identity, `forming`, then the proof of the log's tail, and then creates the log; each appears
 * whole under its name. So a crash leaves none, one, two or all three of them: each is gone on with. What no crash leaves
 * is proof of a former life and refused: a log without an identity or without the proof of its tail, a member without a
 * log, a used log of a replica that is still forming. (DESIGN 3.0)
 *
 * @param replicaId who the configuration says this is
 * @param rng draws the incarnation and the offered cell id of a directory that is formatted
 * @throws DamagedIdentity, DamagedLog when something is missing or not what was written
 * @throws UnusableDirectory when this process must not use this directory, though nothing in it is damaged
 * @throws StorageFailure when the disk refuses
 */
export async function openDataDirectory(directory: string, replicaId: ReplicaId, rng: Rng): Promise<DataDirectory> {
  await finishSettingAside(directory);
  const names = await namesIn(directory);
  const identityStore = new FileIdentityStore(directory);
  if (!names.includes(IDENTITY_FILE)) {
    checkEmpty(directory, names);
    await identityStore.create(newIdentity(replicaId, rng));
  }
  const { self, state } = await loadIdentity(directory, identityStore);
  if (self.replicaId !== replicaId) {
    throw new UnusableDirectory(
      'other-replica',
      `${directory} belongs to replica ${self.replicaId}, this is replica ${replicaId}: correct the replica id or the data directory in the configuration`,
    );
  }
  const logDirectory = join(directory, LOG);
  const hasLog = await exists(logDirectory);
  if (!hasLog && state === 'member') {
    throw damagedLog(logDirectory, 'it is gone, although this replica is a member of a cell');
  }
  const snapshots = await FileSnapshotStore.open(join(directory, SNAPSHOTS));
  await refuseNewerFiles(tailProofOf(logDirectory), snapshots);
  const replayLog = await (hasLog
    ? LevelReplayLog.open(logDirectory, self)
    : LevelReplayLog.create(logDirectory, self));
  try {
    const identity = await lockedIdentity(directory, identityStore, replayLog);
    return { identity, identityStore, replayLog, snapshots };
  } catch (error) {
    await replayLog.close();
    throw error;
  }
}

/** The names in the directory, which is made if it is missing. */
async function namesIn(directory: string): Promise<string[]> {
  try {
    await makeDirectory(directory);
    return await readdir(directory);
  } catch (error) {
    throw new UnusableDirectory(
      'no-access',
      `${directory} cannot be used as a data directory (${String(error)}): correct the path or its rights`,
      { cause: error },
    );
  }
}

/** A directory without an identity is formatted only if nothing else is in it either. */
function checkEmpty(directory: string, names: readonly string[]): void {
  const former = FORMER_LIFE.find((name) => names.includes(name));
  if (former !== undefined) {
    throw new DamagedIdentity(
      `${join(directory, IDENTITY_FILE)} is gone, "${former}" beside it is there. A replica that does not know who it is must not vote: move its data directory aside and have the cell replace this replica.`,
    );
  }
  const foreign = names.filter((name) => !HARMLESS.includes(name));
  if (foreign.length > 0) {
    throw new UnusableDirectory(
      'foreign-files',
      `${directory} is no data directory, it holds ${JSON.stringify(foreign[0])}: name an empty or a new directory`,
    );
  }
}

/**
 * The identity as it is now that the log's lock keeps other processes out: one that formatted the directory at the same
 * moment may have replaced what this process saved.
 */
async function lockedIdentity(directory: string, store: IdentityStore, log: LevelReplayLog): Promise<ReplicaIdentity> {
  const identity = await loadIdentity(directory, store);
  if (identity.self.incarnation !== log.owner.incarnation) {
    throw new UnusableDirectory(
      'in-use',
      `${directory} is being formatted by another process too: let one of them go on alone`,
    );
  }
  if (identity.state === 'forming' && (await log.hasTurns())) {
    throw new DamagedIdentity(
      `${join(directory, IDENTITY_FILE)} is an old copy: it is from before the birth of the cell, the log beside it is in use. Put back the newest one; without it, move the data directory aside and have the cell replace this replica.`,
    );
  }
  return identity;
}

async function loadIdentity(directory: string, store: IdentityStore): Promise<ReplicaIdentity> {
  const identity = await store.load();
  if (identity !== undefined) return identity;
  throw new UnusableDirectory('in-use', `${directory} is being emptied by another process: stop that one first`);
}
