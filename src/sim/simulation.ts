import { DEFAULT_SESSION_TIMINGS } from '../chubby/records/cell-facts.js';
import { SeededRng } from '../common/rng.js';
import type { Rng } from '../common/rng.js';
import type { ReplicaId, Slot } from '../paxos/ballot.js';
import type { Application, StateLoading } from '../replica/ports.js';
import type { CheckNotice, CheckSchedule } from '../replica/state-checks.js';
import { ChubbyService } from '../service/chubby-service.js';
import { Agreement } from './agreement.js';
import { drawConditions, drawSessionLeaseMs, SHORTEST_SESSION_LEASE_MS } from './conditions.js';
import type { Conditions } from './conditions.js';
import type { ClientVictim } from './fault.js';
import { Faults } from './faults.js';
import { LockJudge } from './lock-judge.js';
import { MachineTime } from '../testing/machine-time.js';
import type { PlantedBugs } from './planted-bugs.js';
import { Presence } from './presence.js';
import { Probe } from './probe.js';
import { Registers } from './registers.js';
import { Reigns } from './reigns.js';
import { Scheduler } from '../testing/scheduler.js';
import { SimClient } from './sim-client.js';
import { SimNetwork } from './sim-network.js';
import { SimClock, SimProcess } from '../testing/sim-process.js';
import { SimReplica } from './sim-replica.js';
import { SituationCounts } from './situations.js';
import { check } from './violation.js';
import { SimWire } from './wire.js';

export interface SimulationOptions {
  readonly seed: number;
  readonly bugs?: PlantedBugs;
  /** Whether a replica's memory fails when it applies a slot; where it is given, states are compared. */
  readonly memoryFails?: (replica: ReplicaId, slot: number, reigns: boolean) => boolean;
  /** Lets every promise that can go on do so; the one thing that virtual time cannot order by itself. */
  readonly settle: () => Promise<void>;
}

export interface SimulationResult {
  readonly failure: Error | undefined;
  readonly situations: SituationCounts;
  /** The replicas that took themselves out, in their order. */
  readonly diverged: readonly ReplicaId[];
  /** What comparisons of states found. */
  readonly checks: readonly CheckNotice[];
  readonly steps: number;
  /** Of everything that was delivered and answered: the same for the same seed. */
  readonly trace: number;
}

const REPLICAS = [1, 2, 3, 4, 5] as ReplicaId[];
const WRITERS = ['a', 'b', 'c', 'd'];
/** Clients that change nothing, and so are not held up by changes that do not come about. */
const WATCHERS = ['x', 'y'];
const FIRST_CLIENT_PLACE = 101;
const SAFETY_MS = 10_000;
const LIVENESS_MS = 8_000;
/** For what is under way when the clients stop. */
const SETTLING_MS = 2_000;
/** How far the clocks of a run's machines differ from true time at the most: together less than maxClockDrift. */
const CLOCK_SPREAD = 0.045;
/** So often that a difference is found long before the run ends. */
const OFTEN: CheckSchedule = { afterSlots: 100, afterMs: 500 };
const NEVER: CheckSchedule = { afterSlots: Infinity, afterMs: Infinity };

/**
 * One run from one seed: five replicas of the production classes and a few clients on simulated disks, network and
 * clocks. First faults must not break safety; then, healed, everything must make progress. (DESIGN 10; [PML] 6)
 */
