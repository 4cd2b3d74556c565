import type { Clock } from '../common/clock.js';
import type { Event, Failure, KeepAliveResponse, SessionCredential } from '../wire/types.js';
import type { KeepAliveConnection } from './channel.js';
import type { SessionLease } from './session-lease.js';

/** What KeepAlives bring. */
export interface KeepAliveObserver {
  /** The lease was renewed, unless the clocks say otherwise when they are compared now. */
  renewed(): void;
  event(event: Event): void;
  /** The cell keeps the session alive no longer. */
  refused(failure: Failure): void;
}

interface Sent {
  readonly number: number;
  readonly atMs: number;
}

/**
 * Keeps one KeepAlive of the session at the master, which holds it until the lease is nearly over. The next one leaves
 * as soon as the answer was handled, and says so. ([CH] 2.8)
 *
 * A master that knows of no trouble holds the first one, too, when the machine slept and its session waits for nothing
 * but a word that it lives. Another one right behind makes the master give that word at once.
 */
export class KeepAliveLoop {
  #connection: KeepAliveConnection | undefined;
  /** The last that was sent. */
  #last: Sent = { number: 0, atMs: 0 };
  /** The last but one, where its answer is wanted. */
  #hurried: Sent | undefined;
  #lastReply = 0;

  constructor(
    private readonly clock: Clock,
    private readonly session: SessionCredential,
    private readonly lease: SessionLease,
    private readonly observer: KeepAliveObserver,
  ) {}

  /** The number of the last reply that was handled with all it carried; 0 before the first. */
  get lastReply(): number {
    return this.#lastReply;
  }

  connect(connection: KeepAliveConnection): void {
    this.#connection = connection;
    this.#hurried = undefined;
    this.#send();
    if (this.lease.state === 'safe') return;
    this.#hurried = this.#last;
    this.#send();
  }

  disconnect(): void {
    this.#connection = undefined;
  }

  answered({ answers, leaseMs, replyNumber, events, failure }: KeepAliveResponse): void {
    const sent = [this.#last, this.#hurried].find((one) => one?.number === answers);
    // When any other was sent is forgotten.
    if (this.#connection === undefined || sent === undefined) return;
    if (failure !== null && failure !== undefined) return this.observer.refused(failure);
    this.lease.renew(sent.atMs, leaseMs);
    if (replyNumber > this.#lastReply) {
      this.#lastReply = replyNumber;
      for (const event of events) this.observer.event(event);
    }
    // The one behind is held already, unless there is something to acknowledge.
    if (sent === this.#last || events.length > 0) this.#send();
    this.#hurried = undefined;
    this.observer.renewed();
  }

  #send(): void {
    const number = this.#last.number + 1;
    this.#last = { number, atMs: this.clock.monotonicMs() };
    this.#connection?.send({ session: this.session, number, acknowledgedReply: this.#lastReply });
  }
}
