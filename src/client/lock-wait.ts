import type { Clock } from '../common/clock.js';
import type { CallOptions } from './options.js';

/** Long enough for a cell that is well to answer. */
const ANSWER_MS = 2_000;

export interface WaitOptions extends CallOptions {
  readonly waitMs?: number | undefined;
}

/**
 * How long each call on the way to a lock may take. A limited wait is for all of them together, so that nobody who has
 * patience for a second waits for a cell that is away as long as any other call does.
 */
export class LockWait {
  readonly #begunMs: number;
  readonly #endMs: number;

  /** @param defaultTimeoutMs of calls that name no time limit */
  constructor(
    private readonly clock: Clock,
    private readonly defaultTimeoutMs: number,
    private readonly options: WaitOptions,
  ) {
    this.#begunMs = clock.monotonicMs();
    this.#endMs = this.#begunMs + (options.waitMs ?? Infinity);
  }

  /** For a call before the lock is waited for. */
  get before(): CallOptions {
    return this.#until(Math.max(this.#endMs, this.#begunMs + ANSWER_MS));
  }

  /** For a call after that, when the time may be over. */
  get after(): CallOptions {
    return this.#until(Math.max(this.#endMs, this.clock.monotonicMs()) + ANSWER_MS);
  }

  /** For the call that waits: when the time is over the cell says so, if it can. */
  get within(): WaitOptions {
    const { signal, timeoutMs, waitMs } = this.options;
    if (!this.#isLimited) return { signal, timeoutMs, waitMs };
    const leftMs = Math.max(this.#endMs - this.clock.monotonicMs(), 1);
    const limitMs = leftMs + Math.min(this.defaultTimeoutMs, ANSWER_MS);
    return { signal, timeoutMs: Math.min(timeoutMs ?? limitMs, limitMs), waitMs: leftMs };
  }

  #until(endMs: number): CallOptions {
    const { signal, timeoutMs } = this.options;
    if (!this.#isLimited) return { signal, timeoutMs };
    const leftMs = Math.max(endMs - this.clock.monotonicMs(), 1);
    return { signal, timeoutMs: Math.min(timeoutMs ?? this.defaultTimeoutMs, leftMs) };
  }

  /** Whether there is an end to it, and something before that. */
  get #isLimited(): boolean {
    return (this.options.waitMs ?? 0) > 0;
  }
}