export class Simulation {
  readonly #options: SimulationOptions;
  readonly #rng: Rng;
  readonly #scheduler = new Scheduler();
  readonly #network: SimNetwork;
  readonly #agreement = new Agreement();
  readonly #registers = new Registers();
  readonly #presence = new Presence();
  readonly #lock = new LockJudge();
  readonly #reigns = new Reigns();
  readonly #situations = new SituationCounts();
  readonly #probe = new Probe(this.#situations);
  readonly #replicas: SimReplica<ChubbyService>[];
  readonly #clients: Client[];
  readonly #conditions: Conditions;
  /** Those whose memory failed in their present life. */
  readonly #damaged = new Set<ReplicaId>();
  readonly #diverged: ReplicaId[] = [];
  readonly #checks: CheckNotice[] = [];
  #failure: Error | undefined;
  #steps = 0;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#rng = new SeededRng(options.seed);
    this.#conditions = drawConditions(this.#rng);
    this.#network = new SimNetwork(this.#scheduler, this.#rng, this.#conditions.bytesPerMs);
    this.#replicas = REPLICAS.map((id) => this.#buildReplica(id));
    this.#clients = [...WRITERS, ...WATCHERS].map((name, index) => this.#buildClient(name, FIRST_CLIENT_PLACE + index));
  }

  async run(): Promise<SimulationResult> {
    for (const replica of this.#replicas) replica.start();
    for (const { client } of this.#clients) client.run().catch(this.#failed);
    const faults = new Faults(this.#scheduler, {
      network: this.#network,
      rng: this.#rng,
      victims: this.#replicas,
      clients: this.#clients,
      leaseMs: this.#conditions.timings.leaseMs,
      master: () => this.#serving()[0],
      lockHolder: () => this.#clients.find(({ name }) => name === this.#lock.holder)?.place,
    });
    await this.#runFor(SAFETY_MS);
    faults.stop();
    const doneBefore = this.#clients.map(({ client }) => client.done);
    const grantsBefore = this.#lock.grants;
    await this.#runFor(LIVENESS_MS);
    for (const { client } of this.#clients) client.stop();
    await this.#runFor(SETTLING_MS);
    // A session may end, or a lock-delay, at the very last moment.
    for (let more = 0; more < SETTLING_MS && this.#digests().size > 1; more += 10) await this.#runFor(10);
    if (this.#failure === undefined) this.#guard(() => this.#judgeLiveness(doneBefore, grantsBefore));
    return {
      failure: this.#failure,
      situations: this.#situations,
      diverged: this.#diverged,
      checks: this.#checks,
      steps: this.#steps,
      trace:
        this.#agreement.highest * 1_000_003 +
        this.#clients.reduce((sum, { client }) => (sum * 31 + client.done) % 1_000_033, 0),
    };
  }

  async #runFor(durationMs: number): Promise<void> {
    const endMs = this.#scheduler.nowMs + durationMs;
    let ended = false;
    this.#scheduler.after(durationMs, () => {
      ended = true;
    });
    while (!ended && this.#failure === undefined && this.#scheduler.nowMs <= endMs) {
      this.#guard(() => this.#scheduler.step());
      await this.#options.settle();
      this.#guard(() => this.#judgeStep());
      this.#steps++;
    }
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#failed(error);
    }
  }

  readonly #failed = (error: unknown): void => {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
  };

  // --- judging ---

  #judgeStep(): void {
    this.#reigns.judge((id) => this.#replica(id)?.mayAnswer === true);
  }

  #serving(): ReplicaId[] {
    return this.#replicas.filter(({ mayAnswer }) => mayAnswer).map(({ id }) => id);
  }

  #judgeLiveness(doneBefore: readonly number[], grantsBefore: number): void {
    check(this.#serving().length === 1, 'after everything healed there is a master');
    this.#clients.forEach(({ client, name }, index) => {
      check(client.done > doneBefore[index]! + 10, `after everything healed client ${name} makes progress`);
    });
    check(this.#lock.grants > grantsBefore, 'after everything healed the lock comes free');
    const digests = this.#digests();
    check(digests.size === 1, () => `after everything healed all replicas agree: ${[...digests].join(' ')}`);
  }

  /** What the replicas have applied, and what became of it. */
  #digests(): Set<string> {
    return new Set(this.#replicas.map(({ service }) => JSON.stringify(service?.status() ?? 'not born')));
  }

  // --- building ---

  #replica(id: ReplicaId): SimReplica<ChubbyService> | undefined {
    return this.#replicas.find((replica) => replica.id === id);
  }

  #buildReplica(id: ReplicaId): SimReplica<ChubbyService> {
    const { timings, snapshotSchedule } = this.#conditions;
    return new SimReplica<ChubbyService>({
      id,
      configured: REPLICAS,
      timings,
      snapshotSchedule,
      scheduler: this.#scheduler,
      network: this.#network,
      rng: this.#rng,
      clockRate: this.#clockRate(),
      situations: this.#situations,
      probe: this.#probe,
      deliver: (frame) => this.#replica(frame.to.replicaId)?.receive(frame),
      service: (log, cellId, clock) =>
        new ChubbyService({
          cellName: 'sim',
          cellId,
          self: id,
          replicas: REPLICAS.map((replica) => ({ id: replica, address: `replica-${replica}` })),
          log,
          clock,
          rng: this.#rng,
          timings: { ...timings, ...DEFAULT_SESSION_TIMINGS },
          limits: { sessionLeaseMinMs: SHORTEST_SESSION_LEASE_MS },
          memoryFails: (slot) => this.#memoryFails(id, slot),
          ...(this.#options.bugs && { plantedBugs: this.#options.bugs }),
        }),
      watch: (service) => this.#watch(id, service),
      inForce: (epoch) => this.#guard(() => this.#reigns.inForce(id, epoch)),
      ended: () => {
        this.#reigns.ended(id);
        this.#damaged.delete(id);
      },
      checkSchedule: this.#options.memoryFails === undefined ? NEVER : OFTEN,
      checked: (notice) => this.#checks.push(notice),
      diverged: () => this.#diverged.push(id),
      failed: this.#failed,
      bugs: this.#options.bugs ?? {},
    });
  }

  /** Judges what a replica is given before it sees it. */
  #watch(id: ReplicaId, application: ChubbyService): Application {
    return {
      timings: () => application.timings(),
      apply: (slot, header, body) => {
        this.#agreement.applied(id, slot, header, body);
        application.apply(slot, header, body);
        this.#reached(id, slot, application);
      },
      skip: (slot) => {
        this.#agreement.skipped(id, slot);
        this.#probe.skipped(slot);
        application.skip(slot);
        this.#reached(id, slot, application);
      },
      digest: () => application.digest(),
      snapshot: () => application.snapshot(),
      loadState: () => this.#watchedLoading(id, application.loadState()),
      reignBegan: (epoch) => {
        this.#reigns.began(id);
        application.reignBegan(epoch);
      },
      reignEnded: (cause) => {
        this.#reigns.ended(id);
        application.reignEnded(cause);
      },
      nextBatch: (maxBytes) => application.nextBatch(maxBytes),
    };
  }

  #reached(id: ReplicaId, slot: Slot, application: ChubbyService): void {
    if (!this.#damaged.has(id)) this.#agreement.reached(id, slot, application.digest());
  }

  #memoryFails(id: ReplicaId, slot: number): boolean {
    const { memoryFails } = this.#options;
    if (memoryFails?.(id, slot, this.#replica(id)?.mayAnswer === true) !== true) return false;
    this.#damaged.add(id);
    return true;
  }

  #watchedLoading(id: ReplicaId, loading: StateLoading): StateLoading {
    return {
      add: (chunk) => loading.add(chunk),
      finish: (handle) => {
        const state = loading.finish(handle);
        this.#agreement.reached(id, handle.slot, handle.digest);
        this.#situations.count('stateFromSnapshot');
        return state;
      },
    };
  }

  #buildClient(name: string, place: number): Client {
    const process = new SimProcess(new MachineTime(this.#scheduler, this.#clockRate()));
    const client = new SimClient({
      name,
      writers: WRITERS,
      replicas: REPLICAS,
      wire: new SimWire(place, process, this.#network, (id) => this.#replica(id)),
      clock: new SimClock(process),
      rng: this.#rng,
      registers: this.#registers,
      presence: this.#presence,
      lock: this.#lock,
      situations: this.#situations,
      maxClockDrift: this.#conditions.timings.maxClockDrift,
      leaseMs: drawSessionLeaseMs(this.#rng),
      fileBytes: this.#conditions.fileBytes,
    });
    return { name, place, process, client };
  }

  #clockRate(): number {
    return 1 + (this.#rng.next() * 2 - 1) * CLOCK_SPREAD;
  }
}

/** A client and what it runs on. */
interface Client extends ClientVictim {
  readonly name: string;
  readonly client: SimClient;
}
