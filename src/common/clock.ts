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

/** How far boot time or wall clock may run ahead of the monotonic clock between two looks before it counts as a jump. */
const JUMP_TOLERANCE_MS = 100;

/**
 * Notices that the machine was suspended between two looks: boot time or wall clock went forward and the monotonic
 * clock did not. A backward step of the wall clock is harmless and ignored. (DESIGN 3.5)
 */
export class SuspendDetector {
  #bootAheadMs: number;
  #wallAheadMs: number;

  constructor(private readonly clock: Clock) {
    const monotonicMs = clock.monotonicMs();
    this.#bootAheadMs = clock.bootMs() - monotonicMs;
    this.#wallAheadMs = clock.wallMs() - monotonicMs;
  }

  /** Whether a forward jump happened since the last look; slow drift is forgotten look by look. */
  jumped(): boolean {
    const monotonicMs = this.clock.monotonicMs();
    const bootAheadMs = this.clock.bootMs() - monotonicMs;
    const wallAheadMs = this.clock.wallMs() - monotonicMs;
    const jumped =
      bootAheadMs - this.#bootAheadMs > JUMP_TOLERANCE_MS || wallAheadMs - this.#wallAheadMs > JUMP_TOLERANCE_MS;
    this.#bootAheadMs = bootAheadMs;
    this.#wallAheadMs = wallAheadMs;
    return jumped;
  }
}
