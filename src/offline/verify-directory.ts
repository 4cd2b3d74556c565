import type { FaultTolerantDb } from '../db/fault-tolerant-db.js';
import { nextSlot } from '../paxos/ballot.js';
import type { Slot } from '../paxos/ballot.js';
import { EpochJudge } from '../paxos/epoch-judge.js';
import type { PairInForce } from '../paxos/epoch-judge.js';
import { decodeValue } from '../paxos/value.js';
import type { RecoveredLog } from '../storage/replay-log.js';
import { StoppedReplica } from './stopped-replica.js';
import type { VerifiedSnapshot } from './stopped-replica.js';

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
  /** Whether the log leads to what the sound snapshots hold, as far as it does lead there. */
  readonly consistent: boolean;
  /** One sentence each; none where all is sound. */
  readonly problems: readonly string[];
}

const READ_BYTES = 4 * 1024 * 1024;

/**
 * Computes anew everything that the files of a stopped replica say: identity, every record of the log and its chain, every
 * snapshot, and that each snapshot is what the one before it and the log between them lead to. Changes nothing. (DESIGN 4)
 *
 * @returns nothing where there is no identity file, so that the directory is none of a replica
 * @throws ReplicaRuns
 * @throws DamagedIdentity when the identity file cannot be believed
 * @throws StorageFailure when the disk does not answer
 */
export async function verifyDirectory(directory: string): Promise<Verification | undefined> {
  const replica = await StoppedReplica.open(directory);
  if (replica === undefined) return undefined;
  try {
    return await verifyReplica(replica);
  } finally {
    await replica.close();
  }
}

/** As {@link verifyDirectory}, of one that is open. */
export async function verifyReplica(replica: StoppedReplica): Promise<Verification> {
  const { self, cellId = null } = replica.identity;
  const { log, snapshots } = replica;
  const { state, problems, consistent } = await replay(replica);
  return {
    replicaId: self.replicaId,
    incarnation: self.incarnation,
    cellId,
    log: log === undefined ? null : { firstSlot: log.firstSlot, lastSlot: log.lastSlot, chosenUpTo: log.chosenUpTo },
    snapshots,
    state: state ? { slot: state.appliedUpTo, digest: state.digest, entries: state.entryCount } : null,
    consistent,
    problems: [...replica.problems, ...problems],
  };
}

interface Replayed {
  readonly state?: FaultTolerantDb;
  readonly consistent: boolean;
  readonly problems: readonly string[];
}

/** From the earliest state that there is, and past every snapshot. */
async function replay(replica: StoppedReplica): Promise<Replayed> {
  const { log, digests } = replica;
  if (log === undefined) return { consistent: true, problems: [] };
  const { firstSlot, chosenUpTo } = log;
  const state = await replica.earliestState();
  if (state === undefined) {
    const problems = [`the log begins at slot ${firstSlot}, and no sound snapshot leads up to it`];
    return { consistent: true, problems };
  }
  const problems: string[] = [];
  const judge = new EpochJudge(state.pairInForce as PairInForce | undefined);
  for (let slot = (state.appliedUpTo + 1) as Slot; slot <= chosenUpTo;) {
    for (const record of await log.records.read(slot, chosenUpTo, READ_BYTES)) {
      const { header, body } = decodeValue(record.value);
      if (judge.judge(header)) state.apply(slot, header, body);
      else state.skip(slot);
      const expected = digests.get(slot);
      if (expected !== undefined && expected !== state.digest) {
        problems.push(
          `the snapshot of slot ${slot} has the digest ${expected}, the log leads to ${state.digest}: one of them is wrong`,
        );
      }
      slot = nextSlot(slot);
    }
  }
  return { state, consistent: problems.length === 0, problems };
}
