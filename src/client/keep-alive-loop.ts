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

/**
 * Keeps one KeepAlive of the session at the master, which holds it until the lease is nearly over. The next one leaves
 * as soon as the answer was handled, and says so. ([CH] 2.8)
 */
export class KeepAliveLoop {
  #connection: KeepAliveConnection | undefined;
  #number = 0;
  #sentAtMs = 0;
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
    this.#send();
  }

  disconnect(): void {
    this.#connection = undefined;
  }

  answered({ answers, leaseMs, replyNumber, events, failure }: KeepAliveResponse): void {
    // When any other was sent is forgotten.
    if (this.#connection === undefined || answers !== this.#number) return;
    if (failure !== null && failure !== undefined) return this.observer.refused(failure);
    this.lease.renew(this.#sentAtMs, leaseMs);
    if (replyNumber > this.#lastReply) {
      this.#lastReply = replyNumber;
      for (const event of events) this.observer.event(event);
    }
    this.#send();
    this.observer.renewed();
  }

  #send(): void {
    this.#sentAtMs = this.clock.monotonicMs();
    this.#connection?.send({ session: this.session, number: ++this.#number, acknowledgedReply: this.#lastReply });
  }
}
