import { ChubbyError } from '../chubby-error.js';
import type { Client } from '../client.js';
import { groundOf } from '../client-ground.js';
import type { LockWait } from '../lock-wait.js';
import type { HeldLock, WithLockOptions } from '../with-lock.js';

export interface SemaphoreOptions {
  /** How many may be in at a time, 1 to 100: the same for all who use the semaphore. */
  readonly permits: number;
}

export type PermitOptions = Omit<WithLockOptions, 'mode' | 'onWait'>;

/** Each is an open handle of everybody who waits. */
const PERMITS_MAX = 100;

/**
 * A counting semaphore with a fair queue. Each permit is a lock, so that it comes back whatever becomes of its holder: a
 * session that ends gives it back, after the lock-delay that the holder asked for. None is ever lost or given twice.
 *
 * Whoever is first in the queue waits for all permits at once and takes the first that comes free; the queue is a lock,
 * too, which passes on as soon as its holder has a permit.
 *
 * ```ts
 * const uploads = new Semaphore(client, '/ls/local/uploads', { permits: 3 });
 * await uploads.withPermit(({ signal }) => upload(signal));
 * ```
 */
export class Semaphore {
  readonly #client: Client;
  readonly #permits: readonly string[];

  /**
   * @param name of its directory, created where there is none
   * @throws ChubbyError BAD_ARGUMENT
   */
  constructor(
    client: Client,
    readonly name: string,
    options: SemaphoreOptions,
  ) {
    const { permits } = (options as SemaphoreOptions | undefined) ?? { permits: NaN };
    if (!(Number.isInteger(permits) && permits >= 1 && permits <= PERMITS_MAX)) {
      throw new ChubbyError('BAD_ARGUMENT', `permits is a whole number from 1 to ${PERMITS_MAX}, not ${permits}`);
    }
    this.#client = client;
    this.#permits = Array.from({ length: permits }, (_, index) => `${name}/permit-${index}`);
  }

  /**
   * Runs `work` with a permit, and gives that back. The lock that `work` is given is its permit's.
   *
   * @param options `waitMs` is for the queue and the permit together; with 0 it is LOCK_BUSY, too, while another one is
   *   just taking a permit
   * @throws ChubbyError LOCK_BUSY when none came free in time; LOCK_LOST when the permit may have been lost before `work`
   *   was done; what else Client.withLock throws
   */
  async withPermit<Result>(
    work: (permit: HeldLock) => Promise<Result> | Result,
    options: PermitOptions = {},
  ): Promise<Result> {
    const wait = groundOf(this.#client).deadlines.waitOf(options);
    await this.#client.mkdir(this.name, { mayExist: true, ...wait.before });
    const { waitMs } = wait.within;
    const turn = new Turn();
    let result: Promise<Result> | undefined;
    try {
      await this.#client.withLock(
        `${this.name}/queue`,
        () => {
          result = this.#take(turn, work, options, wait);
          return Promise.race([turn.begun, result.catch(() => undefined)]);
        },
        { ...wait.before, ...(waitMs !== undefined && { waitMs }) },
      );
    } catch (error) {
      // Whoever lost the place at the head of the queue may have a permit all the same, or get one.
      if (result === undefined) throw isBusy(error) ? this.#busy(options.waitMs) : error;
    }
    return result!;
  }

  async #take<Result>(
    turn: Turn,
    work: (permit: HeldLock) => Promise<Result> | Result,
    options: PermitOptions,
    wait: LockWait,
  ): Promise<Result> {
    for (const name of this.#permits) {
      const begin = (permit: HeldLock): Promise<Result> | Result => {
        turn.take(name);
        return work(permit);
      };
      try {
        return await this.#client.withLock(name, begin, { ...options, ...wait.before, waitMs: 0 });
      } catch (error) {
        // What is busy within the work is the work's business.
        if (turn.permit !== undefined || !isBusy(error)) throw error;
      }
    }
    const { waitMs } = wait.within;
    if (waitMs === 0) throw this.#busy(waitMs);
    return this.#takeFirstFree(turn, work, { ...options, ...(waitMs !== undefined && { waitMs }) });
  }

  /** Waits for each of the permits, and stops waiting for the others once one was granted. */
  async #takeFirstFree<Result>(
    turn: Turn,
    work: (permit: HeldLock) => Promise<Result> | Result,
    options: PermitOptions,
  ): Promise<Result> {
    const waits = this.#permits.map((name) => ({ name, stop: new AbortController() }));
    const attempts = waits.map(async ({ name, stop }) => {
      const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
      const begin = (permit: HeldLock): Promise<Result> | Result | undefined => {
        // Two may be granted in one answer of the cell: the second goes back at once.
        if (!turn.take(name)) return undefined;
        for (const other of waits) if (other.name !== name) other.stop.abort();
        return work(permit);
      };
      return await this.#client.withLock(name, begin, { ...options, signal });
    });
    const ended = await Promise.allSettled(attempts);
    const taken = waits.findIndex(({ name }) => name === turn.permit);
    const end = ended[Math.max(taken, 0)]!;
    if (end.status === 'fulfilled') return end.value as Result;
    throw taken < 0 && isBusy(end.reason) ? this.#busy(options.waitMs) : end.reason;
  }

  #busy(waitMs = 0): ChubbyError {
    return new ChubbyError('LOCK_BUSY', `no permit of ${this.name} came free in ${Math.round(waitMs)} ms`);
  }
}

/** One caller's way through the queue to a permit. */
class Turn {
  /** The permit that the caller has. */
  permit: string | undefined;
  #begin!: () => void;
  readonly begun = new Promise<void>((resolve) => (this.#begin = resolve));

  /** Whether the caller takes it: it takes one only. */
  take(permit: string): boolean {
    if (this.permit !== undefined) return false;
    this.permit = permit;
    this.#begin();
    return true;
  }
}

const isBusy = (error: unknown): boolean => error instanceof ChubbyError && error.reason === 'LOCK_BUSY';
