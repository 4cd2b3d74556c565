import type { Clock } from '../common/clock.js';
import { badArgument } from './arguments.js';
import { LockWait } from './lock-wait.js';
import type { WaitOptions } from './lock-wait.js';
import type { CallOptions } from './options.js';
import type { CallTerms } from './pending-call.js';

/** Turns what callers say of time into deadlines. */
export class Deadlines {
  constructor(
    private readonly clock: Clock,
    private readonly defaultTimeoutMs: number,
  ) {}

  /**
   * @param sizeBytes about what the request takes on the wire
   * @throws ChubbyError BAD_ARGUMENT for a time limit that is none
   */
  termsOf({ signal, timeoutMs }: CallOptions, sizeBytes: number): CallTerms {
    return this.#termsWithin(timeoutMs ?? this.defaultTimeoutMs, signal, sizeBytes);
  }

  /**
   * An Acquire waits for its lock as long as its caller says, so that the default limits only what goes beyond.
   *
   * @param waitMs undefined for as long as the session lives
   * @throws ChubbyError BAD_ARGUMENT
   */
  termsOfWait({ signal, timeoutMs }: CallOptions, waitMs: number | undefined, sizeBytes: number): CallTerms {
    const limitMs = waitMs === undefined ? Infinity : waitMs + this.defaultTimeoutMs;
    return this.#termsWithin(timeoutMs ?? limitMs, signal, sizeBytes);
  }

  /** Begins now. */
  waitOf(options: WaitOptions): LockWait {
    return new LockWait(this.clock, this.defaultTimeoutMs, options);
  }

  #termsWithin(timeoutMs: number, signal: AbortSignal | undefined, sizeBytes: number): CallTerms {
    if (!(timeoutMs > 0)) throw badArgument(`timeoutMs is a number above 0, not ${String(timeoutMs)}`);
    return { sizeBytes, deadlineMs: this.clock.monotonicMs() + timeoutMs, timeoutMs, signal };
  }
}
