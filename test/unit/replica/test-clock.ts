import type { Clock, Timer } from '../../../src/common/clock.js';
import { Scheduler } from '../../../src/testing/scheduler.js';

/** Lets everything go on that waits for nothing but its turn. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** One virtual time for a whole test. */
export class TestTime {
  readonly scheduler = new Scheduler();

  async pass(ms: number): Promise<void> {
    await this.until(() => false, ms);
  }

  /** Lets time pass until something holds. Whether it does, before `patienceMs` are over. */
  async until(holds: () => boolean, patienceMs = 10_000): Promise<boolean> {
    const endMs = this.scheduler.nowMs + patienceMs;
    let over = false;
    this.scheduler.after(patienceMs, () => {
      over = true;
    });
    await settle();
    while (!holds()) {
      if (over || this.scheduler.nowMs > endMs) return false;
      this.scheduler.step();
      await settle();
    }
    return true;
  }
}

/** A replica's clock on the test's time; the machine may be suspended. */
export class TestClock implements Clock {
  /** How long the machine slept: boot time and wall clock know, the monotonic clock does not. */
  suspendedMs = 0;

  constructor(private readonly time: TestTime) {}

  /** By how much the monotonic clock is behind the test's time. */
  #behindMs = 0;

  /** The machine sleeps while the others go on. */
  async nap(time: TestTime, durationMs: number): Promise<void> {
    this.#behindMs += durationMs;
    this.suspendedMs += durationMs;
    await time.pass(durationMs);
  }

  monotonicMs(): number {
    return this.time.scheduler.nowMs - this.#behindMs;
  }

  bootMs(): number {
    return this.monotonicMs() + this.suspendedMs;
  }

  wallMs(): number {
    return 1_700_000_000_000 + this.bootMs();
  }

  after(delayMs: number, callback: () => void): Timer {
    return this.time.scheduler.after(delayMs, callback);
  }
}
