import type { ServerDuplexStream, ServerWritableStream } from '@grpc/grpc-js';
import { refusal } from '../wire/errors.js';
import type { Failure } from '../wire/types.js';
import { PREFIX_BYTES } from './grpc-framing.js';
import type { IncomingCall } from './incoming-call.js';
import type { Outbox } from './outbox.js';
import type { BoundedStream, StreamBounds } from './stream-bounds.js';

/** A server's end of a stream whose messages are bytes. */
export type ByteStream = ServerDuplexStream<Buffer, Buffer>;

/** The same where one request is all that comes. */
export type ByteSource = ServerWritableStream<Buffer, Buffer>;

/**
 * Writes replies to a stream, one message under way at a time: what comes meanwhile is put together, so that a batch
 * grows with its reader's slowness, and is counted, because a grpc-js stream would queue without bound. (DESIGN 9)
 *
 * A reader that lets too much pile up is told SLOW_CONSUMER, and cut off if it does not even read that.
 */
export class StreamWriter implements BoundedStream {
  /** Absent once the stream takes no more replies: its status is said, or it is gone. */
  #outbox: Outbox | undefined;
  /** Of the message that the reader has not taken yet; 0 when none is under way. */
  #underWayBytes = 0;
  #countedBytes = 0;
  #scheduled = false;
  #ending = false;

  /**
   * @param drained called after each message written: the outbox may have room again
   * @param over called once, when the stream takes no more replies
   */
  constructor(
    private readonly stream: ByteStream | ByteSource,
    readonly call: IncomingCall,
    outbox: Outbox,
    private readonly bounds: StreamBounds,
    private readonly drained: () => void,
    private readonly over: () => void,
  ) {
    this.#outbox = outbox;
    stream.on('cancelled', () => this.#gone());
    stream.on('close', () => this.#gone());
  }

  get isOver(): boolean {
    return this.#outbox === undefined;
  }

  /** What waits behind the message under way. */
  get waitingBytes(): number {
    return this.#outbox?.sizeBytes ?? 0;
  }

  /** What the reader has not taken yet. */
  get queuedBytes(): number {
    return this.#countedBytes;
  }

  /** Writes the piece with all others of this turn of the event loop, once the reader has taken what is under way. */
  add(piece: Buffer): void {
    if (this.#outbox === undefined) return;
    this.#outbox.add(piece);
    this.#count();
    if (this.#countedBytes > this.bounds.queuedBytesPerStream) {
      this.fail(refusal('SLOW_CONSUMER', `${this.#countedBytes} bytes of replies were not read in time`));
    }
    this.#schedule();
  }

  /** Ends the stream with OK after what waits. */
  end(): void {
    this.#ending = true;
    this.#schedule();
  }

  /** Ends the stream with the failure, behind the message under way; what waits is dropped. */
  fail(failure: Failure): void {
    if (this.#outbox === undefined) return;
    this.#stop();
    this.call.fail(failure);
  }

  /** Ends the stream at once: nothing of it is kept any more. */
  cut(failure: Failure): void {
    this.#gone();
    this.call.cut(failure);
  }

  #schedule(): void {
    if (this.#scheduled || this.#underWayBytes > 0 || this.#outbox === undefined) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#write();
    });
  }

  #write(): void {
    if (this.#outbox === undefined) return;
    if (!this.#outbox.isEmpty) {
      const message = this.#outbox.take();
      this.#underWayBytes = PREFIX_BYTES + message.length;
      this.#count();
      this.bounds.draining.begin(this);
      this.stream.write(message, () => this.#written());
    } else if (this.#ending) {
      this.#stop();
      this.stream.end();
    }
  }

  #written(): void {
    this.#underWayBytes = 0;
    this.#count();
    if (this.#outbox === undefined) return;
    this.bounds.draining.end(this);
    this.#write();
    this.drained();
  }

  #count(): void {
    const nowBytes = this.waitingBytes + this.#underWayBytes;
    const moreBytes = nowBytes - this.#countedBytes;
    this.#countedBytes = nowBytes;
    this.bounds.queued(this, moreBytes);
  }

  /** Takes no more replies. */
  #stop(): void {
    if (this.#outbox === undefined) return;
    this.#outbox = undefined;
    this.bounds.draining.end(this);
    this.#count();
    this.over();
  }

  /** The stream is no more, and what was under way on it with it. */
  #gone(): void {
    this.#underWayBytes = 0;
    this.#stop();
    this.#count();
  }
}
