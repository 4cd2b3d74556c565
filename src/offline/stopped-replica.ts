import { cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MalformedBytes } from '../common/bytes.js';
import { FaultTolerantDb } from '../db/fault-tolerant-db.js';
import { StateLoader } from '../db/state-chunks.js';
import { nextSlot } from '../paxos/ballot.js';
import type { Slot } from '../paxos/ballot.js';
import type { ReplicaIdentity } from '../storage/identity-store.js';
import { borrowLock } from '../storage/level/borrowed-lock.js';
import { exists } from '../storage/level/durable-files.js';
import { FileSnapshotStore } from '../storage/level/file-snapshot-store.js';
import { FileIdentityStore } from '../storage/level/identity-file.js';
import { LevelReplayLog } from '../storage/level/level-replay-log.js';
import { tailProofOf } from '../storage/level/tail-proof.js';
import { UnusableDirectory } from '../storage/level/unusable-directory.js';
import type { RecoveredLog, ReplayLog } from '../storage/replay-log.js';
import type { SnapshotStore } from '../storage/snapshot-store.js';

const LOG = 'log';
const SNAPSHOTS = 'snapshots';

/** A snapshot, as it was found. */
export interface VerifiedSnapshot {
  readonly slot: number;
  readonly stateBytes: number | null;
  /** Why nothing may be taken from it. */
  readonly problem: string | null;
}

/** A log that was found whole. */
export interface SoundLog extends RecoveredLog {
  readonly records: Pick<ReplayLog, 'read'>;
}

/** The directory belongs to a replica that runs. */
export class ReplicaRuns extends Error {
  override readonly name = 'ReplicaRuns';
}

/**
 * The data directory of a replica that does not run, to be read and never changed: the log is looked at in a copy, as
 * LevelDB tidies up what it opens, and its lock keeps the replica from starting meanwhile.
 */
export class StoppedReplica {
  /** One sentence each: what is damaged. */
  readonly problems: string[] = [];
  /** The oldest first. */
  readonly snapshots: VerifiedSnapshot[] = [];
  /** The digests that sound snapshots give for their slots, the oldest first. */
  readonly digests = new Map<Slot, string>();
  /** Nothing where it is damaged. */
  log: SoundLog | undefined;
  #store: SnapshotStore | undefined;
  #close = (): Promise<void> => Promise.resolve();

  private constructor(
    readonly directory: string,
    readonly identity: ReplicaIdentity,
    private readonly scratch: string,
  ) {}

  /**
   * Opens a directory, and verifies each snapshot and the log on their own. To be closed.
   *
   * @returns nothing where there is no identity file, so that the directory is none of a replica
   * @throws ReplicaRuns
   * @throws DamagedIdentity when the identity file cannot be believed
   * @throws StorageFailure when the disk does not answer
   */
  static async open(directory: string): Promise<StoppedReplica | undefined> {
    const identity = await new FileIdentityStore(directory).load();
    if (identity === undefined) return undefined;
    const scratch = await mkdtemp(join(tmpdir(), 'chubby-offline-'));
    const replica = new StoppedReplica(directory, identity, scratch);
    try {
      await replica.#open();
      return replica;
    } catch (error) {
      await replica.close();
      throw error;
    }
  }

  /** Nothing is left of what was copied. */
  async close(): Promise<void> {
    await this.#close();
    await rm(this.scratch, { recursive: true, force: true });
  }

  /** The state that a snapshot holds, verified. @throws DamagedSnapshot, MalformedBytes */
  async load(slot: Slot): Promise<FaultTolerantDb> {
    const { handle, chunks } = await this.#store!.open(slot);
    if (this.identity.cellId !== handle.cellId) {
      throw new MalformedBytes(`the snapshot of slot ${slot} is of cell ${handle.cellId}`);
    }
    const loader = new StateLoader();
    for await (const chunk of chunks) loader.add(chunk);
    return loader.finish(handle);
  }

  /**
   * The earliest state behind which the log goes on: nothing at all, or what the oldest sound snapshot holds.
   *
   * @returns undefined where the log is damaged, or no snapshot leads up to it
   */
  async earliestState(): Promise<FaultTolerantDb | undefined> {
    if (this.log === undefined) return undefined;
    const { firstSlot, chosenUpTo } = this.log;
    const sound = [...this.digests.keys()];
    // A restored cell begins with a snapshot that its log does not lead up to.
    if (firstSlot === 1 && chosenUpTo >= (sound[0] ?? 0)) return new FaultTolerantDb();
    const slot = sound.find((each) => nextSlot(each) >= firstSlot);
    return slot === undefined ? undefined : this.load(slot);
  }

  async #open(): Promise<void> {
    const giveBack = await borrowLock(join(this.directory, LOG), join(this.scratch, 'lock')).catch((error: unknown) => {
      const runs = error instanceof UnusableDirectory && error.reason === 'in-use';
      throw runs ? new ReplicaRuns(`${this.directory} is of a replica that runs`, { cause: error }) : error;
    });
    this.#close = giveBack;
    await this.#verifySnapshots();
    const log = await this.#openCopy();
    if (log === undefined) return;
    this.#close = () => log.close().finally(giveBack);
    const recovered = await this.#guarded(() => log.recover());
    if (recovered !== undefined) this.log = { ...recovered, records: log };
  }

  async #verifySnapshots(): Promise<void> {
    const directory = join(this.directory, SNAPSHOTS);
    if (!(await isDirectory(directory))) return;
    this.#store = await FileSnapshotStore.open(directory);
    for (const slot of [...(await this.#store.list())].reverse()) {
      const before = this.problems.length;
      const loaded = await this.#guarded(() => this.load(slot));
      if (loaded !== undefined) this.digests.set(slot, loaded.digest);
      this.snapshots.push({ slot, stateBytes: loaded?.sizeBytes ?? null, problem: this.problems[before] ?? null });
    }
  }

  async #openCopy(): Promise<LevelReplayLog | undefined> {
    const original = join(this.directory, LOG);
    if (!(await isDirectory(original))) {
      this.problems.push(`${original} is gone`);
      return undefined;
    }
    const copy = join(this.scratch, LOG);
    await cp(original, copy, { recursive: true });
    if (await exists(tailProofOf(original))) await cp(tailProofOf(original), tailProofOf(copy));
    return this.#guarded(() => LevelReplayLog.open(copy, this.identity.self));
  }

  /** What is damaged is a finding; what the disk refuses is not. */
  async #guarded<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error) || error.name === 'StorageFailure') throw error;
      // Found in the copy, it is so in the original.
      this.problems.push(error.message.replaceAll(this.scratch, this.directory));
      return undefined;
    }
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
