import { CLIENT_FAULTS } from './client-faults.js';
import { DISK_FAULTS } from './disk-faults.js';
import { between, pick, some } from './fault.js';
import type { Fault, FaultScene } from './fault.js';
import { MACHINE_FAULTS } from './machine-faults.js';
import { NETWORK_FAULTS } from './network-faults.js';
import { PROCESS_FAULTS } from './process-faults.js';
import type { Scheduler } from '../testing/scheduler.js';
import { STAGED_FAULTS } from './staged-faults.js';

const FAULTS: readonly Fault[] = [
  ...PROCESS_FAULTS,
  ...MACHINE_FAULTS,
  ...DISK_FAULTS,
  ...NETWORK_FAULTS,
  ...CLIENT_FAULTS,
];

/** Which part of all kinds one run has. */
const KINDS_OF_A_RUN = 0.25;
const RUNS_WITH_STAGED_FAULTS = 0.5;
/** Of the faults in such a run. */
const STAGED_PART = 0.5;

/**
 * Begins and ends faults at random moments until it is told to stop. Each run has its own few kinds of fault, so that
 * they meet each other more often than if every run had all. (TigerBeetle calls it swarm testing)
 */
export class Faults {
  readonly #scene: FaultScene;
  readonly #kinds: readonly Fault[];
  /** How many of this run's faults are staged. */
  readonly #staged: number;
  /** What ends each of those under way. */
  readonly #underWay = new Set<() => void>();
  #stopped = false;

  constructor(
    private readonly scheduler: Scheduler,
    scene: Omit<FaultScene, 'later'>,
  ) {
    this.#scene = { ...scene, later: (delayMs, run) => this.#later(delayMs, run) };
    const drawn = some(scene.rng, FAULTS, KINDS_OF_A_RUN);
    this.#kinds = drawn.length > 0 ? drawn : FAULTS;
    this.#staged = scene.rng.next() < RUNS_WITH_STAGED_FAULTS ? STAGED_PART : 0;
    this.#next();
  }

  /** No more faults; everything heals, and all processes run. */
  stop(): void {
    const { network, victims, clients } = this.#scene;
    this.#stopped = true;
    this.#endAll();
    network.heal();
    for (const one of victims) one.heal();
    for (const { process } of clients) {
      process.wake();
      process.resume();
    }
  }

  #next(): void {
    const { rng } = this.#scene;
    this.#later(between(rng, 50, 800), () => {
      if (rng.next() < this.#staged) {
        this.#endAll();
        return this.#begin(pick(rng, STAGED_FAULTS), between(rng, 500, 3000), true);
      }
      this.#begin(pick(rng, this.#kinds), between(rng, 20, 1500), false);
    });
  }

  /** @param alone whether no other fault begins meanwhile */
  #begin(fault: Fault, lastsMs: number, alone: boolean): void {
    const end = fault(this.#scene);
    this.#underWay.add(end);
    this.#later(lastsMs, () => {
      if (this.#underWay.delete(end)) end();
      if (alone) this.#next();
    });
    if (!alone) this.#next();
  }

  #endAll(): void {
    for (const end of this.#underWay) end();
    this.#underWay.clear();
  }

  #later(delayMs: number, run: () => void): void {
    this.scheduler.after(delayMs, () => {
      if (!this.#stopped) run();
    });
  }
}
