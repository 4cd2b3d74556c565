import { EVENT_BITS } from '../chubby/event-kinds.js';
import type { EventKind as ChubbyEventKind, EventMask } from '../chubby/event-kinds.js';
import { refusal } from '../wire/errors.js';
import { WIRE_EVENT_KINDS } from '../wire/event-kinds.js';
import type { Event, EventKind, Failure } from '../wire/types.js';

// Kinds of events and events themselves, between Chubby's own terms and the wire's.

const KIND_OF: Readonly<Record<ChubbyEventKind, EventKind>> = WIRE_EVENT_KINDS;

const BIT_OF = new Map<EventKind, EventMask>(
  (Object.keys(KIND_OF) as ChubbyEventKind[]).map((kind) => [KIND_OF[kind], EVENT_BITS[kind]]),
);

/** What an Open asks to be told. */
export function eventMaskOf(kinds: readonly EventKind[]): EventMask | Failure {
  let mask: EventMask = 0;
  for (const kind of kinds) {
    const bit = BIT_OF.get(kind);
    if (bit === undefined) return refusal('MALFORMED_REQUEST', 'events: a kind of event is not known here');
    mask |= bit;
  }
  return mask;
}

/** @param name the node's whole name, as clients see it */
export const nodeEvent = (handleId: number, kind: ChubbyEventKind, name: string, revision: number): Event => ({
  event: 'node',
  node: { handleId, kind: KIND_OF[kind], name, revision },
});

export const eventsLost = (upToRevision: number): Event => ({ event: 'eventsLost', eventsLost: { upToRevision } });

/** More than an event takes in a message beside its names. */
const EVENT_BYTES = 40;
/** More than a name takes beside itself. */
const NAME_BYTES = 5;

/** What an event takes in a KeepAlive's answer, at the most. */
export function sizeOfEvent({ event, node, invalidation }: Event): number {
  if (event === 'node') return EVENT_BYTES + Buffer.byteLength(node?.name ?? '');
  return EVENT_BYTES + sizeOfNames(invalidation?.nodes) + sizeOfNames(invalidation?.listings);
}

const sizeOfNames = (names: readonly string[] = []): number =>
  names.reduce((sum, name) => sum + NAME_BYTES + Buffer.byteLength(name), 0);
