import { uptime } from 'node:os';
import type { Clock, Timer } from '../common/clock.js';

/** What a {@link MachineClock} is read from. */
export interface TimeSources {
  /** CLOCK_MONOTONIC, in ms: stands still while the machine is suspended. */
  readonly monotonicMs: () => number;
  /** CLOCK_BOOTTIME, in ms: goes on meanwhile. Some 6 µs a look, for it is read from a file. */
  readonly bootMs: () => number;
  readonly wallMs: () => number;
}

const MACHINE: TimeSources = {
  monotonicMs: () => performance.now(),
  bootMs: () => uptime() * 1000,
  wallMs: () => Date.now(),
};

/** For how long boot time may be told from the last look at it. */
const BOOT_TRUSTED_MS = 20;
/** Between two looks wall clock and monotonic clock differ by less than this, their rounding included, unless one jumped. */
const SAME_PACE_MS = 5;
/** The longest wait that Node's timers know. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** The machine's clocks. */
export class MachineClock implements Clock {
  readonly #sources: TimeSources;
  #bootMs: number;
  #bootSeenAtMs: number;
  #bootSeenAtWallMs: number;

  constructor(sources: TimeSources = MACHINE) {
    this.#sources = sources;
    this.#bootSeenAtMs = sources.monotonicMs();
    this.#bootSeenAtWallMs = sources.wallMs();
    this.#bootMs = sources.bootMs();
  }

  monotonicMs(): number {
    return this.#sources.monotonicMs();
  }

  wallMs(): number {
    return this.#sources.wallMs();
  }

  /**
   * Every read of the cell looks at this, too often for a file. A suspended machine moves boot time and wall clock by
   * the same step, so while the wall clock keeps the pace of the monotonic one, boot time does too. (DESIGN 3.5)
   */
  bootMs(): number {
    const sinceMs = this.#sources.monotonicMs() - this.#bootSeenAtMs;
    const wallSinceMs = this.#sources.wallMs() - this.#bootSeenAtWallMs;
    if (sinceMs < BOOT_TRUSTED_MS && Math.abs(wallSinceMs - sinceMs) < SAME_PACE_MS) return this.#bootMs + sinceMs;
    this.#bootSeenAtMs += sinceMs;
    this.#bootSeenAtWallMs += wallSinceMs;
    this.#bootMs = this.#sources.bootMs();
    return this.#bootMs;
  }

  after(delayMs: number, callback: () => void): Timer {
    const dueMs = this.monotonicMs() + delayMs;
    let timeout: NodeJS.Timeout;
    // Node's timers drop fractions, may run a millisecond early, and take what is too long for no wait at all.
    const wait = (): void => {
      const leftMs = Math.max(0, Math.ceil(dueMs - this.monotonicMs()));
      timeout = setTimeout(expired, Math.min(leftMs, LONGEST_TIMEOUT_MS));
    };
    const expired = (): void => {
      if (this.monotonicMs() < dueMs) wait();
      else callback();
    };
    wait();
    return { cancel: () => clearTimeout(timeout) };
  }
}
