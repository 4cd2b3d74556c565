import { CLIENT_LIMITS } from '../client-limits.js';
import type { EventsLost, NodeEvent } from './node-event.js';

/** What somebody who follows a handle is told. */
export type HandleEvent = NodeEvent | EventsLost;

interface Waiting {
  readonly resolve: (result: IteratorResult<HandleEvent, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Events between a handle and one `for await`. It is bounded: when its reader is too slow, what waits is thrown away and
 * an `eventsLost` put in its place, so that nothing is ever missing unseen.
 */
export class EventQueue implements AsyncIterableIterator<HandleEvent, undefined> {
  #events: HandleEvent[] = [];
  #waiting: Waiting[] = [];
  /** Set once nothing more comes; with an error, that is told first. */
  #end: { error: unknown } | undefined;

  /** @param left called once, when nobody reads any more or nothing more comes */
  constructor(
    private readonly left: (queue: EventQueue) => void,
    private readonly limit: number = CLIENT_LIMITS.eventsWaiting,
  ) {}

  push(event: HandleEvent): void {
    if (this.#end !== undefined) return;
    const reader = this.#waiting.shift();
    if (reader !== undefined) return reader.resolve({ done: false, value: event });
    if (this.#events.length >= this.limit) this.#events = [lostInstead(this.#events)];
    this.#events.push(event);
  }

  /** Nothing more comes: whoever has read what waits is told so, by `error` if there is one. */
  finish(error?: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    this.left(this);
    const readers = this.#waiting;
    this.#waiting = [];
    for (const reader of readers) this.#settle(reader);
  }

  next(): Promise<IteratorResult<HandleEvent, undefined>> {
    return new Promise((resolve, reject) => {
      const reader = { resolve, reject };
      const value = this.#events.shift();
      if (value !== undefined) resolve({ done: false, value });
      else if (this.#end !== undefined) this.#settle(reader);
      else this.#waiting.push(reader);
    });
  }

  /** The reader leaves its loop. */
  return(): Promise<IteratorResult<HandleEvent, undefined>> {
    this.finish();
    this.#events = [];
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #settle({ resolve, reject }: Waiting): void {
    const error = this.#end?.error;
    if (error === undefined) return resolve({ done: true, value: undefined });
    // It is told once; a loop that goes on after it finds nothing more.
    this.#end = { error: undefined };
    reject(error);
  }
}

/** What is told where these are thrown away. */
export function lostInstead(events: readonly HandleEvent[]): EventsLost {
  let upToRevision = 0;
  for (const event of events) {
    upToRevision = Math.max(upToRevision, event.kind === 'eventsLost' ? event.upToRevision : event.revision);
  }
  return { kind: 'eventsLost', upToRevision };
}
