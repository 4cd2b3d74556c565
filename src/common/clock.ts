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
 * suspension: less than the margin of a master lease, more than the 10 ms in which Linux tells its boot time.
 */
const TOLERANCE_MS = 15;
/** The wall clock may be told by another oscillator: what it gains at this rate is no step. */
const WALL_DRIFT = 1e-4;
/** Looks at the clocks for the first reference: the process may lose its turn between two of them. */
const FIRST_LOOKS = 3;

/** How far two clocks are ahead of the monotonic one: somewhere between these two bounds, whenever they were read. */
interface Look {
  readonly monotonicMs: number;
  readonly boot: { readonly leastMs: number; readonly mostMs: number };
  readonly wall: { readonly leastMs: number; readonly mostMs: number };
}

/**
 * Notices that the machine was suspended: boot time or wall clock went forward and the monotonic clock did not. Naps add
 * up until they are noticed; a process that loses its turn between two clocks does not count as one. A backward step of
 * the wall clock is harmless and ignored. (DESIGN 3.5)
 */
export class SuspendDetector {
  readonly #toleranceMs: number;
  #bootAheadMs = Infinity;
  #wallAheadMs = Infinity;
  #lookedAtMs = 0;

  /** @param toleranceMs what a lease that rests on this can lose unseen */
  constructor(
    private readonly clock: Clock,
    toleranceMs = TOLERANCE_MS,
  ) {
    this.#toleranceMs = toleranceMs;
    for (let look = 0; look < FIRST_LOOKS; look++) {
      const { monotonicMs, boot, wall } = this.#look();
      this.#bootAheadMs = Math.min(this.#bootAheadMs, boot.mostMs);
      this.#wallAheadMs = Math.min(this.#wallAheadMs, wall.mostMs);
      this.#lookedAtMs = monotonicMs;
    }
  }

  /** Whether a suspension showed since the last time that it did. */
  jumped(): boolean {
    const { monotonicMs, boot, wall } = this.#look();
    this.#wallAheadMs += WALL_DRIFT * (monotonicMs - this.#lookedAtMs);
    this.#lookedAtMs = monotonicMs;
    this.#wallAheadMs = Math.min(this.#wallAheadMs, wall.mostMs);
    const gainedMs = Math.max(boot.leastMs - this.#bootAheadMs, wall.leastMs - this.#wallAheadMs);
    if (gainedMs <= this.#toleranceMs) return false;
    this.#bootAheadMs = Math.max(this.#bootAheadMs, boot.mostMs);
    this.#wallAheadMs = wall.mostMs;
    return true;
  }

  #look(): Look {
    const beforeMs = this.clock.monotonicMs();
    const bootMs = this.clock.bootMs();
    const wallMs = this.clock.wallMs();
    const monotonicMs = this.clock.monotonicMs();
    const between = (ms: number) => ({ leastMs: ms - monotonicMs, mostMs: ms - beforeMs });
    return { monotonicMs, boot: between(bootMs), wall: between(wallMs) };
  }
}
