import { DEFAULT_SESSION_TIMINGS } from '../chubby/records/cell-facts.js';
import { SeededRng } from '../common/rng.js';
import type { Rng } from '../common/rng.js';
import type { ReplicaId } from '../paxos/ballot.js';
import { DEFAULT_LOG_TIMINGS } from '../paxos/timings.js';
import type { Application } from '../replica/ports.js';
import { ChubbyService } from '../service/chubby-service.js';
import { Agreement } from './agreement.js';
import { Faults } from './faults.js';
import { LockJudge } from './lock-judge.js';
import type { PlantedBugs } from './planted-bugs.js';
import { Probe } from './probe.js';
import { Registers } from './registers.js';
import { Scheduler } from './scheduler.js';
import { SimClient } from './sim-client.js';
import type { Wire } from './sim-client.js';
import { SimNetwork } from './sim-network.js';
import { SimClock, SimProcess } from './sim-process.js';
import { SimReplica } from './sim-replica.js';
import { SituationCounts } from './situations.js';
import { check } from './violation.js';

export interface SimulationOptions {
  readonly seed: number;
  readonly bugs?: PlantedBugs;
  /** Lets every promise that can go on do so; the one thing that virtual time cannot order by itself. */
  readonly settle: () => Promise<void>;
}

export interface SimulationResult {
  readonly failure: Error | undefined;
  readonly situations: SituationCounts;
  readonly steps: number;
  /** Of everything that was delivered and answered: the same for the same seed. */
  readonly trace: number;
}

const REPLICAS = [1, 2, 3, 4, 5] as ReplicaId[];
const CLIENTS = ['a', 'b', 'c', 'd'];
const FIRST_CLIENT_PLACE = 101;
const SAFETY_MS = 10_000;
const LIVENESS_MS = 8_000;
/** How far the clocks of a run's machines differ from true time at the most: together less than maxClockDrift. */
const CLOCK_SPREAD = 0.045;

/**
 * One run from one seed: five replicas of the production classes and a few clients on simulated disks, network and
 * clocks. First faults must not break safety; then, healed, everything must make progress. (DESIGN 10; PML 6)
 */
