import type { Event } from '../wire/types.js';
import type { EventBudget } from './event-budget.js';
import { eventsLost, sizeOfEvent } from './event-messages.js';
import type { Epoch } from './options.js';

/** Numbers before they meet those of the next round: a year's worth of replies, behind the places of all replicas. */
const NUMBERS_PER_ROUND = 2 ** 29;
/**
 * Two candidates may draw one round, and one be promised it after the other has reigned: in the order of their ids, and
 * while it still asks, so within seconds. That is time for fewer replies than these; ids end at 255.
 */
const NUMBERS_PER_REPLICA = 2 ** 20;

/** What a reign counts a session's replies and invalidations from: above those of every earlier reign. */
export const countedFrom = ({ round, replicaId }: Pick<Epoch, 'round' | 'replicaId'>): number =>
  round * NUMBERS_PER_ROUND + replicaId * NUMBERS_PER_REPLICA;

/** The bounds of one session's events, of those in wire/limits. */
export interface OutboxBounds {
  readonly nodeEventsPerSession: number;
  readonly nodeEventBytesPerSession: number;
  readonly eventsPerReply: number;
  readonly eventBytesPerReply: number;
}

interface Entry {
  readonly event: Event;
  readonly sizeBytes: number;
  /** Of what may be thrown away for EventsLost: up to which revision it tells. */
  readonly revision: number | undefined;
  /** The number of the first reply that carried it; 0 before. */
  firstReply: number;
  /** The number of the last reply when it was added. */
  readonly addedAfter: number;
  /** Runs when it is handled, or thrown away. */
  readonly onGone: (() => void) | undefined;
}

/**
 * The numbered replies of a session and the events that ride on them. An event is repeated with each reply until the
 * client has handled one that carried it; a reply carries no more than its bounds allow, and the rest goes with the next.
 * ([CH] 2.8)
 *
 * A client that is too slow, or acknowledges nothing, loses its node events and is told so. Nothing else is ever thrown
 * away, and all else goes first: others may wait for it.
 *
 * Numbers begin above those of every earlier reign, so that an acknowledgement meant for an earlier master, which may
 * well arrive here, acknowledges nothing.
 */
export class EventOutbox {
  readonly #bounds: OutboxBounds;
  readonly #budget: EventBudget;
  #entries: Entry[] = [];
  /** The first so many went out with some reply, and all of them go with the next. */
  #sent = 0;
  #sentBytes = 0;
  /** Behind those, so many that must not be lost; then node events. */
  #urgent = 0;
  /** What somebody waits to see acknowledged, in the order in which that happens. */
  readonly #awaited: Entry[] = [];
  #nodeEvents = 0;
  #nodeEventBytes = 0;
  #replyNumber: number;

  /**
   * @param countFrom see {@link countedFrom}
   * @param budget of all sessions' node events
   */
  constructor(countFrom: number, bounds: OutboxBounds, budget: EventBudget) {
    this.#replyNumber = countFrom;
    this.#bounds = bounds;
    this.#budget = budget;
  }

  /** Whether the next reply carries something for the first time. */
  get hasNews(): boolean {
    return this.#fits(this.#entries[this.#sent]);
  }

  /** Bytes of the events that may be thrown away. */
  get nodeEventBytes(): number {
    return this.#nodeEventBytes;
  }

  /**
   * Whether the client has not acknowledged what others wait for, though it had a reply since. Its lease is not extended
   * until it does: or it could hold them up for ever.
   */
  get owesAcknowledgement(): boolean {
    const [oldest] = this.#awaited;
    return oldest !== undefined && oldest.addedAfter < this.#replyNumber;
  }

