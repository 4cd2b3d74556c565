import type { Call, Caller, Reply } from '../service/call.js';
import { refusal } from '../wire/errors.js';
import type { PipeReplyFields } from '../wire/gen/chubby/v1/PipeReply.js';
import type { PipeRequestFields } from '../wire/gen/chubby/v1/PipeRequest.js';
import { LIMITS } from '../wire/limits.js';
import { RepeatedField } from '../wire/repeated-field.js';
import type { PipeCall, PipeReply, PipeRequest, SessionCredential } from '../wire/types.js';
import { ANYBODY } from '../wire/principal.js';
import { MalformedMessage } from '../wire/well-formed.js';
import { principalIn } from './callers.js';
import type { Outbox } from './outbox.js';
import { codecOf } from './proto.js';
import { UNSENDABLE } from './served-cell.js';
import type { ServerContext } from './served-cell.js';
import { sendable } from './status-details.js';
import type { StreamBounds } from './stream-bounds.js';
import { StreamWriter } from './stream-writer.js';
import type { ByteStream } from './stream-writer.js';

const requests = codecOf<PipeRequestFields, PipeRequest>('chubby.v1.PipeRequest');
const replies = codecOf<PipeReplyFields, PipeReply>('chubby.v1.PipeReply');

/** Of `replies` in PipeResponse. */
const REPLIES_FIELD = 1;
/** A reply with its tag and length must fit into a message. */
const REPLY_BYTES_MAX = LIMITS.messageBytes - 16;

/**
 * How long one turn of the event loop is spent on the calls of one message. Some cost ten milliseconds, and a message has
 * room for thousands: in between the master renews its lease, and hears others.
 */
const TURN_MS = 10;

type CallName = NonNullable<PipeCall['call']>;

/** Replies as PipeResponse messages, each as full as it may be. */
class PipeOutbox implements Outbox {
  readonly #replies = new RepeatedField(REPLIES_FIELD);

  get sizeBytes(): number {
    return this.#replies.sizeBytes;
  }

  get isEmpty(): boolean {
    return this.#replies.isEmpty;
  }

  add(reply: Buffer): void {
    this.#replies.add(reply);
  }

  take(): Buffer {
    return this.#replies.take(LIMITS.messageBytes);
  }
}

/**
 * One Pipe: hands the calls of each message to the service and sends the replies in the order in which they come. When
 * the stream ends, calls under way live on in the service; only their replies are dropped.
 */
export class Pipe {
  readonly #writer: StreamWriter;
  readonly #caller: Caller;
  #session: SessionCredential | undefined;
  #message: PipeRequest | undefined;
  /** Of `#message`: the calls before it are made. */
  #nextCall = 0;
  /** The rest of `#message` waits for the next turn of the event loop. */
  #yields = false;
  #inFlight = 0;
  #halfClosed = false;

  /** @param highWaterBytes of replies that wait to be sent, beyond which further requests are not looked at */
  constructor(
    private readonly stream: ByteStream,
    private readonly context: ServerContext,
    bounds: StreamBounds,
    private readonly highWaterBytes: number,
  ) {
    const incoming = context.calls.of(stream);
    const principal = principalIn(stream.metadata);
    this.#caller = { principal: typeof principal === 'string' ? principal : ANYBODY, address: incoming.peer };
    this.#writer = new StreamWriter(
      stream,
      incoming,
      new PipeOutbox(),
      bounds,
      () => this.#guarded(() => this.#goOn()),
      () => (this.#message = undefined),
    );
    stream.on('data', (bytes: Buffer) => {
      incoming.took(bytes);
      this.#guarded(() => this.#arrived(bytes));
    });
    stream.on('end', () => {
      this.#halfClosed = true;
      this.#endIfAnswered();
    });
    if (typeof principal !== 'string') this.#writer.fail(principal);
  }

  #arrived(bytes: Buffer): void {
    if (this.#writer.isOver) return;
    let message: PipeRequest;
    try {
      message = requests.decode(bytes);
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      return this.#writer.fail(refusal('MALFORMED_REQUEST', `PipeRequest: ${error.message}`));
    }
    if (this.#session === undefined) {
      if (message.session === null) {
        return this.#writer.fail(refusal('MISSING_FIELD', 'session: the first message of a Pipe names it'));
      }
      this.#session = message.session;
    } else if (message.session !== null) {
      return this.#writer.fail(refusal('MALFORMED_REQUEST', 'session: only the first message of a Pipe names it'));
    }
    this.#message = message;
    this.#nextCall = 0;
    this.#makeCalls(message);
  }

  /** Makes the calls that are left of the message, as long as their replies are read and this turn's time lasts. */
  #makeCalls(message: PipeRequest): void {
    const untilMs = performance.now() + TURN_MS;
    while (this.#nextCall < message.calls.length) {
      if (this.#writer.waitingBytes > this.highWaterBytes) {
        this.stream.pause();
        return;
      }
      if (performance.now() > untilMs) return this.#yield();
      this.#make(message.calls[this.#nextCall++]!, message.acknowledged);
      if (this.#writer.isOver) return;
    }
    this.#message = undefined;
    this.#endIfAnswered();
  }

  /** Goes on in the next turn. */
  #yield(): void {
    this.stream.pause();
    this.#yields = true;
    setImmediate(() => {
      this.#yields = false;
      this.#guarded(() => this.#goOn());
    });
  }

  #goOn(): void {
    if (this.#message === undefined || this.#yields) return;
    this.#makeCalls(this.#message);
    if (this.#message === undefined) this.stream.resume();
  }

  #make(call: PipeCall, acknowledged: number): void {
    const { number, timeLimitMs, call: name } = call;
    this.#inFlight++;
    if (name === undefined) {
      return this.#answered(number, 'open', { failure: refusal('MISSING_FIELD', 'call: the request names none') });
    }
    if (number === 0) {
      return this.#answered(number, name, { failure: refusal('MISSING_FIELD', 'number: requests count from 1 on') });
    }
    if (this.#inFlight > LIMITS.requestWindow) {
      const sentence = `more than ${LIMITS.requestWindow} requests are in flight on this Pipe`;
      return this.#answered(number, name, { failure: refusal('WINDOW_EXCEEDED', sentence) });
    }
    const made = { name, request: call[name], credential: this.#session, number, acknowledged, timeLimitMs };
    this.context.cell.call(this.#caller, made as Call, (reply) => this.#answered(number, name, reply));
  }

  #answered(number: number, name: CallName, reply: Reply): void {
    this.#inFlight--;
    if (this.#writer.isOver) return;
    this.#writer.add(this.#encode(number, name, reply));
    this.#endIfAnswered();
  }

  #encode(number: number, name: CallName, reply: Reply): Buffer {
    try {
      return encodeReply(number, name, reply);
    } catch (error) {
      // What one client is to be told must not be the end of all.
      this.context.unsent(error);
      return encodeReply(number, name, { failure: UNSENDABLE });
    }
  }

  #endIfAnswered(): void {
    if (this.#halfClosed && this.#inFlight === 0 && this.#message === undefined) this.#writer.end();
  }

  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.context.fatal(error);
    }
  }
}

function encodeReply(number: number, name: CallName, reply: Reply): Buffer {
  const fields = 'failure' in reply ? { number, failure: sendable(reply.failure) } : { number, [name]: reply.response };
  const bytes = replies.encode(fields);
  if (bytes.length <= REPLY_BYTES_MAX) return bytes;
  return replies.encode({ number, failure: refusal('TOO_LARGE', `the answer would be ${bytes.length} bytes`) });
}