export class Simulation {
  readonly #options: SimulationOptions;
  readonly #rng: Rng;
  readonly #scheduler = new Scheduler();
  readonly #network: SimNetwork;
  readonly #agreement = new Agreement();
  readonly #registers = new Registers();
  readonly #lock = new LockJudge();
  readonly #situations = new SituationCounts();
  readonly #probe = new Probe(this.#situations);
  readonly #replicas: SimReplica<ChubbyService>[];
  readonly #clients: SimClient[];
  #failure: Error | undefined;
  #steps = 0;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#rng = new SeededRng(options.seed);
    this.#network = new SimNetwork(this.#scheduler, this.#rng);
    this.#replicas = REPLICAS.map((id) => this.#replica(id));
    this.#clients = CLIENTS.map((name, index) => this.#client(name, FIRST_CLIENT_PLACE + index));
  }

  async run(): Promise<SimulationResult> {
    for (const replica of this.#replicas) replica.start();
    for (const client of this.#clients) client.run().catch(this.#failed);
    const faults = new Faults({
      scheduler: this.#scheduler,
      network: this.#network,
      rng: this.#rng,
      victims: this.#replicas,
      master: () => this.#serving()[0],
    });
    await this.#runFor(SAFETY_MS);
    faults.stop();
    const doneBefore = this.#clients.map((client) => client.done);
    await this.#runFor(LIVENESS_MS);
    for (const client of this.#clients) client.stop();
    await this.#runFor(2_000);
    if (this.#failure === undefined) this.#guard(() => this.#judgeLiveness(doneBefore));
    return {
      failure: this.#failure,
      situations: this.#situations,
      steps: this.#steps,
      trace: this.#agreement.highest * 1_000_003 + this.#clients.reduce((sum, client) => sum * 31 + client.done, 0),
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

  /** S4: at no moment do two replicas believe that they may answer. */
  #judgeStep(): void {
    const serving = this.#serving();
    check(serving.length <= 1, () => `two masters at once: replicas ${serving.join(' and ')}`);
  }

  #serving(): ReplicaId[] {
    return this.#replicas.filter((replica) => replica.replica?.reign() !== undefined).map(({ id }) => id);
  }

  #judgeLiveness(doneBefore: readonly number[]): void {
    check(this.#serving().length === 1, 'after everything healed there is a master');
    this.#clients.forEach((client, index) => {
      check(client.done > doneBefore[index]! + 10, `after everything healed client ${CLIENTS[index]} makes progress`);
    });
    const digests = new Set(this.#replicas.map((replica) => JSON.stringify(replica.service?.status())));
    check(digests.size === 1, () => `after everything healed all replicas agree: ${[...digests].join(' ')}`);
  }

  // --- building ---

  #replica(id: ReplicaId): SimReplica<ChubbyService> {
    return new SimReplica<ChubbyService>({
      id,
      configured: REPLICAS,
      timings: DEFAULT_LOG_TIMINGS,
      scheduler: this.#scheduler,
      network: this.#network,
      rng: this.#rng,
      clockRate: this.#clockRate(),
      situations: this.#situations,
      probe: this.#probe,
      deliver: (frame) => this.#replicas.find((replica) => replica.id === frame.to.replicaId)?.receive(frame),
      service: (log, cellId, clock) =>
        new ChubbyService({
          cellName: 'sim',
          cellId,
          self: id,
          replicas: REPLICAS.map((replica) => ({ id: replica, address: `replica-${replica}` })),
          log,
          clock,
          rng: this.#rng,
          timings: { ...DEFAULT_LOG_TIMINGS, ...DEFAULT_SESSION_TIMINGS },
          ...(this.#options.bugs && { plantedBugs: this.#options.bugs }),
        }),
      watch: (service) => this.#watch(id, service),
      failed: this.#failed,
      bugs: this.#options.bugs ?? {},
    });
  }

  /** Judges what a replica is given before it sees it. */
  #watch(id: ReplicaId, application: Application): Application {
    return {
      timings: () => application.timings(),
      apply: (slot, header, body) => {
        this.#agreement.applied(id, slot, header, body);
        application.apply(slot, header, body);
      },
      skip: (slot) => {
        this.#agreement.skipped(id, slot);
        this.#probe.skipped(slot);
        application.skip(slot);
      },
      reignBegan: (epoch) => application.reignBegan(epoch),
      reignEnded: (cause) => application.reignEnded(cause),
      nextBatch: (maxBytes) => application.nextBatch(maxBytes),
    };
  }

  #client(name: string, place: number): SimClient {
    const process = new SimProcess(this.#scheduler);
    return new SimClient({
      name,
      peers: CLIENTS,
      replicas: REPLICAS,
      wire: this.#wire(place, process),
      process,
      clock: new SimClock(process, this.#clockRate()),
      rng: this.#rng,
      registers: this.#registers,
      lock: this.#lock,
      situations: this.#situations,
      maxClockDrift: DEFAULT_LOG_TIMINGS.maxClockDrift,
    });
  }

  #wire(place: number, process: SimProcess): Wire {
    const carry = (
      to: ReplicaId,
      ask: (service: ChubbyService, answer: (deliver: () => void) => void) => void,
    ): void => {
      const replica = this.#replicas.find(({ id }) => id === to);
      this.#network.send(place, to, () => {
        replica?.process?.run(() => {
          if (replica.service === undefined) return;
          ask(replica.service, (deliver) => this.#network.send(to, place, () => process.run(deliver)));
        });
      });
    };
    const caller = { principal: 'sim' };
    return {
      call: (to, call, respond) =>
        carry(to, (service, answer) => service.call(caller, call, (reply) => answer(() => respond(reply)))),
      keepAlive: (to, request, respond) =>
        carry(to, (service, answer) => {
          service.keepAlive(caller, request, (reply) => answer(() => respond(reply)));
        }),
    };
  }

  #clockRate(): number {
    return 1 + (this.#rng.next() * 2 - 1) * CLOCK_SPREAD;
  }
}
