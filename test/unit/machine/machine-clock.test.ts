import { describe, expect, test } from 'vitest';
import { SuspendDetector } from '../../../src/common/clock.js';
import { MachineClock } from '../../../src/machine/machine-clock.js';

/** Clocks that a test moves. */
class Machine {
  monotonic = 1000.25;
  boot = 5000;
  wall = 1_700_000_000_000;
  bootLooks = 0;
  readonly clock = new MachineClock({
    monotonicMs: () => this.monotonic,
    bootMs: () => {
      this.bootLooks++;
      return this.boot;
    },
    wallMs: () => Math.floor(this.wall),
  });

  run(durationMs: number): void {
    this.monotonic += durationMs;
    this.boot += durationMs;
    this.wall += durationMs;
  }

  suspend(durationMs: number): void {
    this.boot += durationMs;
    this.wall += durationMs;
  }
}

describe('boot time', () => {
  test('is read seldom while the clocks keep pace', () => {
    const machine = new Machine();
    for (let look = 0; look < 1000; look++) {
      machine.run(0.1);
      expect(machine.clock.bootMs()).toBeCloseTo(machine.boot, 3);
    }
    expect(machine.bootLooks).toBeLessThan(10);
  });

  test('shows a suspended machine at the first look after it', () => {
    const machine = new Machine();
    const detector = new SuspendDetector(machine.clock);
    machine.run(1);
    expect(detector.jumped()).toBe(false);
    machine.suspend(60_000);
    expect(machine.clock.bootMs()).toBe(machine.boot);
    expect(detector.jumped()).toBe(true);
  });

  test('shows one that the wall clock hides, a moment later', () => {
    const machine = new Machine();
    machine.suspend(60_000);
    machine.wall -= 60_000;
    machine.run(20);
    expect(machine.clock.bootMs()).toBe(machine.boot);
  });

  test('is the time since boot of this machine', () => {
    const clock = new MachineClock();
    const before = clock.bootMs();
    const beforeMonotonic = clock.monotonicMs();
    while (clock.monotonicMs() < beforeMonotonic + 50);
    expect(clock.bootMs() - before).toBeGreaterThan(30);
    expect(clock.bootMs() - before).toBeLessThan(5000);
  });
});

describe('a timer', () => {
  test('never runs before its time', async () => {
    const clock = new MachineClock();
    const early: number[] = [];
    await Promise.all(
      Array.from({ length: 200 }, (_, n) => {
        const dueMs = clock.monotonicMs() + n / 7;
        return new Promise<void>((resolve) => {
          clock.after(n / 7, () => {
            if (clock.monotonicMs() < dueMs - 1e-6) early.push(n);
            resolve();
          });
        });
      }),
    );
    expect(early).toEqual([]);
  });

  test('waits also for longer than Node can, and can be cancelled', async () => {
    const clock = new MachineClock();
    let ran = 0;
    const long = clock.after(1e12, () => ran++);
    const short = clock.after(1, () => ran++);
    short.cancel();
    short.cancel();
    await new Promise<void>((resolve) => void clock.after(20, resolve));
    long.cancel();
    expect(ran).toBe(0);
  });
});
