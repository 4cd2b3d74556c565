import type { Event } from '../wire/types.js';

/** Numbers that one reign can give a session before they meet those of the next round: a year's worth of replies. */
export const NUMBERS_PER_ROUND = 2 ** 28;

interface Entry {
  readonly event: Event;
  /** The number of the first reply that carried it; 0 before. */
  firstReply: number;
  /** The number of the last reply when it was added. */
  readonly addedAfter: number;
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
    this.#replyNumber = round * NUMBERS_PER_ROUND;
  }

  /** Whether an event waits for its first reply. */
  get hasNews(): boolean {
    return this.#events.some(({ firstReply }) => firstReply === 0);
  }

  /**
   * Whether the client has not acknowledged what others wait for, though it had a reply since. Its lease is not extended
   * until it does: or it could hold them up for ever.
   */
  get owesAcknowledgement(): boolean {
    return this.#events.some(({ addedAfter, onAcknowledged }) => onAcknowledged && addedAfter < this.#replyNumber);
  }

  /** @param onAcknowledged runs once the client has handled it */
  add(event: Event, onAcknowledged?: () => void): void {
    this.#events.push({ event, firstReply: 0, addedAfter: this.#replyNumber, onAcknowledged });
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
