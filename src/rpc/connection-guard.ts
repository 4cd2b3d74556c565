import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { assert } from '../common/assert.js';
import { Deadlines } from './deadlines.js';

export interface GuardLimits {
  /** In all, and from one address. */
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** From being accepted to the first call. */
  readonly silenceMs: number;
}

/** Beginning a connection and its first call costs about a millisecond; in between others are heard. */
const ADMITTED_A_TURN = 4;

/**
 * Accepts connections on behalf of a grpc-js server, which itself knows no bound on their number and none on how long a
 * stranger may say nothing. (DESIGN 6) The system hands over a thousand that come at once in one turn of the event
 * loop; they are let in a few a turn, so that a master keeps its lease meanwhile.
 */
export class ConnectionGuard {
  readonly #server: Server;
  /** By the name that grpc-js gives the other end of a call. */
  readonly #sockets = new Map<string, Socket>();
  readonly #perAddress = new Map<string, number>();
  readonly #silent: Deadlines<Socket>;
  /** Accepted, and not yet handed on. */
  readonly #waiting = new Set<Socket>();
  #refused = 0;
  #cut = 0;

  /** @param inject hands an accepted connection to the grpc-js server */
  constructor(
    private readonly limits: GuardLimits,
    private readonly inject: (socket: Socket) => void,
  ) {
    this.#server = createServer({ noDelay: true, keepAlive: true }, (socket) => this.#accept(socket));
    this.#silent = new Deadlines(limits.silenceMs, (socket) => this.#destroy(socket));
  }

  /** Connections open, refused because of a bound, and cut off for what they did or did not do. */
  get counts(): { readonly open: number; readonly refused: number; readonly cut: number } {
    return { open: this.#sockets.size, refused: this.#refused, cut: this.#cut };
  }

  /**
   * Resolves with the port bound; it is the given one unless that is 0.
   *
   * @throws Error of Node (EADDRINUSE, EACCES, ...) when the address cannot be had
   */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port }, () => {
        this.#server.off('error', reject);
        // Accepting can fail later, e.g. when descriptors run out; the connections that are there go on.
        this.#server.on('error', () => this.#refused++);
        const address = this.#server.address();
        assert(address !== null && typeof address === 'object', 'a TCP server has an address');
        resolve(address.port);
      });
    });
  }

  /** A call came in from `peer`, as grpc-js names it: its connection is in use. */
  callArrived(peer: string): void {
    const socket = this.#sockets.get(peer);
    if (socket !== undefined) this.#silent.end(socket);
  }

  /** Ends the connection of `peer`, as grpc-js names it, and with it all its calls. */
  cutOff(peer: string): void {
    const socket = this.#sockets.get(peer);
    if (socket !== undefined) this.#destroy(socket);
  }

  /** Stops accepting and ends what is open. */
  close(): Promise<void> {
    this.#silent.clear();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets.values()) socket.destroy();
    return closed;
  }

  #accept(socket: Socket): void {
    const address = socket.remoteAddress;
    const fromAddress = this.#perAddress.get(address ?? '') ?? 0;
    const { connections, connectionsPerAddress } = this.limits;
    if (address === undefined || this.#sockets.size >= connections || fromAddress >= connectionsPerAddress) {
      this.#refused++;
      socket.destroy();
      return;
    }
    const peer = `${address}:${socket.remotePort}`;
    this.#sockets.set(peer, socket);
    this.#perAddress.set(address, fromAddress + 1);
    this.#silent.begin(socket);
    socket.on('error', () => undefined); // 'close' follows and says all that matters
    socket.once('close', () => this.#forget(socket, peer, address));
    this.#waiting.add(socket);
    if (this.#waiting.size === 1) setImmediate(() => this.#admit());
  }

  #admit(): void {
    let left = ADMITTED_A_TURN;
    for (const socket of this.#waiting) {
      if (left-- === 0) break;
      this.#waiting.delete(socket);
      this.inject(socket);
    }
    if (this.#waiting.size > 0) setImmediate(() => this.#admit());
  }

  #forget(socket: Socket, peer: string, address: string): void {
    this.#silent.end(socket);
    this.#waiting.delete(socket);
    this.#sockets.delete(peer);
    const left = (this.#perAddress.get(address) ?? 0) - 1;
    if (left > 0) this.#perAddress.set(address, left);
    else this.#perAddress.delete(address);
  }

  #destroy(socket: Socket): void {
    this.#cut++;
    socket.destroy();
  }
}
