import type { Scheduler } from './scheduler.js';

/** The time of one machine, whatever runs on it: its rate differs a little from true time, and it may be suspended. */
export class MachineTime {
  #wallOffsetMs = 1_700_000_000_000;
  /** Of true time, naps that are over. */
  #sleptMs = 0;
  #asleepSinceMs: number | undefined;

  /** @param rate how fast the machine's clocks run against true time; 1 is exact */
  constructor(
    readonly scheduler: Scheduler,
    readonly rate: number,
  ) {}

  get asleep(): boolean {
    return this.#asleepSinceMs !== undefined;
  }

  /** Stands still while the machine sleeps; the two others go on. */
  get monotonicMs(): number {
    return ((this.#asleepSinceMs ?? this.scheduler.nowMs) - this.#sleptMs) * this.rate;
  }

  get bootMs(): number {
    return this.scheduler.nowMs * this.rate;
  }

  get wallMs(): number {
    return this.bootMs + this.#wallOffsetMs;
  }

  stepWall(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  sleep(): void {
    this.#asleepSinceMs ??= this.scheduler.nowMs;
  }

  wake(): void {
    if (this.#asleepSinceMs === undefined) return;
    this.#sleptMs += this.scheduler.nowMs - this.#asleepSinceMs;
    this.#asleepSinceMs = undefined;
  }
}
