import { DEFAULT_CELL_TIMINGS } from '../../src/config/default-timings.js';
import type { Rng } from '../../src/common/rng.js';
import type { ReplicaId } from '../../src/paxos/ballot.js';
import { Replica } from '../../src/replica/replica.js';
import type { SnapshotSchedule } from '../../src/replica/snapshot-keeper.js';
import type { PeerFrame } from '../../src/replica/transport.js';
import { EXIT, exitCodeFor, worthRestarting } from '../../src/server/exit-codes.js';
import { ChubbyService } from '../../src/service/chubby-service.js';
import { openDataDirectory } from '../../src/storage/level/data-directory.js';
import type { DataDirectory } from '../../src/storage/level/data-directory.js';
import { setAside } from '../../src/storage/level/set-aside.js';
import { DamagedLog } from '../../src/storage/replay-log.js';
import type { ReplayLog } from '../../src/storage/replay-log.js';
import { MachineTime } from '../../src/testing/machine-time.js';
import type { Scheduler } from '../../src/testing/scheduler.js';
import { SimClock, SimProcess } from '../../src/testing/sim-process.js';
import { memoryOf } from './acceptor-memory.js';
import type { AcceptorMemory } from './acceptor-memory.js';
import type { PendingIo } from './pending-io.js';

export interface DiskReplicaOptions {
  readonly id: ReplicaId;
  readonly ids: readonly ReplicaId[];
  readonly directory: string;
  readonly scheduler: Scheduler;
  readonly io: PendingIo;
  readonly rng: Rng;
  readonly snapshotSchedule: SnapshotSchedule;
  readonly send: (frame: PeerFrame) => void;
}

/** How the process ended, as its supervisor sees it. */
export interface Ended {
  readonly exitCode: number;
  readonly line: string;
}

/** As often as this a replica may end by itself and be started again before that counts as never coming back. */
const RESTARTS_MAX = 5;

interface Life {
  readonly process: SimProcess;
  readonly replica: Replica;
  readonly log: ReplayLog;
  service: ChubbyService | undefined;
  receive: (frame: PeerFrame) => void;
}

/**
 * One replica on a real data directory, composed as the daemon composes it, and treated as the daemon treats one that
 * fails: a damaged log is set aside, and what may help to start again is started again. (DESIGN 3.9)
 */
export class DiskReplica {
  readonly #options: DiskReplicaOptions;
  readonly #time: MachineTime;
  #life: Life | undefined;
  #restarts = 0;
  /** How it ended for good; nothing while it runs, or was killed. */
  ended: Ended | undefined;
  /** What it said of itself and its files, in order. */
  readonly said: string[] = [];
  /** What each of its lives found on the disk. */
  readonly memories: AcceptorMemory[] = [];

  constructor(options: DiskReplicaOptions) {
    this.#options = options;
    this.#time = new MachineTime(options.scheduler, 1);
  }

  get id(): ReplicaId {
    return this.#options.id;
  }

  get directory(): string {
    return this.#options.directory;
  }

  get runs(): boolean {
    return this.#life !== undefined;
  }

  get replica(): Replica | undefined {
    return this.#life?.replica;
  }

  get service(): ChubbyService | undefined {
    return this.#life?.service;
  }

  get serves(): boolean {
    return this.replica?.reign() !== undefined && (this.service?.status().entries ?? 0) > 0;
  }

  receive(frame: PeerFrame): void {
    const life = this.#life;
    life?.process.run(() => life.receive(frame));
  }

  /** Starts the process, again and again where that helps. Resolves when it runs, or has ended for good. */
  start(): Promise<void> {
    return this.#options.io.during(this.#start());
  }

  async #start(): Promise<void> {
    const { directory, id, rng } = this.#options;
    try {
      await this.#begin(await openDataDirectory(directory, id, rng));
    } catch (error) {
      await this.#end(error);
    }
  }

  /** Ends the process at once; resolves when nothing has its files open any more. */
  async kill(): Promise<void> {
    const life = this.#life;
    this.#life = undefined;
    life?.replica.halt();
    life?.process.kill();
    await life?.log.close();
  }

  async #end(error: unknown): Promise<void> {
    const { directory, ids, rng } = this.#options;
    const damagedAtStart = error instanceof DamagedLog && this.#life === undefined;
    await this.kill();
    let exitCode = exitCodeFor(error);
    const line = error instanceof Error ? error.message : String(error);
    this.said.push(line);
    if (damagedAtStart && ids.length > 1) {
      const aside = await setAside(directory, rng).catch((failure: Error) => failure);
      if (aside instanceof Error) exitCode = EXIT.directory;
      this.said.push(aside instanceof Error ? aside.message : `moved to ${aside}`);
    }
    if (worthRestarting(exitCode) && this.#restarts++ < RESTARTS_MAX) return this.#start();
    this.ended = { exitCode, line };
  }

  async #begin({ identity, identityStore, replayLog, snapshots }: DataDirectory): Promise<void> {
    const { id, ids, io, rng, snapshotSchedule, send } = this.#options;
    const process = new SimProcess(this.#time);
    const clock = new SimClock(process);
    const log: ReplayLog = {
      ...io.log(replayLog),
      recover: async () => {
        const recovered = await io.during(replayLog.recover());
        this.memories.push(await io.during(memoryOf(identity.self, replayLog, recovered)));
        return recovered;
      },
    };
    const life: Life = {
      process,
      log,
      service: undefined,
      receive: () => undefined,
      replica: new Replica({
        replicaId: id,
        configured: ids,
        timings: DEFAULT_CELL_TIMINGS,
        identityStore: io.identities(identityStore),
        log,
        snapshots: io.snapshots(snapshots),
        snapshotSchedule,
        transport: { send, onFrame: (receive) => (life.receive = receive) },
        clock,
        rng,
        application: (replicatedLog, cellId) =>
          (life.service = new ChubbyService({
            cellName: 'trial',
            cellId,
            self: id,
            replicas: ids.map((each) => ({ id: each, address: `replica-${each}:7100` })),
            log: replicatedLog,
            clock,
            rng,
            timings: DEFAULT_CELL_TIMINGS,
          })),
        onSnapshot: (notice) => notice.type === 'damaged' && this.said.push(notice.error.message),
        fatal: (error) => void (this.#life === life && io.during(this.#end(error))),
      }),
    };
    try {
      await life.replica.start();
      this.#life = life;
    } catch (error) {
      life.replica.halt();
      process.kill();
      await log.close();
      throw error;
    }
  }
}