  /**
   * An event that reaches the client for certain; who adds such bounds them.
   *
   * @param onAcknowledged runs once the client has handled it
   */
  add(event: Event, onAcknowledged?: () => void): void {
    const entry = this.#entry(event, undefined, onAcknowledged);
    if (this.#entries.length === this.#sent + this.#urgent) this.#entries.push(entry);
    else this.#entries.splice(this.#sent + this.#urgent, 0, entry);
    this.#urgent++;
    if (onAcknowledged !== undefined) this.#awaited.push(entry);
  }

  /**
   * An event of a node. With one too many all that wait are thrown away, and the client is told to read again what it
   * follows.
   *
   * @param onGone runs when the client has handled it, and when it is thrown away
   */
  addNodeEvent(event: Event, revision: number, onGone?: () => void): void {
    const entry = this.#entry(event, revision, onGone);
    this.#entries.push(entry);
    this.#nodeEvents++;
    this.#nodeEventBytes += entry.sizeBytes;
    this.#budget.took(this, entry.sizeBytes);
    const { nodeEventsPerSession, nodeEventBytesPerSession } = this.#bounds;
    if (this.#nodeEvents > nodeEventsPerSession || this.#nodeEventBytes > nodeEventBytesPerSession) this.lose(revision);
  }

  /** Node events up to this revision are missing, and all that wait are thrown away: the client reads again. */
  lose(upToRevision: number): void {
    let upTo = upToRevision;
    const kept: Entry[] = [];
    const lost: Entry[] = [];
    for (const entry of this.#entries) {
      if (entry.revision !== undefined) upTo = Math.max(upTo, entry.revision);
      (entry.revision === undefined ? kept : lost).push(entry);
    }
    kept.push(this.#entry(eventsLost(upTo), upTo, undefined));
    this.#keep(kept);
    for (const { onGone } of lost) onGone?.();
  }

  /** The client has handled every reply up to this one. */
  acknowledge(reply: number): void {
    let handled = 0;
    while (handled < this.#sent && this.#entries[handled]!.firstReply <= reply) handled++;
    if (handled === 0) return;
    const taken = this.#entries.splice(0, handled);
    let freedBytes = 0;
    for (const entry of taken) {
      if (entry === this.#awaited[0]) this.#awaited.shift();
      if (entry.event.event !== 'node') continue;
      this.#nodeEvents--;
      freedBytes += entry.sizeBytes;
    }
    this.#nodeEventBytes -= freedBytes;
    this.#budget.gave(this, freedBytes);
    this.#countSent();
    for (const { onGone } of taken) onGone?.();
  }

  /** The next reply's number and what it carries. */
  nextReply(): { readonly number: number; readonly events: Event[] } {
    const number = ++this.#replyNumber;
    for (let next = this.#entries[this.#sent]; this.#fits(next); next = this.#entries[this.#sent]) {
      next.firstReply = number;
      this.#sent++;
      this.#sentBytes += next.sizeBytes;
      if (this.#urgent > 0) this.#urgent--;
    }
    return { number, events: this.#entries.slice(0, this.#sent).map(({ event }) => event) };
  }

  /** The session is gone: nobody is told anything more. */
  clear(): void {
    this.#awaited.length = 0;
    this.#keep([]);
  }

  #entry(event: Event, revision: number | undefined, onGone: (() => void) | undefined): Entry {
    return { event, sizeBytes: sizeOfEvent(event), revision, firstReply: 0, addedAfter: this.#replyNumber, onGone };
  }

  /** Keeps only these, no node events among them. */
  #keep(entries: Entry[]): void {
    const freedBytes = this.#nodeEventBytes;
    this.#entries = entries;
    this.#nodeEvents = 0;
    this.#nodeEventBytes = 0;
    this.#budget.gave(this, freedBytes);
    this.#countSent();
    this.#urgent = 0;
    for (const { firstReply, revision } of entries) if (firstReply === 0 && revision === undefined) this.#urgent++;
  }

  #fits(next: Entry | undefined): next is Entry {
    if (next === undefined || this.#sent === 0) return next !== undefined;
    const { eventsPerReply, eventBytesPerReply } = this.#bounds;
    return this.#sent < eventsPerReply && this.#sentBytes + next.sizeBytes <= eventBytesPerReply;
  }

  #countSent(): void {
    this.#sent = 0;
    this.#sentBytes = 0;
    for (const { firstReply, sizeBytes } of this.#entries) {
      if (firstReply === 0) return;
      this.#sent++;
      this.#sentBytes += sizeBytes;
    }
  }
}
