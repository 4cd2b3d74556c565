import { assert } from '../common/assert.js';
import type { Rng } from '../common/rng.js';
import type { ReplicaId } from '../paxos/ballot.js';
import type { PlantedBugs } from '../paxos/planted-bugs.js';
import type { LogTimings } from '../paxos/timings.js';
import type { Application, ReplicatedLog } from '../replica/ports.js';
import { Replica } from '../replica/replica.js';
import type { PeerFrame, Transport } from '../replica/transport.js';
import type { CellId } from '../storage/identity-store.js';
import { MemoryDisk } from '../storage/memory/memory-disk.js';
import { MemoryIdentityStore } from '../storage/memory/memory-identity-store.js';
import { MemoryReplayLog } from '../storage/memory/memory-replay-log.js';
import type { Probe } from './probe.js';
import type { Scheduler } from './scheduler.js';
import { SimClock, SimProcess } from './sim-process.js';
import type { SimNetwork } from './sim-network.js';
import type { SituationCounts } from './situations.js';

export interface SimReplicaOptions<Service extends Application> {
  readonly id: ReplicaId;
  readonly configured: readonly ReplicaId[];
  readonly timings: LogTimings;
  readonly scheduler: Scheduler;
  readonly network: SimNetwork;
  readonly rng: Rng;
  /** How fast this machine's clock runs against true time. */
  readonly clockRate: number;
  readonly situations: SituationCounts;
  readonly probe: Probe;
  readonly deliver: (frame: PeerFrame) => void;
  readonly service: (log: ReplicatedLog, cellId: CellId, clock: SimClock) => Service;
  /** What the replica's application is shown to before it sees anything itself. */
  readonly watch: (service: Service) => Application;
  /** The replica ended itself: in the simulator nothing may make it. */
  readonly failed: (error: Error) => void;
  readonly bugs: PlantedBugs;
}

export const HEALTHY_SYNC_MS = 0.3;

/** A machine of the cell: one disk, and one life of the production replica after another. */
export class SimReplica<Service extends Application> {
  readonly #options: SimReplicaOptions<Service>;
  readonly #disk: MemoryDisk;
  #life: Life<Service> | undefined;
  #crashAfterSync = false;
  /** How long a sync takes; raised by a slow disk. */
  syncMs = HEALTHY_SYNC_MS;

  constructor(options: SimReplicaOptions<Service>) {
    this.#options = options;
    this.#disk = new MemoryDisk((done) => this.#sync(done));
  }

  get id(): ReplicaId {
    return this.#options.id;
  }

  get running(): boolean {
    return this.#life !== undefined;
  }

  get process(): SimProcess | undefined {
    return this.#life?.process;
  }

  get clock(): SimClock | undefined {
    return this.#life?.clock;
  }

  get replica(): Replica | undefined {
    return this.#life?.replica;
  }

  get service(): Service | undefined {
    return this.#life?.service;
  }

  start(): void {
    this.#life ??= this.#begin();
  }

  /** Ends the process at once. Of the write under way, chance decides whether it reached the disk. */
  crash(): void {
    this.#end(() => this.#options.rng.next() < 0.5);
  }

  /** Ends the process at once; the write under way did not reach the disk. */
  losePower(): void {
    this.#end(() => false);
  }

  /** The process will end right after its next sync: what it wrote is there, what it would have sent is not. */
  crashAfterNextSync(): void {
    this.#crashAfterSync = true;
  }

  heal(): void {
    this.syncMs = HEALTHY_SYNC_MS;
    this.#crashAfterSync = false;
    this.process?.resume();
    this.start();
  }

  receive(frame: PeerFrame): void {
    const life = this.#life;
    life?.process.run(() => life.receive(frame));
  }

  #begin(): Life<Service> {
    const { scheduler, clockRate, configured, timings, id, rng, network, probe, deliver, bugs } = this.#options;
    const process = new SimProcess(scheduler);
    const clock = new SimClock(process, clockRate);
    let receive = (_frame: PeerFrame): void => undefined;
    const transport: Transport = {
      send: (frame) => {
        for (const message of frame.messages) {
          if (message.type === 'accept' && life.replica)
            probe.accept(message, life.replica.status().node!.configuration);
        }
        network.send(id, frame.to.replicaId, () => {
          // With a machine go some of the messages that had not left it.
          if (process.alive || rng.next() < 0.5) deliver(frame);
        });
      },
      onFrame: (receiver) => {
        receive = receiver;
      },
    };
    const log = new MemoryReplayLog(this.#disk);
    const life: Life<Service> = {
      process,
      clock,
      service: undefined,
      receive: (frame) => receive(frame),
      replica: new Replica({
        replicaId: id,
        configured,
        timings,
        identityStore: new MemoryIdentityStore(this.#disk),
        log: {
          recover: () => log.recover(),
          append: async (turn) => {
            await log.append(turn);
            probe.synced(id, turn);
          },
          read: (from, upTo, maxBytes) => log.read(from, upTo, maxBytes),
          close: () => log.close(),
        },
        transport,
        clock,
        rng,
        application: (replicatedLog, cellId) => {
          life.service = this.#options.service(replicatedLog, cellId, clock);
          return this.#options.watch(life.service);
        },
        fatal: this.#options.failed,
        bugs,
      }),
    };
    life.replica.start().catch(this.#options.failed);
    return life;
  }

  #end(keepsWrite: () => boolean): void {
    const life = this.#life;
    if (life === undefined) return;
    if ((life.replica.status().node?.inFlight ?? 0) > 0) this.#options.situations.count('failOverWithValuesInFlight');
    this.#life = undefined;
    this.#crashAfterSync = false;
    life.replica.halt();
    life.process.kill();
    this.#disk.crash(keepsWrite);
  }

  #sync(done: () => void): void {
    const process = this.#life?.process;
    const latencyMs = this.syncMs * (0.5 + this.#options.rng.next());
    const finish = (): void => {
      if (!this.#crashAfterSync) return done();
      this.#options.situations.count('crashBetweenSyncAndSend');
      this.#end(() => true);
    };
    assert(process !== undefined, 'only a running process writes');
    process.after(latencyMs, finish);
  }
}

interface Life<Service> {
  readonly process: SimProcess;
  readonly clock: SimClock;
  readonly replica: Replica;
  service: Service | undefined;
  receive(frame: PeerFrame): void;
}
