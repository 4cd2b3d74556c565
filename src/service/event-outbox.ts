import type { Event } from '../wire/types.js';

/** Replies that one reign can give a session before its numbers meet those of the next round: a year's worth of them. */
const REPLIES_PER_ROUND = 2 ** 28;

interface Entry {
  readonly event: Event;
  /** The number of the first reply that carried it; 0 before. */
  firstReply: number;
  readonly onAcknowledged: (() => void) | undefined;
}

/**
 * The numbered replies of a session and the events that ride on them. An event is repeated with each reply until the
 * client has handled one that carried it. ([CH] 2.8)
 *
 * Numbers begin above those of every earlier round, so that an acknowledgement meant for an earlier master, which may
 * well arrive here, acknowledges nothing.
 */
export class EventOutbox {
  readonly #events: Entry[] = [];
  #replyNumber: number;

  /** @param round of the reign's epoch */
  constructor(round: number) {
    this.#replyNumber = round * REPLIES_PER_ROUND;
  }

  /** Whether an event waits for its first reply. */
  get hasNews(): boolean {
    return this.#events.some(({ firstReply }) => firstReply === 0);
  }

  /** @param onAcknowledged runs once the client has handled it */
  add(event: Event, onAcknowledged?: () => void): void {
    this.#events.push({ event, firstReply: 0, onAcknowledged });
  }

  /** The client has handled every reply up to this one. */
  acknowledge(reply: number): void {
    const first = this.#events.findIndex(({ firstReply }) => firstReply === 0 || firstReply > reply);
    const handled = this.#events.splice(0, first === -1 ? this.#events.length : first);
    for (const { onAcknowledged } of handled) onAcknowledged?.();
  }

  /** The next reply's number and what it carries. */
  nextReply(): { readonly number: number; readonly events: Event[] } {
    const number = ++this.#replyNumber;
    for (const entry of this.#events) if (entry.firstReply === 0) entry.firstReply = number;
    return { number, events: this.#events.map(({ event }) => event) };
  }
}
