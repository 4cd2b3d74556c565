import { cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { FaultTolerantDb } from '../db/fault-tolerant-db.js';
import { StateLoader } from '../db/state-chunks.js';
import { MalformedBytes } from '../common/bytes.js';
import { nextSlot } from '../paxos/ballot.js';
import type { Identity, Slot } from '../paxos/ballot.js';
import { EpochJudge } from '../paxos/epoch-judge.js';
import type { PairInForce } from '../paxos/epoch-judge.js';
import { decodeValue } from '../paxos/value.js';
import type { ReplicaIdentity } from '../storage/identity-store.js';
import { exists } from '../storage/level/durable-files.js';
import { FileIdentityStore } from '../storage/level/identity-file.js';
import { FileSnapshotStore } from '../storage/level/file-snapshot-store.js';
import { LevelReplayLog } from '../storage/level/level-replay-log.js';
import { tailProofOf } from '../storage/level/tail-proof.js';
import type { RecoveredLog, ReplayLog } from '../storage/replay-log.js';
import type { SnapshotStore } from '../storage/snapshot-store.js';

/** A snapshot, as it was found. */
export interface VerifiedSnapshot {
  readonly slot: number;
  readonly stateBytes: number | null;
  /** Why nothing may be taken from it. */
  readonly problem: string | null;
}

/** What the files of a replica hold, and what is wrong with them. */
export interface Verification {
  readonly replicaId: number;
  /** 16 hex digits. */
  readonly incarnation: string;
  /** 32 hex digits; nothing while the cell is still to be born. */
  readonly cellId: string | null;
  /** Nothing where the log is damaged. */
  readonly log: Pick<RecoveredLog, 'firstSlot' | 'lastSlot' | 'chosenUpTo'> | null;
  /** The oldest first. */
  readonly snapshots: readonly VerifiedSnapshot[];
  /** The database after all that the files know to be chosen; nothing where that cannot be computed. */
  readonly state: { readonly slot: number; readonly digest: string; readonly entries: number } | null;
  /** One sentence each; none where all is sound. */
  readonly problems: readonly string[];
}

const LOG = 'log';
const SNAPSHOTS = 'snapshots';
const READ_BYTES = 4 * 1024 * 1024;

/**
 * Computes anew everything that the files of a stopped replica say: identity, every record of the log and its chain, every
 * snapshot, and that each snapshot is what the one before it and the log between them lead to. Changes nothing: the log is
 * looked at in a copy, as LevelDB tidies up what it opens. (DESIGN 4)
 *
 * @returns nothing where there is no identity file, so that the directory is none of a replica
 * @throws StorageFailure when the disk does not answer
 */
export async function verifyDirectory(directory: string): Promise<Verification | undefined> {
  const identity = await new FileIdentityStore(directory).load();
  if (identity === undefined) return undefined;
  const scratch = await mkdtemp(join(tmpdir(), 'chubby-verify-'));
  try {
    return await new Verifier(directory, scratch, identity).run();
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

class Verifier {
  readonly #problems: string[] = [];
  readonly #snapshots: VerifiedSnapshot[] = [];
  /** The digests that sound snapshots give for their slots. */
  readonly #digests = new Map<Slot, string>();

  constructor(
    private readonly directory: string,
    private readonly scratch: string,
    private readonly identity: ReplicaIdentity,
  ) {}

  async run(): Promise<Verification> {
    const { self, cellId = null } = this.identity;
    const store = await this.#verifySnapshots();
    const log = await this.#openCopy(self);
    try {
      const recovered = log && (await this.#guarded(() => log.recover()));
      const state = log && recovered && (await this.#replay(log, recovered, store));
      return {
        replicaId: self.replicaId,
        incarnation: self.incarnation,
        cellId,
        log: recovered ?? null,
        snapshots: this.#snapshots,
        state: state ? { slot: state.appliedUpTo, digest: state.digest, entries: state.entryCount } : null,
        problems: this.#problems,
      };
    } finally {
      await log?.close();
    }
  }

  async #verifySnapshots(): Promise<SnapshotStore | undefined> {
    const directory = join(this.directory, SNAPSHOTS);
    if (!(await isDirectory(directory))) return undefined;
    const store = await FileSnapshotStore.open(directory);
    for (const slot of [...(await store.list())].reverse()) {
      const before = this.#problems.length;
      const loaded = await this.#guarded(() => this.#load(store, slot));
      if (loaded !== undefined) this.#digests.set(slot, loaded.digest);
      this.#snapshots.push({
        slot,
        stateBytes: loaded?.sizeBytes ?? null,
        problem: this.#problems[before] ?? null,
      });
    }
    return store;
  }

  async #load(store: SnapshotStore, slot: Slot): Promise<FaultTolerantDb> {
    const { handle, chunks } = await store.open(slot);
    if (this.identity.cellId !== handle.cellId) {
      throw new MalformedBytes(`the snapshot of slot ${slot} is of cell ${handle.cellId}`);
    }
    const loader = new StateLoader();
    for await (const chunk of chunks) loader.add(chunk);
    return loader.finish(handle);
  }

  async #openCopy(owner: Identity): Promise<LevelReplayLog | undefined> {
    const original = join(this.directory, LOG);
    if (!(await isDirectory(original))) {
      this.#problems.push(`${original} is gone`);
      return undefined;
    }
    const copy = join(this.scratch, basename(original));
    await cp(original, copy, { recursive: true });
    if (await exists(tailProofOf(original))) await cp(tailProofOf(original), tailProofOf(copy));
    return this.#guarded(() => LevelReplayLog.open(copy, owner));
  }

  /** From the oldest sound snapshot from which the log goes on, or from nothing, and past every newer one. */
  async #replay(
    log: ReplayLog,
    { firstSlot, chosenUpTo }: RecoveredLog,
    store: SnapshotStore | undefined,
  ): Promise<FaultTolerantDb | undefined> {
    const from = [...this.#digests.keys()].find((slot) => nextSlot(slot) >= firstSlot);
    if (from === undefined && firstSlot > 1) {
      this.#problems.push(`the log begins at slot ${firstSlot}, and no sound snapshot leads up to it`);
      return undefined;
    }
    const db = from === undefined || store === undefined ? new FaultTolerantDb() : await this.#load(store, from);
    const judge = new EpochJudge(db.pairInForce as PairInForce | undefined);
    for (let slot = (db.appliedUpTo + 1) as Slot; slot <= chosenUpTo;) {
      for (const record of await log.read(slot, chosenUpTo, READ_BYTES)) {
        const { header, body } = decodeValue(record.value);
        if (judge.judge(header)) db.apply(slot, header, body);
        else db.skip(slot);
        this.#compare(db);
        slot = nextSlot(slot);
      }
    }
    return db;
  }

  #compare({ appliedUpTo, digest }: FaultTolerantDb): void {
    const expected = this.#digests.get(appliedUpTo as Slot);
    if (expected === undefined || expected === digest) return;
    this.#problems.push(
      `the snapshot of slot ${appliedUpTo} has the digest ${expected}, the log leads to ${digest}: one of them is wrong`,
    );
  }

  /** What is damaged is a finding; what the disk refuses is not. */
  async #guarded<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error) || error.name === 'StorageFailure') throw error;
      // Found in the copy, it is so in the original.
      this.#problems.push(error.message.replaceAll(this.scratch, this.directory));
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
