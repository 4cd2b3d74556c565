import type { EventsLost as WireEventsLost, NodeEvent as WireEvent } from '../../wire/types.js';
import type { ChubbyError } from '../chubby-error.js';
import { CLIENT_LIMITS } from '../client-limits.js';
import type { HandleEvent } from './event-queue.js';
import { eventKindOf } from './node-event.js';
import type { OpenHandle } from './open-handle.js';

/** The handles that a session has open, by their ids: events find them here, and a later master is shown them. */
export class OpenHandles implements Iterable<OpenHandle> {
  readonly #handles = new Map<number, OpenHandle>();
  /** Events that overtook the answer to the Open that they belong to. */
  readonly #early = new Map<number, HandleEvent[]>();
  #earlyCount = 0;

  /** @param isOpening whether the request of this number is not answered yet */
  constructor(private readonly isOpening: (handleId: number) => boolean) {}

  get size(): number {
    return this.#handles.size;
  }

  [Symbol.iterator](): Iterator<OpenHandle> {
    return this.#handles.values();
  }

  opened(handle: OpenHandle): void {
    this.#handles.set(handle.id, handle);
    const early = this.#early.get(handle.id);
    if (early === undefined) return;
    this.#early.delete(handle.id);
    this.#earlyCount -= early.length;
    for (const event of early) handle.tell(event);
  }

  /** It is closed, or about to be: a later master is not shown it. */
  closed(handle: OpenHandle): void {
    this.#handles.delete(handle.id);
    handle.close();
  }

  lost(handle: OpenHandle, error: ChubbyError): void {
    if (this.#handles.delete(handle.id)) handle.lose(error);
  }

  happened({ handleId, kind, name, revision }: WireEvent): void {
    const known = eventKindOf(kind);
    // Of a newer cell, which was not asked for it.
    if (known === undefined) return;
    this.#tell(handleId, { kind: known, name, revision });
  }

  /** Of all handles. */
  eventsLost({ upToRevision }: WireEventsLost): void {
    for (const handle of this.#handles.values()) {
      if (handle.kinds.length > 0) handle.tell({ kind: 'eventsLost', upToRevision });
    }
  }

  end(error: ChubbyError): void {
    for (const handle of this.#handles.values()) handle.end(error);
    this.#handles.clear();
    this.#early.clear();
  }

  #tell(handleId: number, event: HandleEvent): void {
    const handle = this.#handles.get(handleId);
    if (handle !== undefined) return handle.tell(event);
    // What comes for a handle that was closed is of no more interest.
    if (!this.isOpening(handleId)) return;
    const early = this.#early.get(handleId);
    if (early === undefined) this.#early.set(handleId, [event]);
    else if (this.#earlyCount < CLIENT_LIMITS.eventsWaiting) early.push(event);
    else return void (early[0] = { kind: 'eventsLost', upToRevision: Infinity });
    this.#earlyCount++;
  }
}
