import { constants } from 'node:http2';
import type { ServerHttp2Stream } from 'node:http2';
import type { ServerInterceptingCallInterface } from '@grpc/grpc-js';
import { refusal } from '../wire/errors.js';
import { LIMITS } from '../wire/limits.js';
import type { Failure } from '../wire/types.js';
import type { Deadlines } from './deadlines.js';
import { FramingError, MessageMeter, MessageTooLarge, PREFIX_BYTES } from './grpc-framing.js';
import { statusOf } from './status-details.js';

/** What the calls of a server share. */
export interface CallSurroundings {
  /** Calls of which nothing has come. */
  readonly silent: Deadlines<IncomingCall>;
  /** Calls of which a message has begun and not ended. */
  readonly unfinished: Deadlines<IncomingCall>;
  /** Calls that were told their end and have not taken it. */
  readonly ending: Deadlines<IncomingCall>;
  /** So much more is held of the call, or less; may end it. */
  held(call: IncomingCall, bytes: number): void;
  /** The call takes and gives nothing any more. */
  closed(call: IncomingCall): void;
}

/** What a piece of a message costs beside its bytes: it is kept as it came, and may have come byte by byte. */
const PIECE_BYTES = 512;

/**
 * A call as its bytes come in, beside grpc-js and before it: grpc-js knows no bound on how long a message may take to be
 * whole, nor on what is held of all those that are not, and refuses one that is too large without a reason.
 */
export class IncomingCall {
  readonly #meter = new MessageMeter(LIMITS.messageBytes);
  #heldBytes = 0;
  #pieces = 0;
  #isSilent = true;
  #isUnfinished = false;
  #isOver = false;

  /**
   * @param peer the other end, as grpc-js names it
   * @param isStream whether many messages may come; else the one counts as begun until the caller has ended its side
   */
  constructor(
    readonly peer: string,
    private readonly isStream: boolean,
    private readonly call: ServerInterceptingCallInterface,
    private readonly stream: ServerHttp2Stream,
    private readonly around: CallSurroundings,
  ) {
    around.silent.begin(this);
    stream.prependListener('data', (chunk: Buffer) => this.#arrived(chunk));
    stream.once('close', () => this.#closed());
  }

  /** What came and is in nobody's hands yet. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Whether this end is waiting for the other: else it does not read, and the other cannot go on. */
  get isReading(): boolean {
    return !this.stream.isPaused();
  }

  /** A message of the stream is in the hands of its handler. */
  took(message: Buffer): void {
    // Of a call that is over nothing is held, and some messages may still be handed on.
    this.#hold(-Math.min(message.length + PREFIX_BYTES, this.#heldBytes));
  }

  /** The caller has ended its side. The message that is no stream's is in the hands of its handler. */
  requestEnded(): void {
    this.#speaks();
    if (this.isStream) return;
    this.#awaitNothing();
    this.#letGo();
  }

  /** Ends the call with the failure. Whoever does not take it in time is cut off. */
  fail(failure: Failure): void {
    if (this.#isOver) return;
    if (!this.stream.headersSent) return this.cut(failure);
    this.#end();
    this.call.sendStatus(statusOf(failure));
    this.around.ending.begin(this);
  }

  /** Ends the call at once, and frees what waits on it; the failure is told if nothing need be read before it. */
  cut(failure: Failure): void {
    this.#end();
    this.#letGo();
    if (this.stream.headersSent) {
      this.stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    } else {
      this.call.sendStatus(statusOf(failure));
      this.stream.close(constants.NGHTTP2_NO_ERROR);
    }
    this.stream.destroy();
  }

  #arrived(chunk: Buffer): void {
    if (this.#isOver) return;
    let ended: boolean;
    try {
      ended = this.#meter.push(chunk);
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      const reason = error instanceof MessageTooLarge ? 'TOO_LARGE' : 'MALFORMED_REQUEST';
      return this.fail(refusal(reason, `the request is ${error.message}`));
    }
    this.#speaks();
    this.#awaitEnd(ended);
    const pieces = !this.#meter.isWithin ? 0 : ended ? 1 : this.#pieces + 1;
    const moreBytes = chunk.length + (pieces - this.#pieces) * PIECE_BYTES;
    this.#pieces = pieces;
    this.#hold(moreBytes);
  }

  #speaks(): void {
    if (!this.#isSilent) return;
    this.#isSilent = false;
    this.around.silent.end(this);
  }

  #awaitEnd(ended: boolean): void {
    if (this.isStream && ended) this.#awaitNothing();
    if (this.#isUnfinished || (this.isStream && !this.#meter.isWithin)) return;
    this.#isUnfinished = true;
    this.around.unfinished.begin(this);
  }

  #awaitNothing(): void {
    if (!this.#isUnfinished) return;
    this.#isUnfinished = false;
    this.around.unfinished.end(this);
  }

  #hold(bytes: number): void {
    this.#heldBytes += bytes;
    this.around.held(this, bytes);
  }

  #letGo(): void {
    this.#pieces = 0;
    this.#hold(-this.#heldBytes);
  }

  #end(): void {
    this.#isOver = true;
    this.#speaks();
    this.#awaitNothing();
  }

  #closed(): void {
    this.#end();
    this.#letGo();
    this.around.ending.end(this);
    this.around.closed(this);
  }
}
