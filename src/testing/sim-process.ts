import type { Clock, Timer } from '../common/clock.js';
import type { MachineTime } from './machine-time.js';

/** A timer that rounding brought before its time is put off by so much at least, or it might never come to be due. */
const ROUNDING_MS = 1e-6;

/**
 * One life of a simulated process. Whatever happens to it goes through here: a dead process does nothing more; one that
 * is paused, or whose machine sleeps, does it all when it goes on.
 */
export class SimProcess {
  #alive = true;
  #paused = false;
  readonly #waiting: (() => void)[] = [];

  constructor(readonly time: MachineTime) {}

  get alive(): boolean {
    return this.#alive;
  }

  get paused(): boolean {
    return this.#paused || this.time.asleep;
  }

  /** Runs now, when the pause is over, or never. */
  run(action: () => void): void {
    if (!this.#alive) return;
    if (this.paused) this.#waiting.push(action);
    else action();
  }

  after(delayMs: number, action: () => void): Timer {
    let cancelled = false;
    const timer = this.time.scheduler.after(delayMs, () =>
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
    this.#paused = false;
    this.#goOn();
  }

  /** The machine and all that runs on it. */
  suspend(): void {
    this.time.sleep();
  }

  wake(): void {
    this.time.wake();
    this.#goOn();
  }

  #goOn(): void {
    if (this.paused) return;
    for (const action of this.#waiting.splice(0)) this.time.scheduler.after(0, () => this.run(action));
  }
}

/** What a process sees of its machine's time. */
export class SimClock implements Clock {
  readonly #time: MachineTime;

  constructor(private readonly process: SimProcess) {
    this.#time = process.time;
  }

  monotonicMs(): number {
    return this.#time.monotonicMs;
  }

  bootMs(): number {
    return this.#time.bootMs;
  }

  wallMs(): number {
    return this.#time.wallMs;
  }

  /** Timers run by the monotonic clock: a machine's sleep puts them off. */
  after(delayMs: number, callback: () => void): Timer {
    const dueMs = this.monotonicMs() + delayMs;
    let cancelled = false;
    let timer: Timer;
    const arm = (leftMs: number): void => {
      timer = this.process.after(leftMs / this.#time.rate, () => {
        const stillMs = dueMs - this.monotonicMs();
        if (cancelled) return;
        if (stillMs > 0) arm(Math.max(stillMs, ROUNDING_MS));
        else callback();
      });
    };
    arm(delayMs);
    return {
      cancel: () => {
        cancelled = true;
        timer.cancel();
      },
    };
  }
}
