import { join } from 'node:path';
import { SeededRng } from '../../src/common/rng.js';
import type { Rng } from '../../src/common/rng.js';
import type { ReplicaId } from '../../src/paxos/ballot.js';
import { isVoter } from '../../src/paxos/configuration.js';
import type { SnapshotSchedule } from '../../src/replica/snapshot-keeper.js';
import type { PeerFrame } from '../../src/replica/transport.js';
import { Scheduler } from '../../src/testing/scheduler.js';
import { DiskReplica } from './disk-replica.js';
import { PendingIo } from './pending-io.js';

export const IDS = [1, 2, 3, 4, 5] as readonly number[] as readonly ReplicaId[];

const LATENCY_MS = 1;
const ELECTION_MS = 60_000;
/** So that a short history has several snapshots, and a truncated log. */
const SNAPSHOTS: SnapshotSchedule = { afterLogBytes: Infinity, afterSlots: 40, kept: 2 };

export const directoryOf = (cellDirectory: string, id: ReplicaId): string => join(cellDirectory, `replica-${id}`);

/** Five replicas in one process: real data directories, virtual time, and a network without losses. */
export class DiskCell {
  readonly scheduler = new Scheduler();
  readonly io = new PendingIo();
  readonly rng: Rng;
  readonly replicas: readonly DiskReplica[];

  constructor(directory: string, seed: number) {
    this.rng = new SeededRng(seed);
    this.replicas = IDS.map(
      (id) =>
        new DiskReplica({
          id,
          ids: IDS,
          directory: directoryOf(directory, id),
          scheduler: this.scheduler,
          io: this.io,
          // Each its own: whose disk answers first is no matter of the seed.
          rng: new SeededRng(seed + id),
          snapshotSchedule: SNAPSHOTS,
          send: (frame) => this.#send(frame),
        }),
    );
  }

  replica(id: ReplicaId): DiskReplica {
    return this.replicas[id - 1]!;
  }

  get master(): DiskReplica | undefined {
    return this.replicas.find(({ serves }) => serves);
  }

  /** Starts all but some. */
  async start(except: readonly ReplicaId[] = []): Promise<void> {
    await Promise.all(this.replicas.filter(({ id }) => !except.includes(id)).map((replica) => replica.start()));
  }

  async kill(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.kill()));
  }

  /** Lets time pass until something holds. Whether it does, before `patienceMs` are over. */
  async until(holds: () => boolean, patienceMs: number): Promise<boolean> {
    const endMs = this.scheduler.nowMs + patienceMs;
    for (;;) {
      await this.io.idle();
      if (holds()) return true;
      if (this.scheduler.nowMs >= endMs) return false;
      this.scheduler.runNextMoment(endMs);
    }
  }

  /** @throws Error when there is none in time */
  async elected(): Promise<DiskReplica> {
    if (!(await this.until(() => this.master !== undefined, ELECTION_MS))) throw new Error('no master was elected');
    return this.master!;
  }

  /** Whether a replica votes under the identity that it has now, has applied what the master has, and has its digest. */
  isBack({ replica, service }: DiskReplica): boolean {
    const { master } = this;
    const self = replica?.status().self;
    const configuration = master?.replica?.status().node?.configuration;
    if (self === undefined || configuration === undefined || !isVoter(configuration, self)) return false;
    const [mine, its] = [service?.status(), master?.service?.status()];
    return mine !== undefined && mine.applied === its?.applied && mine.digest === its.digest;
  }

  #send(frame: PeerFrame): void {
    this.scheduler.after(LATENCY_MS, () => this.replicas[frame.to.replicaId - 1]?.receive(frame));
  }
}
