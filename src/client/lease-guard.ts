import type { Clock, Timer } from '../common/clock.js';
import { ChubbyError } from './chubby-error.js';
import type { Session } from './session.js';

/** The longest the clocks go unlooked at while a lock is relied upon. */
const LOOK_EVERY_MS = 250;

/**
 * Watches the lease under a lock. Its signal fires before the lease can have ended at the cell, as long as the event
 * loop gets its turn; after a pause of the process the first code of ours to run fires it. (DESIGN 7)
 */
export class LeaseGuard {
  readonly #controller = new AbortController();
  readonly #session: Session;
  readonly #clock: Clock;
  readonly #marginMs: number;
  #timer: Timer | undefined;
  /** The lock is lost for certain, though the session may live. */
  #gone = false;
  #ended = false;
  readonly #unsafe = (): void => this.#lose();

  /** @param marginMs how long before the end of the lease to warn */
  constructor(session: Session, clock: Clock, marginMs: number) {
    this.#session = session;
    this.#clock = clock;
    this.#marginMs = marginMs;
    session.whenUnsafe.add(this.#unsafe);
    this.#look();
  }

  /** Fires once, with a {@link ChubbyError} LOCK_LOST as its reason, and stays fired. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * How long the lock is held for certain, in milliseconds from now; 0 when that is over. It grows with each KeepAlive
   * that is answered.
   */
  get leftMs(): number {
    if (this.#gone || this.#ended) return 0;
    return this.#session.isSafe() ? Math.max(0, this.#session.lease.endMs - this.#clock.monotonicMs()) : 0;
  }

  /** @throws ChubbyError LOCK_LOST once the lock may be gone */
  assertHeld(): void {
    this.#look();
    const { signal } = this.#controller;
    if (signal.aborted) throw signal.reason;
    if (this.#ended) throw new ChubbyError('LOCK_LOST', 'the lock was given back when the work under it ended');
  }

  /** The lock is gone though the session lives. */
  lose(why: string): void {
    this.#gone = true;
    this.#stopLooking();
    this.#controller.abort(new ChubbyError('LOCK_LOST', `the lock is lost: ${why}`));
  }

  /** Stops watching: the lock is about to be given back, and whoever asks later does not hold it. */
  end(): void {
    this.#ended = true;
    this.#stopLooking();
  }

  #stopLooking(): void {
    this.#timer?.cancel();
    this.#session.whenUnsafe.delete(this.#unsafe);
  }

  #look(): void {
    this.#timer?.cancel();
    if (this.signal.aborted || this.#ended) return;
    const leftMs = this.leftMs - this.#marginMs;
    if (this.#session.state !== 'safe' || leftMs <= 0) return this.#lose();
    this.#timer = this.#clock.after(Math.min(leftMs, LOOK_EVERY_MS), () => this.#look());
  }

  #lose(): void {
    this.#stopLooking();
    const expired = this.#session.state === 'expired';
    const sentence = expired ? 'the session expired' : 'the cell did not renew the lease of the session in time';
    this.#controller.abort(new ChubbyError('LOCK_LOST', `the lock may be lost: ${sentence}`));
  }
}
