import type { Clock } from '../common/clock.js';
import type { Rng } from '../common/rng.js';
import { retryAdvice } from '../wire/errors.js';
import type { Failure } from '../wire/types.js';
import { CallLimit, timeOutError } from './call-limit.js';
import type { ChannelPool } from './channel-pool.js';
import type { UnaryCalls } from '../wire/calls.js';
import type { UnaryName } from './channel.js';
import { ChubbyError, located, retryAfterOf } from './chubby-error.js';
import type { MasterLocator } from './master-locator.js';

/**
 * How long the first attempt may take before another replica is thought of. Each that took so long and had no answer is
 * followed by a longer one: the master may be there, and the way to it slow.
 */
const ATTEMPT_MS = 2_000;
const ATTEMPT_GROWTH = 2;
const ATTEMPT_MAX_MS = 16_000;
const PAUSE_MS = 50;

/** Under what terms a single call is made. */
export interface UnaryTerms {
  /** Infinity for none. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Called before each attempt. */
  readonly attempting?: () => void;
  /** Called with each refusal after which the call is made again. */
  readonly refused?: (failure: Failure) => void;
}

/** Makes single calls to the master, wherever it is: only such that may be executed twice. */
export class UnaryCaller {
  readonly #open = new Set<CallLimit>();

  constructor(
    private readonly clock: Clock,
    private readonly rng: Rng,
    private readonly locator: MasterLocator,
    private readonly channels: ChannelPool,
  ) {}

  /** @throws ChubbyError the cell's refusal, TIME_LIMIT or CANCELLED */
  call<Name extends UnaryName>(
    name: Name,
    request: UnaryCalls[Name]['request'],
    terms: UnaryTerms,
  ): Promise<UnaryCalls[Name]['response']> {
    return located(this.#call(name, request, terms));
  }

  async #call<Name extends UnaryName>(
    name: Name,
    request: UnaryCalls[Name]['request'],
    { timeoutMs, signal, attempting, refused }: UnaryTerms,
  ): Promise<UnaryCalls[Name]['response']> {
    let refusal: Failure | undefined;
    const timeOut = (): ChubbyError => refusalOrTimeOut(refusal, name, timeoutMs, this.locator);
    const limit = new CallLimit(this.clock, name, signal, timeoutMs, timeOut);
    this.#open.add(limit);
    let attemptMs = ATTEMPT_MS;
    try {
      for (;;) {
        const address = await this.#master(limit);
        attempting?.();
        const sentAtMs = this.clock.monotonicMs();
        const attempt = this.channels.to(address).call(name, request, Math.min(attemptMs, limit.remainingMs));
        const outcome = await limit.within(attempt);
        if ('response' in outcome) return outcome.response;
        // The channel may count by another clock.
        const tookLong = this.clock.monotonicMs() - sentAtMs > attemptMs / 2;
        if (tookLong) attemptMs = Math.min(attemptMs * ATTEMPT_GROWTH, ATTEMPT_MAX_MS);
        if (retryAdvice(outcome.failure) === 'later') {
          refusal = outcome.failure;
          refused?.(refusal);
        }
        await this.#recover(address, outcome.failure, limit);
      }
    } finally {
      this.#open.delete(limit);
      limit.end();
    }
  }

  /** Gives up every call that is open. */
  failAll(error: ChubbyError): void {
    for (const limit of this.#open) limit.fail(error);
  }

  async #master(limit: CallLimit): Promise<string> {
    let stopWaiting: (() => void) | undefined;
    try {
      return await limit.within(new Promise((resolve) => (stopWaiting = this.locator.whenFound(resolve))));
    } finally {
      stopWaiting?.();
    }
  }

  /** Does what has to be done before the call is made again, or says that there is no point in it. */
  async #recover(address: string, failure: Failure, limit: CallLimit): Promise<void> {
    switch (retryAdvice(failure)) {
      case 'other-replica':
        return this.locator.lost(address, failure);
      case 'same-number':
        if (failure.reason !== 'UNKNOWN_OUTCOME') return this.locator.lost(address, failure);
        return this.#pause(failure, limit);
      case 'later':
        return this.#pause(failure, limit);
      case 'caller':
      case 'new-number':
      case 'new-session':
      case 'new-handle':
      case 'never':
        throw ChubbyError.of(failure);
    }
  }

  #pause(failure: Failure, limit: CallLimit): Promise<void> {
    return limit.pause(Math.max(retryAfterOf(failure) ?? 0, PAUSE_MS * (1 + this.rng.next())));
  }
}

/** What a call that may be made twice ends with when its time is over: rather what the cell said than that it was late. */
export const refusalOrTimeOut = (
  refusal: Failure | undefined,
  what: string,
  timeoutMs: number,
  locator: MasterLocator,
): ChubbyError =>
  refusal === undefined ? timeOutError(what, timeoutMs, false, locator.obstacle()) : ChubbyError.of(refusal);
