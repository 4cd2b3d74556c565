/** A pending call of {@link Clock.after}. */
export interface Timer {
  /** Idempotent; after it the callback never runs. */
  cancel(): void;
}

/**
 * All time that deterministic code sees. Protocol decisions use `monotonicMs` only; the other two exist to notice a
 * machine that was suspended (the monotonic clock stands still meanwhile) and to show people a date.
 */
export interface Clock {
  /** Milliseconds, never falling, with a fraction; the origin means nothing. */
  monotonicMs(): number;
  /** Milliseconds since boot, time spent suspended included. */
  bootMs(): number;
  /** Milliseconds since 1970; may jump either way. */
  wallMs(): number;
  /** Calls back once, not before `delayMs` have passed. */
  after(delayMs: number, callback: () => void): Timer;
}

/**
 * How far boot time or wall clock may get ahead of the monotonic clock, all small steps together, before it counts as a
 * suspension: less than the margin of a lease, more than the 10 ms in which Linux tells its boot time.
 */
const TOLERANCE_MS = 15;
/** Looks at the clocks for the first reference: the process may lose its turn between two of them. */
const FIRST_LOOKS = 3;

/**
 * Notices that the machine was suspended: boot time or wall clock went forward and the monotonic clock did not. Naps add
 * up until they are noticed. A backward step of the wall clock is harmless and ignored. (DESIGN 3.5)
 */
export class SuspendDetector {
  #bootAheadMs = -Infinity;
  #wallAheadMs = -Infinity;

  constructor(private readonly clock: Clock) {
    for (let look = 0; look < FIRST_LOOKS; look++) {
      const { bootAheadMs, wallAheadMs } = this.#look();
      this.#bootAheadMs = Math.max(this.#bootAheadMs, bootAheadMs);
      this.#wallAheadMs = Math.max(this.#wallAheadMs, wallAheadMs);
    }
  }

  /** Whether a suspension showed since the last time that it did. */
  jumped(): boolean {
    const { bootAheadMs, wallAheadMs } = this.#look();
    this.#wallAheadMs = Math.min(this.#wallAheadMs, wallAheadMs);
    if (Math.max(bootAheadMs - this.#bootAheadMs, wallAheadMs - this.#wallAheadMs) <= TOLERANCE_MS) return false;
    this.#bootAheadMs = Math.max(this.#bootAheadMs, bootAheadMs);
    this.#wallAheadMs = wallAheadMs;
    return true;
  }

  /** The monotonic clock last: a process that loses its turn in between sees the others behind, not ahead. */
  #look(): { readonly bootAheadMs: number; readonly wallAheadMs: number } {
    const bootMs = this.clock.bootMs();
    const wallMs = this.clock.wallMs();
    const monotonicMs = this.clock.monotonicMs();
    return { bootAheadMs: bootMs - monotonicMs, wallAheadMs: wallMs - monotonicMs };
  }
}
