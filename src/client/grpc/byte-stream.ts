import type { ClientDuplexStream, StatusObject } from '@grpc/grpc-js';
import type { Failure } from '../../wire/types.js';
import { MalformedMessage } from '../../wire/well-formed.js';
import { channelFailure } from '../channel-failure.js';
import { failureOf } from './failure-of-status.js';

/** A client's end of a stream whose messages are bytes. */
export type ClientByteStream = ClientDuplexStream<Buffer, Buffer>;

/** What stands behind a {@link ByteStream}. */
export interface ByteStreamHandlers {
  /** The next message to send, or nothing: asked for whenever the last one has been taken. */
  next(): Buffer | undefined;
  /** @throws MalformedMessage when it is no message; the stream ends */
  received(message: Buffer): void;
  /** Called once, unless {@link ByteStream.close} came first. */
  closed(failure: Failure): void;
}

/**
 * Cancels in the next turn of the event loop. Whoever does it while a connection that the other side has given up is read,
 * as by a client that wakes up after half a minute, makes Node's HTTP/2 pack frames for ever, in one turn and in ever more
 * memory (seen in Node 20.20).
 */
export function cancelLater(call: { cancel(): void }): void {
  setImmediate(() => call.cancel());
}

/**
 * A stream with one message under way at a time, so that what waits is put together rather than queued piece by piece.
 */
export class ByteStream {
  #underWay = false;
  #scheduled = false;
  #over = false;

  /** @param address of the replica, for messages */
  constructor(
    address: string,
    private readonly stream: ClientByteStream,
    private readonly handlers: ByteStreamHandlers,
  ) {
    stream.on('data', (message: Buffer) => this.#received(message));
    stream.on('error', () => undefined); // the status says the same
    stream.on('status', (status: StatusObject) => {
      if (this.#over) return;
      this.#over = true;
      handlers.closed(failureOf(status, address));
    });
  }

  /** There is something to send; it goes out with all that this turn of the event loop still brings. */
  wake(): void {
    if (this.#scheduled || this.#underWay || this.#over) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#write();
    });
  }

  /** Ends the stream; nothing is told any more. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    cancelLater(this.stream);
  }

  /** Ends the stream as if the network had. */
  break(): void {
    cancelLater(this.stream);
  }

  #received(message: Buffer): void {
    if (this.#over) return;
    try {
      this.handlers.received(message);
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      this.close();
      this.handlers.closed(channelFailure('PROTOCOL', `the replica sent ${error.message}`));
    }
  }

  #write(): void {
    if (this.#over) return;
    const message = this.handlers.next();
    if (message === undefined) return;
    this.#underWay = true;
    this.stream.write(message, () => {
      this.#underWay = false;
      this.#write();
    });
  }
}
