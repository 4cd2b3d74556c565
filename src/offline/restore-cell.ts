import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cellNameOf, restoredState, revisionOf } from '../chubby/restored-state.js';
import type { Rng } from '../common/rng.js';
import type { DbState } from '../db/fault-tolerant-db.js';
import { stateChunks } from '../db/state-chunks.js';
import type { ReplicaId, Slot } from '../paxos/ballot.js';
import type { CellId, ReplicaIdentity } from '../storage/identity-store.js';
import { hasCode } from '../storage/level/durable-files.js';
import { FileSnapshotStore } from '../storage/level/file-snapshot-store.js';
import { FileIdentityStore } from '../storage/level/identity-file.js';
import { newIdentity } from '../storage/new-identity.js';
import { RestoreRefused } from './restore-refused.js';

const SNAPSHOTS = 'snapshots';
const CHUNK_BYTES = 256 * 1024;
/** What mkfs leaves in a new volume. */
const HARMLESS = 'lost+found';

/** A directory to be restored into. */
export interface RestoredReplica {
  readonly replicaId: number;
  readonly directory: string;
}

/** What a cell is restored from. */
export interface Origin {
  /** For people: the path of a backup. */
  readonly what: string;
  /** The cell that it is of. */
  readonly cellId: CellId;
  readonly state: DbState;
}

export interface Restore {
  readonly origin: Origin;
  /** What the cell is to be called. */
  readonly cellName: string;
  /** Whether that may be another name than the old cell's. */
  readonly rename: boolean;
  /** All replicas of the new cell. */
  readonly replicas: readonly RestoredReplica[];
  readonly rng: Rng;
}

/** What was restored. */
export interface Restored {
  readonly cellName: string;
  /** 32 hex digits. */
  readonly cellId: string;
  readonly formerCellId: string;
  readonly slot: number;
  /** The global revision of what it was restored from. */
  readonly revision: number;
  readonly entries: number;
  readonly stateBytes: number;
}

/**
 * Makes the data directories of a new cell out of a state of an old one: all of them in one call.
 *
 * A new cell's replicas have to agree on its cell id and on its founders before the first of them promises anything, and
 * each incarnation may live in one directory only. So all are drawn here, together, and no plan is left behind that
 * somebody could use for the same replica twice. Directories of other machines are made here, and moved there.
 *
 * Each replica is `forming`: it begins only when all others answer and are of this very cell with these very founders,
 * so that a directory that was left out, or is of another restore, keeps all from starting instead of splitting the
 * cell. Its log does not exist yet: the first start creates it, above the slot of the snapshot. (DESIGN 3.0)
 *
 * @throws RestoreRefused, MalformedBytes for what is no state of a cell, before anything is touched
 * @throws StorageFailure, Error of Node when the disk refuses; what was written by then is removed
 */
export async function restoreCell({ origin, cellName, rename, replicas, rng }: Restore): Promise<Restored> {
  const { what, cellId: formerCellId, state } = origin;
  const formerName = cellNameOf(state);
  if (formerName !== cellName && !rename) {
    throw new RestoreRefused(
      `${what} is of cell "${formerName}", the configuration is of cell "${cellName}"`,
      '--rename restores it under the new name; what stands in files about the old name stays as it is',
    );
  }
  const identities = foundersOf(replicas, rng);
  const { cellId } = identities[0]!.identity;
  const restored = restoredState(state, { name: cellName, cellId });
  for (const { directory } of identities) await expectEmpty(directory);
  const slot = state.appliedUpTo as Slot;
  const { digest, entryCount, sizeBytes: stateBytes } = restored;
  try {
    for (const { directory } of identities) {
      const snapshots = join(directory, SNAPSHOTS);
      const store = await FileSnapshotStore.open(snapshots);
      await store.write({ cellId, slot, digest, entryCount, stateBytes }, stateChunks(restored, CHUNK_BYTES));
    }
    // What makes a replica of a directory comes last: a crash before leaves none that could start.
    for (const { directory, identity } of identities) await new FileIdentityStore(directory).create(identity);
  } catch (error) {
    for (const { directory } of identities) await emptyAgain(directory);
    throw error;
  }
  return { cellName, cellId, formerCellId, slot, revision: revisionOf(state), entries: entryCount, stateBytes };
}

interface Founding {
  readonly directory: string;
  readonly identity: ReplicaIdentity & { readonly cellId: CellId };
}

/** New lives that have agreed on one birth, in the order of their ids. */
function foundersOf(replicas: readonly RestoredReplica[], rng: Rng): Founding[] {
  const lives = [...replicas]
    .sort((a, b) => a.replicaId - b.replicaId)
    .map(({ replicaId, directory }) => ({ directory, life: newIdentity(replicaId as ReplicaId, rng) }));
  const founders = lives.map(({ life }) => life.self);
  const cellId = lives[0]!.life.offeredCellId;
  return lives.map(({ directory, life }) => ({ directory, identity: { ...life, cellId, founders } }));
}

/** @throws RestoreRefused unless nothing is in it, or it is not there yet */
async function expectEmpty(directory: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(directory);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  const found = names.find((name) => name !== HARMLESS);
  if (found === undefined) return;
  throw new RestoreRefused(
    `${directory} is not empty, it holds ${JSON.stringify(found)}`,
    'restoring makes a new cell in empty directories: move the old ones aside, all of them',
  );
}

/** Of a directory that was empty. */
async function emptyAgain(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names) if (name !== HARMLESS) await rm(join(directory, name), { recursive: true, force: true });
}
