import { badArgument } from '../arguments.js';
import { abortedError } from '../call-limit.js';
import { Listeners } from '../listeners.js';
import type { ChubbyError } from '../chubby-error.js';
import { CLIENT_LIMITS } from '../client-limits.js';
import { onAbort } from '../on-abort.js';
import { EventQueue, lostInstead } from './event-queue.js';
import type { HandleEvent } from './event-queue.js';
import type { EventsLost, NodeEvent, NodeEventKind } from './node-event.js';

/** What listeners of a handle are told, by the kind of the event. */
export type HandleEvents = Readonly<Record<NodeEventKind, NodeEvent>> & { readonly eventsLost: EventsLost };

/** What the library knows of an open handle: what it is shown by to a later master, and who is told of its events. */
export class OpenHandle {
  #listeners: Listeners<HandleEvents> | undefined;
  /** Told when nobody listened: whoever opened the handle has had no turn yet in which to begin. */
  #unheard: HandleEvent[] = [];
  #queues: Set<EventQueue> | undefined;
  #seenRevision: number;
  #lost: ChubbyError | undefined;
  #closed = false;
  /** Set once nothing more is told; with an error, that says why. */
  #over: { readonly error: ChubbyError | undefined } | undefined;

  /**
   * @param id the number of the request that opened it
   * @param name the whole name of its node
   * @param kinds of events that it was opened with
   * @param revision of its node when it was opened
   */
  constructor(
    readonly id: number,
    readonly bytes: Buffer,
    readonly name: string,
    readonly kinds: readonly NodeEventKind[],
    revision: number,
  ) {
    this.#seenRevision = revision;
  }

  /** Global revision of the newest event that was told, or of the node when it was opened. */
  get seenRevision(): number {
    return this.#seenRevision;
  }

  /** Why it cannot be used any more, where a change of master showed that. */
  get lost(): ChubbyError | undefined {
    return this.#lost;
  }

  get closed(): boolean {
    return this.#closed;
  }

  on<Kind extends keyof HandleEvents>(kind: Kind, listener: (event: HandleEvents[Kind]) => void): () => void {
    if (kind !== 'eventsLost' && !this.kinds.includes(kind as NodeEventKind)) {
      throw badArgument(`the handle was not opened with events: ['${kind}']`);
    }
    this.#listeners ??= new Listeners();
    const stop = this.#listeners.on(kind, listener);
    const missed = this.#unheard.filter((event) => event.kind === kind);
    if (missed.length > 0) this.#unheard = this.#unheard.filter((event) => event.kind !== kind);
    for (const event of missed) this.#listeners.emit(kind, event as never);
    return stop;
  }

  queue(signal: AbortSignal | undefined): EventQueue {
    const abort = (): void => queue.finish(abortedError('the wait for events', false, signal));
    let stopListening: (() => void) | undefined;
    const queue: EventQueue = new EventQueue(() => {
      this.#queues?.delete(queue);
      stopListening?.();
    });
    for (const event of this.#unheard) queue.push(event);
    this.#unheard = [];
    if (signal?.aborted === true) abort();
    else if (this.#over !== undefined) queue.finish(this.#lost ?? this.#over.error);
    else {
      if (signal !== undefined) stopListening = onAbort(signal, abort);
      (this.#queues ??= new Set()).add(queue);
    }
    return queue;
  }

  tell(event: HandleEvent): void {
    // That the node is gone one master says by an event, and the next one by refusing the handle.
    if (this.#over !== undefined) return;
    const revision = event.kind === 'eventsLost' ? event.upToRevision : event.revision;
    if (revision > this.#seenRevision && revision !== Infinity) this.#seenRevision = revision;
    const isHeard = this.#listeners?.has(event.kind) === true;
    if (isHeard) this.#listeners?.emit(event.kind, event as never);
    for (const queue of this.#queues ?? []) queue.push(event);
    if (!isHeard && this.#queues === undefined) this.#keepUnheard(event);
    if (event.kind === 'handleInvalid') this.#finish();
  }

  /** A later master does not know the handle, or cannot: it is of no more use. */
  lose(error: ChubbyError): void {
    this.#lost = error;
    this.tell({ kind: 'handleInvalid', name: this.name, revision: 0 });
  }

  /** Its user gave it back. */
  close(): void {
    this.#closed = true;
    this.#finish();
  }

  /** The session is gone, and with it the handle. */
  end(error: ChubbyError): void {
    this.#finish(error);
  }

  #keepUnheard(event: HandleEvent): void {
    if (this.kinds.length === 0) return;
    if (this.#unheard.length >= CLIENT_LIMITS.eventsUnheard) this.#unheard = [lostInstead(this.#unheard)];
    this.#unheard.push(event);
  }

  #finish(error?: ChubbyError): void {
    this.#over ??= { error };
    for (const queue of this.#queues ?? []) queue.finish(error);
    this.#queues = undefined;
  }
}
