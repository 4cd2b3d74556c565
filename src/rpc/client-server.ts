import { Server, ServerCredentials, ServerInterceptingCall } from '@grpc/grpc-js';
import type { ServerInterceptingCallInterface, ServerOptions } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import type { Caller } from '../service/call.js';
import { CLIENT_PORT_LIMITS, LIMITS } from '../wire/limits.js';
import type { ClientPortLimits } from '../wire/limits.js';
import { parseAddress } from './address.js';
import { ConnectionGuard } from './connection-guard.js';
import { Deadlines } from './deadlines.js';
import { Health } from './health.js';
import { KeepAliveStream } from './keep-alive-adapter.js';
import { Pipe } from './pipe-adapter.js';
import { bytesOnly, CLIENT_PACKAGE, serviceOf } from './proto.js';
import type { ServedCell, ServerContext } from './served-cell.js';
import type { ByteStream, StreamBounds } from './stream-writer.js';
import { adminHandlers, chubbyHandlers } from './unary-adapter.js';

/** Until connections prove who is at their other end. */
const ANYBODY: Caller = { principal: 'anybody' };

export interface ClientServerOptions {
  /** `host:port`; port 0 lets the system choose. */
  readonly listen: string;
  readonly cell: ServedCell;
  /** Told of a broken invariant; ends the process. */
  readonly fatal: (error: unknown) => void;
  readonly limits?: Partial<ClientPortLimits>;
}

/** The client port of a replica: Chubby, Admin, health and reflection over gRPC. (DESIGN 6) */
export class ClientServer {
  readonly #limits: ClientPortLimits;
  readonly #server: Server;
  readonly #guard: ConnectionGuard;
  readonly #health = new Health();
  /** Calls whose first message has not come. */
  readonly #silent: Deadlines<ServerInterceptingCallInterface>;
  readonly #bounds: StreamBounds;

  private constructor(options: ClientServerOptions) {
    const limits = { ...CLIENT_PORT_LIMITS, ...options.limits };
    this.#limits = limits;
    this.#server = new Server({
      ...serverOptions(limits),
      interceptors: [(_method, call) => this.#watched(call)],
    });
    const injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
    this.#guard = new ConnectionGuard(limits, (socket) => injector.injectConnection(socket));
    this.#silent = new Deadlines(limits.silenceMs, (call) => this.#guard.cutOff(call.getPeer()));
    this.#bounds = {
      queuedBytesPerStream: limits.queuedBytesPerStream,
      queuedBytes: limits.queuedBytes,
      queued: { bytes: 0 },
      draining: new Deadlines(limits.drainMs, (writer) => this.#guard.cutOff(writer.peer)),
    };
    this.#addServices({ cell: options.cell, caller: ANYBODY, fatal: options.fatal });
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

  /** Connections open, refused because of a bound, and cut off; and bytes of replies that wait for their readers. */
  get counts(): {
    readonly open: number;
    readonly refused: number;
    readonly cut: number;
    readonly queuedBytes: number;
  } {
    return { ...this.#guard.counts, queuedBytes: this.#bounds.queued.bytes };
  }

  /** Says whether this replica is the master, to whoever asks the health service. */
  setMaster(isMaster: boolean): void {
    this.#health.setMaster(isMaster);
  }

  /** Ends every connection and gives the port back. */
  async close(): Promise<void> {
    this.#silent.clear();
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
    this.#server.addService(bytesOnly(serviceOf('chubby.v1.Admin')), adminHandlers(context));
    this.#health.addTo(this.#server);
    new ReflectionService(CLIENT_PACKAGE).addToServer(this.#server);
  }

  /** A call that tells the guard of itself, and must not stay without a message. */
  #watched(call: ServerInterceptingCallInterface): ServerInterceptingCall {
    return new ServerInterceptingCall(call, {
      start: (next) => {
        this.#guard.callArrived(call.getPeer());
        this.#silent.begin(call);
        next({
          onReceiveMessage: (message, pass) => {
            this.#silent.end(call);
            pass(message);
          },
          onReceiveHalfClose: (pass) => {
            this.#silent.end(call);
            pass();
          },
          onCancel: () => this.#silent.end(call),
        });
      },
    });
  }
}

/** Everything that grpc-js leaves without a bound. (RELIABILITY 1.6) */
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
