import type { Rng } from '../common/rng.js';
import type { ReplicaId } from '../paxos/ballot.js';
import type { PlantedBugs } from '../paxos/planted-bugs.js';
import type { LogTimings } from '../paxos/timings.js';
import type { Epoch } from '../paxos/value.js';
import type { Application, ReplicatedLog } from '../replica/ports.js';
import type { SnapshotSchedule } from '../replica/snapshot-keeper.js';
import { Replica } from '../replica/replica.js';
import type { CheckNotice, CheckSchedule } from '../replica/state-checks.js';
import { StateDiverged } from '../replica/state-diverged.js';
import type { PeerFrame, Transport } from '../replica/transport.js';
import type { CellId } from '../storage/identity-store.js';
import { MemoryIdentityStore } from '../storage/memory/memory-identity-store.js';
import { MemoryReplayLog } from '../storage/memory/memory-replay-log.js';
import { MemorySnapshotStore } from '../storage/memory/memory-snapshot-store.js';
import type { ReplayLog } from '../storage/replay-log.js';
import { StorageFailure } from '../storage/storage-failure.js';
import type { Victim } from './fault.js';
import { MachineTime } from '../testing/machine-time.js';
import { frameBytes } from './message-size.js';
import type { Probe } from './probe.js';
import type { Scheduler } from '../testing/scheduler.js';
import { SimDisk } from './sim-disk.js';
import { SimClock, SimProcess } from '../testing/sim-process.js';
import type { SimNetwork } from './sim-network.js';
import type { SituationCounts } from './situations.js';
import { Violation } from './violation.js';

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
  /** The application asked whether it may answer, and heard that it may. */
  readonly inForce: (epoch: Epoch) => void;
  /** A life of the replica is over. */
  readonly ended: () => void;
  readonly checkSchedule: CheckSchedule;
  readonly checked: (notice: CheckNotice) => void;
  /** The replica took itself out. */
  readonly diverged: () => void;
  /** The replica ended itself without a reason. */
  readonly failed: (error: Error) => void;
  readonly bugs: PlantedBugs;
  readonly snapshotSchedule: SnapshotSchedule;
}

/** How long a replica may take to end when its disk refused a write. */
const END_WITHIN_MS = 1;
/** When one that took itself out is started again. */
const RESTART_MS = 200;

/** A machine of the cell: one disk, and one life of the production replica after another. */
export class SimReplica<Service extends Application> implements Victim {
  readonly time: MachineTime;
  readonly disk: SimDisk;
  readonly #options: SimReplicaOptions<Service>;
  #life: Life<Service> | undefined;
  /** Faults are over: what they set in motion and ends its process later, ends it for a moment only. */
  #healed = false;

  constructor(options: SimReplicaOptions<Service>) {
    this.#options = options;
    this.time = new MachineTime(options.scheduler, options.clockRate);
    this.disk = new SimDisk({
      rng: options.rng,
      process: () => this.process,
      crash: (moment) => {
        if (moment === 'betweenSyncAndSend') options.situations.count('crashBetweenSyncAndSend');
        this.#end(() => moment === 'betweenSyncAndSend');
      },
      refused: () => this.#mustEnd(),
    });
  }

  get id(): ReplicaId {
    return this.#options.id;
  }

  get process(): SimProcess | undefined {
    return this.#life?.process;
  }

  get service(): Service | undefined {
    return this.#life?.service;
  }

