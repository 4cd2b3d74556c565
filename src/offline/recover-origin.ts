import { revisionIfAny } from '../chubby/global-revision.js';
import type { PointInTime } from './point-in-time.js';
import { recoverState } from './recover-state.js';
import type { Recovered } from './recover-state.js';
import type { Origin } from './restore-cell.js';
import { RestoreRefused } from './restore-refused.js';
import { StoppedReplica } from './stopped-replica.js';
import { Survivors } from './survivors.js';

/** One directory, as far as it was of use. */
export interface UsedDirectory {
  readonly directory: string;
  /** The state up to this slot is known from it. */
  readonly reach: number;
  /** One sentence each. */
  readonly problems: readonly string[];
}

/** What stopped replicas lead to. */
export interface RecoveredOrigin extends Omit<Recovered, 'state'> {
  readonly origin: Origin;
  readonly directories: readonly UsedDirectory[];
}

/**
 * Makes an origin for a new cell of the data directories of an old cell whose replicas do not run: when a majority of
 * them is lost for good, or to go back in time. Nothing in them is changed.
 *
 * @throws RestoreRefused, ReplicaRuns, DamagedIdentity for directories that cannot be used
 * @throws RestoreRefused for a point in time that they do not reach
 * @throws StorageFailure when a disk does not answer
 */
export async function recoverOrigin(directories: readonly string[], until: PointInTime): Promise<RecoveredOrigin> {
  const replicas: StoppedReplica[] = [];
  try {
    for (const directory of directories) replicas.push(await opened(directory));
    const survivors = await Survivors.of(replicas);
    const recovered = await recoverState(survivors, until);
    await expectReached(survivors, until, recovered);
    const { state, ...told } = recovered;
    const what = survivors.furthest.replica.directory;
    return {
      ...told,
      origin: { what, cellId: survivors.cellId, state },
      directories: survivors.all.map(({ replica, reach, problems }) => ({
        directory: replica.directory,
        reach,
        problems,
      })),
    };
  } finally {
    for (const replica of replicas) await replica.close();
  }
}

async function opened(directory: string): Promise<StoppedReplica> {
  const replica = await StoppedReplica.open(directory);
  if (replica !== undefined) return replica;
  throw new RestoreRefused(
    `${directory} is no data directory of a replica`,
    'check the path: dataDir of its configuration',
  );
}

async function expectReached(
  survivors: Survivors,
  { atMs, revision }: PointInTime,
  { state, wallMs, firstWallMs, firstRevision, cut }: Recovered,
): Promise<void> {
  const reachedRevision = revisionIfAny(state);
  const missed =
    reachedRevision === undefined ||
    (atMs !== undefined && wallMs === undefined) ||
    (revision !== undefined && (reachedRevision > revision || (!cut && reachedRevision < revision)));
  if (!missed) return;
  const newest = await recoverState(survivors, {});
  const lastRevision = revisionIfAny(newest.state);
  const { directory } = survivors.furthest.replica;
  if (lastRevision === undefined) {
    throw new RestoreRefused(`${directory} holds no state of a cell yet`, 'give the directories of other replicas');
  }
  const from = firstRevision ?? 'the first one';
  throw new RestoreRefused(
    `${directory} reaches from revision ${from} (${timeOf(firstWallMs)}) to revision ${lastRevision} (${timeOf(newest.wallMs)})`,
    'name a point between the two; further back only backups lead',
  );
}

/** In UTC. */
const timeOf = (wallMs: number | undefined): string =>
  wallMs === undefined ? 'of a time that it does not tell' : new Date(wallMs).toISOString();
