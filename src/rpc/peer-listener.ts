import { status } from '@grpc/grpc-js';
import { constants, createServer } from 'node:http2';
import type { Http2Server, IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { ReplicaId } from '../paxos/ballot.js';
import type { PeerFrame } from '../replica/transport.js';
import { PEER_PORT_LIMITS } from '../wire/limits.js';
import type { PeerPortLimits } from '../wire/limits.js';
import { MalformedMessage } from '../wire/well-formed.js';
import type { HostAndPort } from './address.js';
import { ConnectionGuard } from './connection-guard.js';
import { Deadlines } from './deadlines.js';
import { FramingError, MessageSplitter } from './grpc-framing.js';
import { decodeFrame } from './peer-codec.js';

/** What may be on its way to us: with HTTP/2's own 64 KB a turn full of writes would take many round trips. */
const WINDOW_BYTES = 2 * PEER_PORT_LIMITS.frameBytes;
const STREAMS_PER_CONNECTION = 4;

/** What came in at the peer port. */
export interface PeerCounts {
  received: number;
  /** Frames that were no frames; each ended its stream. */
  malformed: number;
  /** Frames for another replica. */
  misaddressed: number;
}

/**
 * The server of the peer port: takes frames from whoever dials, and gives those for this replica to their receiver. As
 * its counterpart PeerLane it speaks gRPC over node:http2 itself: grpc-js cannot widen a server's window.
 */
export class PeerListener {
  readonly #server: Http2Server;
  readonly #guard: ConnectionGuard;
  readonly #idle: Deadlines<ServerHttp2Session>;
  readonly counts: PeerCounts = { received: 0, malformed: 0, misaddressed: 0 };

  /**
   * @param path of the gRPC method
   * @param receive must not throw, but for a broken invariant
   */
  constructor(
    private readonly self: ReplicaId,
    private readonly path: string,
    private readonly receive: (frame: PeerFrame) => void,
    limits: PeerPortLimits,
  ) {
    this.#server = createServer({
      settings: { initialWindowSize: WINDOW_BYTES, maxConcurrentStreams: STREAMS_PER_CONNECTION },
      maxSessionMemory: 64,
    });
    this.#server.on('session', (session) => this.#connected(session));
    this.#server.on('stream', (stream, headers) => this.#called(stream, headers));
    this.#idle = new Deadlines(limits.idleMs, (session) => session.destroy());
    this.#guard = new ConnectionGuard(limits, (socket) => this.#server.emit('connection', socket));
  }

  /** Resolves with the port bound. @throws Error of Node when the address cannot be had */
  listen({ host, port }: HostAndPort): Promise<number> {
    return this.#guard.listen(host, port);
  }

  close(): Promise<void> {
    this.#idle.clear();
    return this.#guard.close();
  }

  #connected(session: ServerHttp2Session): void {
    session.setLocalWindowSize(WINDOW_BYTES);
    session.on('error', () => undefined); // 'close' follows; a stranger's bytes are no event of ours
    // A connection whose other end is gone without a word: the time-out of Node's sessions does not count pings.
    this.#idle.begin(session);
    session.on('ping', () => this.#idle.restart(session));
    session.once('close', () => this.#idle.end(session));
  }

  #called(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    stream.on('error', () => undefined); // likewise
    const { remoteAddress, remotePort } = stream.session?.socket ?? {};
    this.#guard.callArrived(`${remoteAddress}:${remotePort}`);
    // The answer tells the dialler that somebody is there: until then it sends nothing.
    stream.respond(
      { [constants.HTTP2_HEADER_STATUS]: 200, [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc' },
      { waitForTrailers: true },
    );
    if (headers[constants.HTTP2_HEADER_PATH] !== this.path) {
      return endWith(stream, status.UNIMPLEMENTED, 'replicas speak chubby.peer.v1.Peer here');
    }
    const splitter = new MessageSplitter(PEER_PORT_LIMITS.frameBytes);
    stream.on('data', (chunk: Buffer) => this.#arrived(stream, splitter, chunk));
    stream.on('end', () => endWith(stream, status.OK, ''));
  }

  #arrived(stream: ServerHttp2Stream, splitter: MessageSplitter, chunk: Buffer): void {
    let frames: PeerFrame[];
    try {
      frames = splitter.push(chunk).map(decodeFrame);
    } catch (error) {
      if (!(error instanceof MalformedMessage) && !(error instanceof FramingError)) throw error;
      this.counts.malformed++;
      stream.removeAllListeners('data'); // what follows is thrown away unseen
      return endWith(stream, status.INVALID_ARGUMENT, 'not a frame of chubby.peer.v1');
    }
    for (const frame of frames) {
      if (frame.to.replicaId !== this.self) {
        this.counts.misaddressed++;
      } else {
        this.counts.received++;
        this.receive(frame);
      }
    }
  }
}

function endWith(stream: ServerHttp2Stream, code: status, details: string): void {
  if (stream.writableEnded) return;
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': code, 'grpc-message': details }));
  stream.end();
}
