import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { ServerOptions } from '@grpc/grpc-js';
import { CLIENT_PORT_LIMITS, LIMITS } from '../wire/limits.js';
import type { ClientPortLimits } from '../wire/limits.js';
import { parseAddress } from './address.js';
import { BackupStream } from './backup-adapter.js';
import { ConnectionGuard } from './connection-guard.js';
import { Health } from './health.js';
import { IncomingCalls } from './incoming-calls.js';
import { KeepAliveStream } from './keep-alive-adapter.js';
import { Pipe } from './pipe-adapter.js';
import { bytesOnly, serviceOf } from './proto.js';
import { Reflection } from './reflection.js';
import type { ServedCell, ServerContext } from './served-cell.js';
import { StreamBounds } from './stream-bounds.js';
import type { ByteSource, ByteStream } from './stream-writer.js';
import { adminHandlers, chubbyHandlers } from './unary-adapter.js';

export interface ClientServerOptions {
  /** `host:port`; port 0 lets the system choose. */
  readonly listen: string;
  readonly cell: ServedCell;
  /** Told of a broken invariant; ends the process. */
  readonly fatal: (error: unknown) => void;
  readonly limits?: Partial<ClientPortLimits>;
}

export interface ClientPortCounts {
  /** Connections open, refused because of a bound, and cut off. */
  readonly open: number;
  readonly refused: number;
  readonly cut: number;
  /** Of requests that are not whole, or not looked at yet. */
  readonly heldBytes: number;
  /** Of replies that wait for their readers. */
  readonly queuedBytes: number;
  /** Answers that could not be sent; their calls failed. */
  readonly unsent: number;
}

/** The client port of a replica: Chubby, Admin, health and reflection over gRPC. (DESIGN 6) */
export class ClientServer {
  readonly #limits: ClientPortLimits;
  readonly #server: Server;
  readonly #guard: ConnectionGuard;
  readonly #health = new Health();
  readonly #calls: IncomingCalls;
  readonly #bounds: StreamBounds;
  #unsent = 0;

  private constructor(options: ClientServerOptions) {
    const limits = { ...CLIENT_PORT_LIMITS, ...options.limits };
    this.#limits = limits;
    this.#guard = new ConnectionGuard(limits, (socket) => injector.injectConnection(socket));
    this.#calls = new IncomingCalls(limits, this.#guard);
    this.#bounds = new StreamBounds(limits, (call) => this.#calls.abandon(call));
    this.#server = new Server({ ...serverOptions(limits), interceptors: [this.#calls.interceptor] });
    const injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
    const { cell, fatal } = options;
    this.#addServices({ cell, fatal, calls: this.#calls, unsent: () => this.#unsent++ });
  }

  /**
   * Listens. The port bound is in the result.
   *
   * @throws RangeError for a malformed address, Error of Node when it cannot be had
   */
  static async start(options: ClientServerOptions): Promise<{ readonly server: ClientServer; readonly port: number }> {
    const { host, port } = parseAddress(options.listen);
    const server = new ClientServer(options);
    return { server, port: await server.#guard.listen(host, port) };
  }

  /** What the port has done and holds. */
  get counts(): ClientPortCounts {
    return {
      ...this.#guard.counts,
      heldBytes: this.#calls.heldBytes,
      queuedBytes: this.#bounds.queuedBytes,
      unsent: this.#unsent,
    };
  }

  /** Says whether this replica is the master, to whoever asks the health service. */
  setMaster(isMaster: boolean): void {
    this.#health.setMaster(isMaster);
  }

  /** Ends every connection and gives the port back. */
  async close(): Promise<void> {
    this.#calls.close();
    this.#bounds.draining.clear();
    this.#server.forceShutdown();
    await this.#guard.close();
  }

  #addServices(context: ServerContext): void {
    const { highWaterBytes, keepAlivesPerStream } = this.#limits;
    this.#server.addService(bytesOnly(serviceOf('chubby.v1.Chubby')), {
      ...chubbyHandlers(context),
      Pipe: (stream: ByteStream) => void new Pipe(stream, context, this.#bounds, highWaterBytes),
      KeepAlive: (stream: ByteStream) => void new KeepAliveStream(stream, context, this.#bounds, keepAlivesPerStream),
    });
    this.#server.addService(bytesOnly(serviceOf('chubby.v1.Admin')), {
      ...adminHandlers(context),
      Backup: (stream: ByteSource) => void new BackupStream(stream, context, this.#bounds),
    });
    this.#health.addTo(this.#server);
    new Reflection(context, this.#bounds, highWaterBytes).addTo(this.#server);
  }
}

/** Everything that grpc-js leaves without a bound. (DESIGN 6) */
const serverOptions = (limits: ClientPortLimits): ServerOptions => ({
  'grpc.max_receive_message_length': LIMITS.messageBytes,
  'grpc.max_send_message_length': LIMITS.messageBytes,
  'grpc.max_concurrent_streams': limits.streamsPerConnection,
  'grpc-node.max_session_memory': limits.connectionMemoryMb,
  'grpc.max_connection_idle_ms': limits.idleMs,
  'grpc.max_connection_age_ms': limits.connectionAgeMs,
  'grpc.max_connection_age_grace_ms': limits.connectionAgeGraceMs,
  'grpc.keepalive_time_ms': limits.keepaliveMs,
  'grpc.keepalive_timeout_ms': limits.keepaliveTimeoutMs,
  'grpc.enable_channelz': 0,
});
