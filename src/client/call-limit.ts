import type { Clock, Timer } from '../common/clock.js';
import { callInWords } from './call-words.js';
import { ChubbyError } from './chubby-error.js';
import type { ChubbyErrorDetails } from './chubby-error.js';
import { CLIENT_REASONS } from './client-reasons.js';
import { onAbort } from './on-abort.js';

/** The deadline and the AbortSignal of one call that consists of several steps. */
export class CallLimit {
  readonly #deadlineMs: number;
  readonly #over: Promise<never>;
  #reject!: (error: ChubbyError) => void;
  readonly #timer: Timer | undefined;
  readonly #stopListening: (() => void) | undefined;

  /**
   * @param what the call, for messages: as the wire names it, or in words
   * @param timeoutMs Infinity for none
   * @param timeOut the error when the time is over
   */
  constructor(
    private readonly clock: Clock,
    what: string,
    signal: AbortSignal | undefined,
    timeoutMs: number,
    timeOut: () => ChubbyError,
  ) {
    this.#deadlineMs = clock.monotonicMs() + timeoutMs;
    this.#over = new Promise((_resolve, reject) => (this.#reject = reject));
    // It may end when nobody races against it.
    this.#over.catch(() => undefined);
    if (timeoutMs !== Infinity) this.#timer = clock.after(timeoutMs, () => this.#reject(timeOut()));
    const abort = (): void => this.#reject(abortedError(what, false, signal));
    if (signal?.aborted === true) abort();
    else if (signal !== undefined) this.#stopListening = onAbort(signal, abort);
  }

  /** At least 1. */
  get remainingMs(): number {
    return Math.max(1, this.#deadlineMs - this.clock.monotonicMs());
  }

  /** @throws ChubbyError TIME_LIMIT or CANCELLED when the limit comes first */
  within<T>(step: Promise<T>): Promise<T> {
    return Promise.race([this.#over, step]);
  }

  /** @throws as {@link within} */
  async pause(delayMs: number): Promise<void> {
    let timer: Timer | undefined;
    const over = new Promise<void>((resolve) => (timer = this.clock.after(delayMs, resolve)));
    try {
      await this.within(over);
    } finally {
      timer?.cancel();
    }
  }

  /** Ends whatever is under way, and all that is begun under this limit later. */
  fail(error: ChubbyError): void {
    this.#reject(error);
  }

  end(): void {
    this.#timer?.cancel();
    this.#stopListening?.();
  }
}

/**
 * @param what the call: as the wire names it, or in words
 * @param outcomeUnknown whether it may have been executed
 * @param obstacle why there is no connection; empty when there is one
 */
export function timeOutError(what: string, timeoutMs: number, outcomeUnknown: boolean, obstacle: string): ChubbyError {
  const sentence = `${callInWords(what)} was not answered within ${Math.round(timeoutMs)} ms`;
  if (obstacle === '') return givenUp('TIME_LIMIT', sentence, outcomeUnknown, {});
  const { remedy } = CLIENT_REASONS.UNREACHABLE;
  return givenUp('TIME_LIMIT', `${sentence}: there is no master (${obstacle})`, outcomeUnknown, { remedy });
}

/** As {@link timeOutError}. */
export function abortedError(what: string, outcomeUnknown: boolean, signal: AbortSignal | undefined): ChubbyError {
  const details = { cause: signal?.reason as unknown, remedy: 'none: it was not executed and will not be' };
  return givenUp('CANCELLED', `${callInWords(what)} was aborted by its caller`, outcomeUnknown, details);
}

/** @param details of the error if nothing was executed */
function givenUp(
  reason: 'TIME_LIMIT' | 'CANCELLED',
  sentence: string,
  outcomeUnknown: boolean,
  details: ChubbyErrorDetails,
): ChubbyError {
  if (!outcomeUnknown) return new ChubbyError(reason, sentence, details);
  return new ChubbyError('UNKNOWN_OUTCOME', `${sentence}; whether it was executed is unknown`, {
    ...details,
    outcomeUnknown,
    remedy: 'read what the call would have changed, and decide anew',
  });
}
