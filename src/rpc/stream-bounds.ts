import { assert } from '../common/assert.js';
import { refusal } from '../wire/errors.js';
import type { ClientPortLimits } from '../wire/limits.js';
import type { Failure } from '../wire/types.js';
import { Deadlines } from './deadlines.js';
import type { IncomingCall } from './incoming-call.js';

/** A stream for whose reader replies wait. */
export interface BoundedStream {
  readonly call: IncomingCall;
  /** What the reader has not taken yet. */
  readonly queuedBytes: number;
  /** Ends the stream at once: nothing of it waits any more. */
  cut(failure: Failure): void;
}

/** What all streams of a server share: how much may wait for their readers, and for how long. */
export class StreamBounds {
  readonly queuedBytesPerStream: number;
  /** Waits for readers that have something to read. */
  readonly draining: Deadlines<BoundedStream>;
  readonly #queuedBytesMax: number;
  readonly #waiting = new Set<BoundedStream>();
  #queuedBytes = 0;

  /** @param abandon ends a call whose reader takes nothing */
  constructor(limits: ClientPortLimits, abandon: (call: IncomingCall) => void) {
    this.queuedBytesPerStream = limits.queuedBytesPerStream;
    this.#queuedBytesMax = limits.queuedBytes;
    this.draining = new Deadlines(limits.drainMs, (stream) => abandon(stream.call));
  }

  /** What waits for all readers together. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** So many bytes more wait for the stream's reader, or fewer. The stream for which most waits may be cut. */
  queued(stream: BoundedStream, bytes: number): void {
    this.#queuedBytes += bytes;
    if (stream.queuedBytes === 0) this.#waiting.delete(stream);
    else if (stream.queuedBytes === bytes) this.#waiting.add(stream);
    while (this.#queuedBytes > this.#queuedBytesMax) this.#cutFullest();
  }

  #cutFullest(): void {
    let fullest: BoundedStream | undefined;
    for (const stream of this.#waiting) if (stream.queuedBytes > (fullest?.queuedBytes ?? 0)) fullest = stream;
    assert(fullest !== undefined, 'what waits, waits for somebody');
    fullest.cut(refusal('SLOW_CONSUMER', 'too many replies wait for readers, and most of them for this one'));
  }
}
