import type { Clock, Timer } from '../common/clock.js';
import type { Scheduler } from './scheduler.js';

/**
 * One life of a simulated process. Whatever happens to it goes through here: a dead process does nothing more, a paused
 * one does it all when it goes on.
 */
export class SimProcess {
  #alive = true;
  #paused = false;
  readonly #waiting: (() => void)[] = [];

  constructor(readonly scheduler: Scheduler) {}

  get alive(): boolean {
    return this.#alive;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Runs now, when the pause is over, or never. */
  run(action: () => void): void {
    if (!this.#alive) return;
    if (this.#paused) this.#waiting.push(action);
    else action();
  }

  after(delayMs: number, action: () => void): Timer {
    let cancelled = false;
    const timer = this.scheduler.after(delayMs, () =>
      this.run(() => {
        if (!cancelled) action();
      }),
    );
    return {
      cancel: () => {
        cancelled = true;
        timer.cancel();
      },
    };
  }

  kill(): void {
    this.#alive = false;
    this.#waiting.length = 0;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    for (const action of this.#waiting.splice(0)) this.scheduler.after(0, () => this.run(action));
  }
}

/** A process's clock: its monotonic rate differs a little from true time, and its wall clock may step. */
export class SimClock implements Clock {
  #wallOffsetMs = 1_700_000_000_000;
  #suspendedMs = 0;

  /** @param rate how fast this clock runs against true time; 1 is exact */
  constructor(
    private readonly process: SimProcess,
    private readonly rate: number,
  ) {}

  monotonicMs(): number {
    return this.process.scheduler.nowMs * this.rate - this.#suspendedMs;
  }

  bootMs(): number {
    return this.process.scheduler.nowMs * this.rate;
  }

  wallMs(): number {
    return this.bootMs() + this.#wallOffsetMs;
  }

  after(delayMs: number, callback: () => void): Timer {
    return this.process.after(delayMs / this.rate, callback);
  }

  stepWall(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  /** The monotonic clock stood still for so long while the others ran: what a suspended machine sees afterwards. */
  suspended(forMs: number): void {
    this.#suspendedMs += forMs;
  }
}
