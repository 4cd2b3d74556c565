import { compareBallots, sameIdentity } from '../paxos/ballot.js';
import type { Identity, Slot } from '../paxos/ballot.js';
import { birthConfiguration, isVoter, majority, NO_CONFIGURATION } from '../paxos/configuration.js';
import type { Configuration } from '../paxos/configuration.js';
import type { AcceptedRecord } from '../paxos/accepted-record.js';
import type { CellId } from '../storage/identity-store.js';
import { RestoreRefused } from './restore-refused.js';
import type { SoundLog, StoppedReplica } from './stopped-replica.js';
import { verifyReplica } from './verify-directory.js';

/** What of one directory can be used. */
export interface Survivor {
  readonly replica: StoppedReplica;
  /** The state up to here can be had from it alone, and is known to be chosen; 0 where there is none. */
  readonly reach: Slot;
  /** Whether the log leads there; else a snapshot does that stands alone. */
  readonly byLog: boolean;
  /** One sentence each. */
  readonly problems: readonly string[];
}

/** Directories of replicas of one cell that do not run, each verified; what is damaged in one is not used. */
export class Survivors {
  private constructor(
    readonly cellId: CellId,
    readonly all: readonly Survivor[],
    /** Who reaches furthest. */
    readonly furthest: Survivor,
  ) {}

  /**
   * @throws RestoreRefused when they are not of one cell, one is given twice, or none is of any use
   */
  static async of(replicas: readonly StoppedReplica[]): Promise<Survivors> {
    const cellId = cellOf(replicas);
    const all: Survivor[] = [];
    for (const replica of replicas) all.push(await examined(replica));
    const furthest = all.reduce((best, other) => (other.reach > best.reach ? other : best));
    if (furthest.reach > 0) return new Survivors(cellId, all, furthest);
    const problems = all.flatMap((survivor) => survivor.problems);
    throw new RestoreRefused(
      `there is nothing in it to restore from: ${problems[0] ?? 'it is known of no slot that it is chosen'}`,
      'give the directories of other replicas, or restore a backup',
    );
  }

  /** The highest slot of which any of them has a record. */
  get lastSlot(): Slot {
    return Math.max(...this.#logs().map(({ lastSlot }) => lastSlot)) as Slot;
  }

  /** What was accepted in a slot above all that is known to be chosen, under the highest ballot that is known. */
  async accepted(slot: Slot): Promise<AcceptedRecord | undefined> {
    let highest: AcceptedRecord | undefined;
    for (const { records } of this.#logs()) {
      const [record] = await records.read(slot, slot, 1);
      if (record === undefined) continue;
      if (highest === undefined || compareBallots(record.ballot, highest.ballot) > 0) highest = record;
    }
    return highest;
  }

  /** Whether so many voters are here with a whole log that nothing can have been chosen without one of them. */
  areMajorityOf(configuration: Configuration): boolean {
    const voters = this.all.filter(({ replica }) => replica.log && isVoter(configuration, replica.identity.self));
    return voters.length >= majority(configuration);
  }

  /** What a cell begins with whose log has changed nothing about it. */
  get birthConfiguration(): Configuration {
    const founders = this.all.map(({ replica }) => replica.identity.founders).find((found) => found !== undefined);
    return founders === undefined ? NO_CONFIGURATION : birthConfiguration(founders);
  }

  #logs(): SoundLog[] {
    return this.all.flatMap(({ replica: { log } }) => (log === undefined ? [] : [log]));
  }
}

async function examined(replica: StoppedReplica): Promise<Survivor> {
  const { state, consistent, problems } = await verifyReplica(replica);
  // Of what contradicts itself nobody can tell which half is wrong.
  if (!consistent) replica.log = undefined;
  const newestSnapshot = consistent ? ([...replica.digests.keys()].at(-1) ?? (0 as Slot)) : (0 as Slot);
  const byLog = consistent && state !== null && state.slot >= newestSnapshot;
  return { replica, reach: byLog ? (state.slot as Slot) : newestSnapshot, byLog, problems };
}

function cellOf(replicas: readonly StoppedReplica[]): CellId {
  const seen: { identity: Identity; directory: string }[] = [];
  const [first] = replicas;
  for (const { identity, directory } of replicas) {
    const { self, cellId } = identity;
    if (cellId === undefined) {
      throw new RestoreRefused(`${directory} is of no cell yet`, 'leave it out: nothing was ever written there');
    }
    if (cellId !== first!.identity.cellId) {
      throw new RestoreRefused(
        `${directory} is of cell ${cellId}, ${first!.directory} is of cell ${first!.identity.cellId}`,
        'give the directories of one cell',
      );
    }
    const twin = seen.find((other) => sameIdentity(other.identity, self));
    // An old copy has forgotten what it accepted since, and must not count beside the others.
    if (twin !== undefined) {
      throw new RestoreRefused(
        `${directory} and ${twin.directory} are of the same replica`,
        'give the newer one of the two only',
      );
    }
    seen.push({ identity: self, directory });
  }
  return first!.identity.cellId!;
}
