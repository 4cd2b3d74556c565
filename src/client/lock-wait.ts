import type { Clock } from '../common/clock.js';
import type { CallOptions } from './options.js';

/** Long enough for a cell that is well to answer. */
const ANSWER_MS = 2_000;

export interface WaitOptions extends CallOptions {
  readonly waitMs?: number | undefined;
}

/**
 * How long each call on the way to a lock may take. A limited wait is for all of it, so that nobody who has patience for
 * a second waits for a cell that is away as long as any other call does.
 */
export class LockWait {
  readonly #endMs: number;

  /** @param defaultTimeoutMs of calls that name no time limit */
  constructor(
    private readonly clock: Clock,
    private readonly defaultTimeoutMs: number,
    private readonly options: WaitOptions,
  ) {
    this.#endMs = clock.monotonicMs() + (options.waitMs ?? Infinity);
  }

  /** For a call before the lock is waited for. */
  get before(): CallOptions {
    const { signal, timeoutMs } = this.options;
    if (!this.#isLimited) return { signal, timeoutMs };
    return { signal, timeoutMs: Math.min(timeoutMs ?? this.defaultTimeoutMs, Math.max(this.#leftMs, ANSWER_MS)) };
  }

  /** For the call that waits: when the time is over the cell says so, if it can. */
  get within(): WaitOptions {
    const { signal, timeoutMs, waitMs } = this.options;
    if (!this.#isLimited) return { signal, timeoutMs, waitMs };
    const leftMs = Math.max(this.#leftMs, 1);
    const limitMs = leftMs + Math.min(this.defaultTimeoutMs, ANSWER_MS);
    return { signal, timeoutMs: Math.min(timeoutMs ?? limitMs, limitMs), waitMs: leftMs };
  }

  /** Whether there is an end to it, and something before that. */
  get #isLimited(): boolean {
    return (this.options.waitMs ?? 0) > 0;
  }

  get #leftMs(): number {
    return this.#endMs - this.clock.monotonicMs();
  }
}
