import { beforeEach, describe, expect, it } from 'vitest';
import { SuspendDetector } from '../../../src/common/clock.js';
import type { Clock } from '../../../src/common/clock.js';

/** Three clocks that a test sets. */
class Clocks implements Clock {
  monotonic = 1_000;
  boot = 500_000;
  wall = 1_700_000_000_000;
  /** How long the process loses its turn after a look at a clock. */
  pauseMs: { boot?: number; wall?: number } = {};

  monotonicMs(): number {
    return this.monotonic;
  }

  /** As Linux tells it: in steps of 10 ms. */
  bootMs(): number {
    const boot = Math.floor(this.boot / 10) * 10;
    this.run(this.pauseMs.boot ?? 0);
    return boot;
  }

  wallMs(): number {
    const wall = Math.floor(this.wall);
    this.run(this.pauseMs.wall ?? 0);
    return wall;
  }

  after(): never {
    throw new Error('the detector waits for nothing');
  }

  run(durationMs: number): void {
    this.monotonic += durationMs;
    this.sleep(durationMs);
  }

  sleep(durationMs: number): void {
    this.boot += durationMs;
    this.wall += durationMs;
  }
}

describe('a suspend detector', () => {
  let clocks: Clocks;
  let detector: SuspendDetector;

  beforeEach(() => {
    clocks = new Clocks();
    detector = new SuspendDetector(clocks);
  });

  it('takes no running machine for a suspended one, however its clocks are cut', () => {
    for (let look = 0; look < 10_000; look++) {
      clocks.run(0.37);
      expect(detector.jumped()).toBe(false);
    }
  });

  it('notices a suspension once', () => {
    clocks.sleep(40);
    expect(detector.jumped()).toBe(true);
    expect(detector.jumped()).toBe(false);
  });

  it('adds up naps that are too short each, before they make the margin of a lease', () => {
    let sleptMs = 0;
    for (let nap = 0; nap < 4; nap++) {
      clocks.run(20);
      clocks.sleep(6);
      sleptMs += 6;
      if (detector.jumped()) break;
    }
    expect(sleptMs).toBe(18);
  });

  it('notices a forward step of the wall clock, and none backward', () => {
    clocks.wall -= 3_600_000;
    expect(detector.jumped()).toBe(false);
    clocks.run(1_000);
    expect(detector.jumped()).toBe(false);
    clocks.wall += 100;
    expect(detector.jumped()).toBe(true);
  });

  it.each(['boot', 'wall'] as const)('does not mind losing its turn after a look at %s time', (clock) => {
    for (let look = 0; look < 20; look++) {
      clocks.pauseMs = { [clock]: look % 3 === 0 ? 80 : 0 };
      clocks.run(20);
      expect(detector.jumped()).toBe(false);
    }
    clocks.pauseMs = {};
    clocks.sleep(40);
    expect(detector.jumped()).toBe(true);
  });

  it('lets the wall clock drift, as one of another oscillator does', () => {
    for (let second = 0; second < 3_600; second++) {
      clocks.run(1_000);
      clocks.wall += 0.05;
      expect(detector.jumped()).toBe(false);
    }
  });
});
