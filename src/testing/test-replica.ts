import { DEFAULT_SESSION_TIMINGS } from '../chubby/records/cell-facts.js';
import type { Rng } from '../common/rng.js';
import type { ReplicaId } from '../paxos/ballot.js';
import { DEFAULT_LOG_TIMINGS } from '../paxos/timings.js';
import { Replica } from '../replica/replica.js';
import type { PeerFrame } from '../replica/transport.js';
import { ChubbyService } from '../service/chubby-service.js';
import { MemoryDisk } from '../storage/memory/memory-disk.js';
import { MemoryIdentityStore } from '../storage/memory/memory-identity-store.js';
import { MemoryReplayLog } from '../storage/memory/memory-replay-log.js';
import { MemorySnapshotStore } from '../storage/memory/memory-snapshot-store.js';
import type { ReplicaAddress } from '../wire/types.js';
import { MachineTime } from './machine-time.js';
import type { Scheduler } from './scheduler.js';
import { SimClock, SimProcess } from './sim-process.js';

export const CELL_NAME = 'test';

export interface TestReplicaOptions {
  readonly id: ReplicaId;
  /** Of all replicas, this one included. */
  readonly addresses: readonly ReplicaAddress[];
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  /** Hands a frame to the replica that it is addressed to. */
  readonly deliver: (frame: PeerFrame) => void;
}

/** One run of a replica, from its start to its end. */
export interface ReplicaLife {
  readonly process: SimProcess;
  readonly replica: Replica;
  /** Absent until the replica knows its cell. */
  service: ChubbyService | undefined;
  /** Told when it ends: the connections to it. */
  readonly onEnd: Set<() => void>;
}

/** A machine of the cell, with a disk that takes no time, and one life of the production replica after another. */
export class TestReplica {
  readonly #options: TestReplicaOptions;
  readonly #disk = new MemoryDisk();
  readonly #time: MachineTime;
  #life: ReplicaLife | undefined;

  constructor(options: TestReplicaOptions) {
    this.#options = options;
    this.#time = new MachineTime(options.scheduler, 1);
  }

  get id(): ReplicaId {
    return this.#options.id;
  }

  get addresses(): readonly ReplicaAddress[] {
    return this.#options.addresses;
  }

  /** The present life; none while the process does not run. */
  get life(): ReplicaLife | undefined {
    return this.#life;
  }

  /** Whether it reigns, and the cell exists. */
  get serves(): boolean {
    const life = this.#life;
    return life?.replica.reign() !== undefined && (life.service?.status().entries ?? 0) > 0;
  }

  /** Runs the replica, unless it does. */
  start(): void {
    if (this.#life !== undefined) return;
    const life = this.#begin();
    this.#life = life;
    life.replica.start().catch(crashTheProgram);
  }

  /** Ends the process at once, as SIGKILL does: what is on its disk stays. */
  kill(): void {
    const life = this.#life;
    if (life === undefined) return;
    this.#life = undefined;
    life.replica.halt();
    life.process.kill();
    this.#disk.crash();
    for (const tell of life.onEnd) tell();
  }

  receive(frame: PeerFrame): void {
    const life = this.#life;
    life?.process.run(() => this.#receiveFrame(frame));
  }

  #receiveFrame = (_frame: PeerFrame): void => undefined;

  #begin(): ReplicaLife {
    const { id, addresses, rng, deliver } = this.#options;
    const process = new SimProcess(this.#time);
    const clock = new SimClock(process);
    const life: ReplicaLife = {
      process,
      service: undefined,
      onEnd: new Set(),
      replica: new Replica({
        replicaId: id,
        configured: addresses.map((address) => address.id as ReplicaId),
        timings: DEFAULT_LOG_TIMINGS,
        identityStore: new MemoryIdentityStore(this.#disk),
        log: new MemoryReplayLog(this.#disk),
        snapshots: new MemorySnapshotStore(this.#disk),
        transport: {
          send: (frame) => queueMicrotask(() => deliver(frame)),
          onFrame: (receive) => (this.#receiveFrame = receive),
        },
        clock,
        rng,
        application: (log, cellId) =>
          (life.service = new ChubbyService({
            cellName: CELL_NAME,
            cellId,
            self: id,
            replicas: addresses,
            log,
            clock,
            rng,
            timings: { ...DEFAULT_LOG_TIMINGS, ...DEFAULT_SESSION_TIMINGS },
          })),
        fatal: crashTheProgram,
      }),
    };
    return life;
  }
}

/** A broken invariant is nothing that a test could catch and go on from. */
function crashTheProgram(error: Error): void {
  queueMicrotask(() => {
    throw error;
  });
}
