import type { ServerDuplexStream } from '@grpc/grpc-js';
import { refusal } from '../wire/errors.js';
import type { Failure } from '../wire/types.js';
import type { Deadlines } from './deadlines.js';
import { statusOf } from './status-details.js';

/** A server's end of a stream whose messages are bytes. */
export type ByteStream = ServerDuplexStream<Buffer, Buffer>;

/** Encoded pieces that wait, and the next message made of them. */
export interface Outbox {
  readonly sizeBytes: number;
  readonly isEmpty: boolean;
  add(piece: Buffer): void;
  /** The next message; the outbox is not empty. */
  take(): Buffer;
}

/** The bounds of all streams of a server, and what they share. */
export interface StreamBounds {
  readonly queuedBytesPerStream: number;
  readonly queuedBytes: number;
  /** What waits in all outboxes together. */
  readonly queued: { bytes: number };
  /** Waits for readers that have something to read; who is late is cut off. */
  readonly draining: Deadlines<StreamWriter>;
}

/**
 * Writes replies to a stream, one message under way at a time: what comes meanwhile is put together, so that a batch
 * grows with its reader's slowness, and is counted, because a grpc-js stream would queue without bound. (DESIGN 9)
 *
 * A reader that lets too much pile up is told SLOW_CONSUMER, and cut off if it does not even read that.
 */
export class StreamWriter {
  /** The other end, as grpc-js names it. */
  readonly peer: string;
  /** Absent once the stream takes no more replies: its status is said, or it is gone. */
  #outbox: Outbox | undefined;
  #countedBytes = 0;
  #underWay = false;
  #scheduled = false;
  #ending = false;

  /**
   * @param drained called after each message written: the outbox may have room again
   * @param over called once, when the stream takes no more replies
   */
  constructor(
    private readonly stream: ByteStream,
    outbox: Outbox,
    private readonly bounds: StreamBounds,
    private readonly drained: () => void,
    private readonly over: () => void,
  ) {
    this.#outbox = outbox;
    this.peer = stream.getPeer();
    stream.on('cancelled', () => this.#stop());
    stream.on('close', () => this.#stop());
  }

  get isOver(): boolean {
    return this.#outbox === undefined;
  }

  get queuedBytes(): number {
    return this.#countedBytes;
  }

  /** Writes the piece with all others of this turn of the event loop, once the reader has taken what is under way. */
  add(piece: Buffer): void {
    if (this.#outbox === undefined) return;
    this.#outbox.add(piece);
    this.#count();
    if (this.#countedBytes > this.bounds.queuedBytesPerStream || this.bounds.queued.bytes > this.bounds.queuedBytes) {
      this.fail(refusal('SLOW_CONSUMER', `${this.#countedBytes} bytes of replies were not read in time`));
    } else {
      this.#schedule();
    }
  }

  /** Ends the stream with OK after what waits. */
  end(): void {
    this.#ending = true;
    this.#schedule();
  }

  /** Ends the stream with the failure; what waits is dropped. */
  fail(failure: Failure): void {
    if (this.#outbox === undefined) return;
    this.#stop();
    // The status goes out behind the message under way, which somebody must read first.
    this.bounds.draining.begin(this);
    this.stream.emit('error', statusOf(failure));
  }

  #schedule(): void {
    if (this.#scheduled || this.#underWay) return;
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
      this.#count();
      this.#underWay = true;
      this.bounds.draining.begin(this);
      this.stream.write(message, () => this.#written());
    } else if (this.#ending) {
      this.#stop();
      this.stream.end();
    }
  }

  #written(): void {
    this.#underWay = false;
    if (this.#outbox === undefined) return;
    this.bounds.draining.end(this);
    this.#write();
    this.drained();
  }

  #count(): void {
    const nowBytes = this.#outbox?.sizeBytes ?? 0;
    this.bounds.queued.bytes += nowBytes - this.#countedBytes;
    this.#countedBytes = nowBytes;
  }

  #stop(): void {
    this.bounds.draining.end(this);
    if (this.#outbox === undefined) return;
    this.#outbox = undefined;
    this.#count();
    this.over();
  }
}