  /** Whether the replica, asked now, would answer clients as master. */
  get mayAnswer(): boolean {
    const life = this.#life;
    // Who was suspended learns of it by looking at its clocks, and whoever answers looks first.
    return life !== undefined && !life.unaware && life.replica.reign() !== undefined;
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

  handOver(patienceMs: number): void {
    const life = this.#life;
    life?.process.run(() => {
      const reigned = life.replica.status().node?.role === 'master';
      const over = (): void => {
        if (this.#life !== life) return;
        if (reigned && life.replica.status().node?.role === 'follower') this.#options.situations.count('handOver');
        this.crash();
      };
      life.replica.stop(patienceMs).then(() => life.process.run(over), this.#options.failed);
    });
  }

  suspend(): void {
    this.time.sleep();
    if (this.#life === undefined) return;
    this.#life.unaware = true;
    this.#options.situations.count('suspendedMachine');
  }

  wake(): void {
    this.time.wake();
    this.process?.wake();
  }

  heal(): void {
    this.#healed = true;
    this.disk.heal();
    this.wake();
    this.process?.resume();
    this.start();
  }

  receive(frame: PeerFrame): void {
    const life = this.#life;
    life?.process.run(() => life.receive(frame));
  }

  #begin(): Life<Service> {
    const { configured, timings, id, rng, bugs } = this.#options;
    const process = new SimProcess(this.time);
    const clock = new SimClock(process);
    const transport = new LifeTransport(this.#options, process, () => life.replica);
    const life: Life<Service> = {
      process,
      service: undefined,
      unaware: false,
      receive: (frame) => transport.receive(frame),
      replica: new Replica({
        replicaId: id,
        configured,
        timings,
        identityStore: new MemoryIdentityStore(this.disk.contents),
        log: this.#log(),
        snapshots: new MemorySnapshotStore(this.disk.contents),
        snapshotSchedule: this.#options.snapshotSchedule,
        checkSchedule: this.#options.checkSchedule,
        onCheck: (notice) => this.#options.checked(notice),
        onSnapshot: (notice) => notice.type === 'damaged' && this.#options.failed(notice.error),
        transport,
        clock,
        rng,
        application: (log, cellId) => {
          life.service = this.#options.service(this.#listened(log, life), cellId, clock);
          return this.#options.watch(life.service);
        },
        fatal: (error) => this.#fatal(life, error),
        bugs,
      }),
    };
    life.replica.start().catch((error: Error) => this.#fatal(life, error));
    return life;
  }

  #log(): ReplayLog {
    const { id, probe } = this.#options;
    const log = new MemoryReplayLog(this.disk.contents);
    return {
      recover: () => log.recover(),
      append: async (turn) => {
        this.disk.announce(turn.promised === undefined ? 'any' : 'promise');
        await log.append(turn);
        probe.synced(id, turn);
      },
      read: (from, upTo, maxBytes) => log.read(from, upTo, maxBytes),
      reclaim: () => log.reclaim(),
      close: () => log.close(),
    };
  }

  /** The log as its application sees it, with an ear at the question who is master. */
  #listened(log: ReplicatedLog, life: Life<Service>): ReplicatedLog {
    return {
      reign: () => {
        const epoch = log.reign();
        life.unaware = false;
        if (epoch !== undefined && this.#life === life) this.#options.inForce(epoch);
        return epoch;
      },
      master: () => log.master(),
      shortOfSpace: () => log.shortOfSpace(),
      workArrived: () => log.workArrived(),
    };
  }

  /** The replica ended itself: as it must when its disk fails, and must not otherwise. */
  #fatal(life: Life<Service>, error: Error): void {
    if (this.#life !== life) return;
    if (error instanceof StateDiverged) {
      this.#options.diverged();
      this.crash();
      this.#options.scheduler.after(RESTART_MS, () => this.start());
      return;
    }
    if (!(error instanceof StorageFailure)) return this.#options.failed(error);
    this.#options.situations.count('diskFailure');
    this.crash();
  }

  #mustEnd(): void {
    const life = this.#life;
    this.#options.scheduler.after(END_WITHIN_MS, () => {
      if (life !== undefined && this.#life === life && !life.process.paused) {
        this.#options.failed(new Violation(`replica ${this.id} goes on after its disk refused a write`));
      }
    });
  }

  #end(keepsWrite: () => boolean): void {
    const life = this.#life;
    if (life === undefined) return;
    if ((life.replica.status().node?.inFlight ?? 0) > 0) this.#options.situations.count('failOverWithValuesInFlight');
    this.#life = undefined;
    life.replica.halt();
    life.process.kill();
    this.disk.processEnded(keepsWrite);
    this.#options.ended();
    if (this.#healed) this.#options.scheduler.after(0, () => this.start());
  }
}

interface Life<Service> {
  readonly process: SimProcess;
  readonly replica: Replica;
  service: Service | undefined;
  /** Its machine was suspended since it last asked whether it may answer. */
  unaware: boolean;
  receive(frame: PeerFrame): void;
}

/** Carries the frames of one life of a replica. */
class LifeTransport implements Transport {
  #receive = (_frame: PeerFrame): void => undefined;

  constructor(
    private readonly options: Pick<
      SimReplicaOptions<Application>,
      'id' | 'network' | 'rng' | 'probe' | 'situations' | 'deliver'
    >,
    private readonly process: SimProcess,
    private readonly replica: () => Replica,
  ) {}

  send(frame: PeerFrame): void {
    const { id, network, rng, probe, situations, deliver } = this.options;
    for (const message of frame.messages) {
      if (message.type === 'snapshotPiece' && message.slot > 0) situations.count('snapshotSent');
      if (message.type === 'accept') probe.accept(message, this.replica().status().node!.configuration);
    }
    network.send(id, frame.to.replicaId, frameBytes(frame), () => {
      // With a machine go some of the messages that had not left it.
      if (this.process.alive || rng.next() < 0.5) deliver(frame);
    });
  }

  onFrame(receiver: (frame: PeerFrame) => void): void {
    this.#receive = receiver;
  }

  receive(frame: PeerFrame): void {
    this.#receive(frame);
  }
}
