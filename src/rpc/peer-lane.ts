import { connect as connectHttp2, constants } from 'node:http2';
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import type { HostAndPort } from './address.js';
import { messagePrefix } from './grpc-framing.js';

export interface PeerTimings {
  /** First pause before dialling again after a connection that held, jittered; doubled up to `redialMaxMs`. */
  readonly redialMinMs: number;
  readonly redialMaxMs: number;
  /** From dialling to the peer's answer. The kernel alone would wait two minutes for a peer whose packets vanish. */
  readonly connectMs: number;
  /** Between two pings; the second unanswered one in a row ends the connection. */
  readonly pingMs: number;
}

/** What a lane tells the transport. */
export interface LaneObserver {
  up(): void;
  down(cause: string): void;
}

/**
 * One stream of frames to one peer over a connection of its own, dialled again whenever it ends. Frames go out while it
 * is up and its queue has room; nothing is kept for later, since whoever needs an answer sends again.
 *
 * It speaks gRPC over node:http2 itself: grpc-js bounds neither the time of a connection attempt nor what it queues,
 * and fail-over rests on both.
 */
export class PeerLane {
  #session: ClientHttp2Session | undefined;
  /** Present once the peer has answered. */
  #stream: ClientHttp2Stream | undefined;
  #redialTimer: NodeJS.Timeout | undefined;
  #redialMs: number;
  #closed = false;

  /**
   * @param path of the gRPC method
   * @param queueBytes how much may wait for a peer that does not read
   */
  constructor(
    private readonly address: HostAndPort,
    private readonly path: string,
    private readonly queueBytes: number,
    private readonly timings: PeerTimings,
    private readonly observer: LaneObserver,
  ) {
    this.#redialMs = timings.redialMinMs;
    this.#dial();
  }

  get isUp(): boolean {
    return this.#stream !== undefined;
  }

  /** Whether the message was taken: the lane is up and its queue has room. */
  send(message: Buffer): boolean {
    const stream = this.#stream;
    if (stream === undefined || stream.writableLength + message.length > this.queueBytes) return false;
    stream.cork();
    stream.write(messagePrefix(message.length));
    stream.write(message);
    stream.uncork();
    return true;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#redialTimer);
    this.#session?.destroy();
  }

  #dial(): void {
    const { host, port } = this.address;
    const authority = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
    const socket = connectTcp({ host, port, noDelay: true });
    const session = connectHttp2(`http://${authority}`, { createConnection: () => socket });
    this.#session = session;
    let cause: string | undefined;
    const end = (why: string): void => {
      cause ??= why; // what follows from the first cause is no news
      session.destroy();
    };
    const connectTimer = setTimeout(() => end('no answer'), this.timings.connectMs);
    let pingTimer: NodeJS.Timeout | undefined;
    let upSinceMs: number | undefined;

    session.on('error', (error) => (cause ??= error.message));
    session.on('goaway', () => end('the peer is closing'));
    session.once('close', () => {
      clearTimeout(connectTimer);
      clearInterval(pingTimer);
      this.#ended(upSinceMs, cause ?? 'the peer ended the connection');
    });

    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: this.path,
      [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
      [constants.HTTP2_HEADER_TE]: 'trailers',
    });
    stream.on('error', (error) => end(error.message));
    stream.once('response', (headers) => {
      // A gRPC status among the first headers means that the call is over.
      const refused = headers[':status'] !== constants.HTTP_STATUS_OK || headers['grpc-status'] !== undefined;
      if (refused) return end('the peer refused the stream');
      clearTimeout(connectTimer);
      pingTimer = this.#keepPinging(session, end);
      upSinceMs = performance.now();
      this.#stream = stream;
      this.observer.up();
    });
    stream.on('data', () => end('the peer answered on a stream that carries frames one way'));
    stream.once('end', () => end('the peer ended the stream'));
    stream.once('close', () => session.destroy());
  }

  /** Half-open connections look alive until something is asked of them. */
  #keepPinging(session: ClientHttp2Session, end: (why: string) => void): NodeJS.Timeout {
    let unanswered = 0;
    return setInterval(() => {
      if (session.destroyed) return;
      if (unanswered >= 2) return end('two pings unanswered');
      unanswered++;
      session.ping(() => (unanswered = 0));
    }, this.timings.pingMs);
  }

  #ended(upSinceMs: number | undefined, cause: string): void {
    this.#session = undefined;
    this.#stream = undefined;
    if (this.#closed) return;
    if (upSinceMs !== undefined) this.observer.down(cause);
    const { redialMinMs, redialMaxMs } = this.timings;
    // A peer that takes the connection and drops it at once is no better than one that is away.
    const held = upSinceMs !== undefined && performance.now() - upSinceMs > redialMaxMs;
    this.#redialMs = held ? redialMinMs : Math.min(this.#redialMs * 2, redialMaxMs);
    // Half of it is jitter, so that replicas that lost each other do not dial in step.
    this.#redialTimer = setTimeout(() => this.#dial(), this.#redialMs * (0.5 + Math.random() / 2));
  }
}
