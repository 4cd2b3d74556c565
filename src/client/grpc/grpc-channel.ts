import { Client, connectivityState, credentials as grpcCredentials, Metadata } from '@grpc/grpc-js';
import type { ChannelCredentials, ClientOptions, ClientUnaryCall, ServiceError } from '@grpc/grpc-js';
import { LIMITS } from '../../wire/limits.js';
import { PRINCIPAL_HEADER } from '../../wire/principal.js';
import type { BackupResponse, SessionCredential } from '../../wire/types.js';
import { decodeWellFormed, MalformedMessage } from '../../wire/well-formed.js';
import type { UnaryCalls } from '../../wire/calls.js';
import { channelFailure } from '../channel-failure.js';
import type {
  Channel,
  KeepAliveConnection,
  KeepAliveHandlers,
  Outcome,
  PipeConnection,
  PipeHandlers,
  UnaryName,
} from '../channel.js';
import { cancelLater } from './byte-stream.js';
import type { ClientByteStream } from './byte-stream.js';
import { failureOf } from './failure-of-status.js';
import { GrpcKeepAlive } from './grpc-keep-alive.js';
import { GrpcPipe } from './grpc-pipe.js';
import { serviceOf } from './proto.js';

const CHUBBY = serviceOf('chubby.v1.Chubby');
const ADMIN = serviceOf('chubby.v1.Admin');

const OPTIONS: ClientOptions = {
  'grpc.max_send_message_length': LIMITS.messageBytes,
  'grpc.max_receive_message_length': LIMITS.messageBytes,
  'grpc-node.flow_control_window': LIMITS.messageBytes,
  // A replica that comes back must be found within a fail-over, not within a minute.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.dns_min_time_between_resolutions_ms': 1_000,
  'grpc.service_config_disable_resolution': 1,
  // The library retries by request number and must know of each failure.
  'grpc.enable_retries': 0,
  'grpc.keepalive_time_ms': 5_000,
  'grpc.keepalive_timeout_ms': 3_000,
  // One connection per channel, and no detour that the environment names.
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_http_proxy': 0,
  'grpc.enable_channelz': 0,
};

const CONNECT_MS = 2_000;
const CONNECT_GROWTH = 2;
const CONNECT_MAX_MS = 16_000;

export interface GrpcChannelOptions {
  /** Without encryption and proof of identity unless given. */
  readonly credentials?: ChannelCredentials;
  /** As whom calls are made. */
  readonly principal?: string;
  /** How long the first connection attempt may take; those that follow it are given more and more. */
  readonly connectMs?: number;
}

interface Breakable {
  break(): void;
}

/** A channel over one HTTP/2 connection of grpc-js. */
export class GrpcChannel implements Channel {
  readonly #metadata = new Metadata();
  #client: Client;
  #connectTimer: NodeJS.Timeout | undefined;
  #connectMs: number;
  readonly #open = new Set<Breakable>();

  /** @param address `host:port` of the replica's client port */
  constructor(
    readonly address: string,
    private readonly options: GrpcChannelOptions = {},
  ) {
    if (options.principal !== undefined) this.#metadata.set(PRINCIPAL_HEADER, options.principal);
    this.#connectMs = this.#firstConnectMs;
    this.#client = this.#newClient();
  }

  call<Name extends UnaryName>(
    name: Name,
    request: UnaryCalls[Name]['request'],
    timeLimitMs: number,
  ): Promise<Outcome<UnaryCalls[Name]['response']>> {
    const { path, requestSerialize, responseDeserialize } = methodOf(name);
    const deserialize = (bytes: Buffer): object => decodeWellFormed(responseDeserialize, bytes);
    this.#watchConnecting();
    return new Promise((resolve) => {
      const deadline = Date.now() + timeLimitMs;
      const call: ClientUnaryCall = this.#client.makeUnaryRequest(
        path,
        requestSerialize,
        deserialize,
        request,
        this.#metadata,
        { deadline },
        (error, response) => {
          this.#open.delete(open);
          if (error !== null) resolve({ failure: failureOf(error, this.address) });
          else resolve({ response: response as UnaryCalls[Name]['response'] });
        },
      );
      const open = { break: () => cancelLater(call) };
      this.#open.add(open);
    });
  }

  async *backup(): AsyncGenerator<Outcome<BackupResponse>, void> {
    const { path, requestSerialize, responseDeserialize } = ADMIN['Backup']!;
    const same = (bytes: Buffer): Buffer => bytes;
    this.#watchConnecting();
    const call = this.#client.makeServerStreamRequest(path, requestSerialize, same, {}, this.#metadata);
    const open = { break: () => cancelLater(call) };
    this.#open.add(open);
    try {
      for await (const bytes of call as AsyncIterable<Buffer>) {
        yield { response: decodeWellFormed(responseDeserialize, bytes) as BackupResponse };
      }
    } catch (error) {
      if (error instanceof MalformedMessage) {
        yield { failure: channelFailure('PROTOCOL', `the replica sent ${error.message}`) };
      } else {
        yield { failure: failureOf(error as ServiceError, this.address) };
      }
    } finally {
      this.#open.delete(open);
      cancelLater(call);
    }
  }

  openPipe(session: SessionCredential, handlers: PipeHandlers): PipeConnection {
    const pipe: GrpcPipe = new GrpcPipe(this.address, this.#stream('Pipe'), session, handlers, () =>
      this.#open.delete(pipe),
    );
    this.#open.add(pipe);
    return pipe;
  }

  openKeepAlive(handlers: KeepAliveHandlers): KeepAliveConnection {
    const stream = this.#stream('KeepAlive');
    const keepAlive: GrpcKeepAlive = new GrpcKeepAlive(this.address, stream, handlers, () =>
      this.#open.delete(keepAlive),
    );
    this.#open.add(keepAlive);
    return keepAlive;
  }

  close(): void {
    clearTimeout(this.#connectTimer);
    for (const open of this.#open) open.break();
    this.#client.close();
  }

  #stream(method: string): ClientByteStream {
    const same = (bytes: Buffer): Buffer => bytes;
    this.#watchConnecting();
    return this.#client.makeBidiStreamRequest(CHUBBY[method]!.path, same, same, this.#metadata);
  }

  /**
   * grpc-js waits for a connection attempt as long as the kernel does, two minutes where packets vanish. A new client
   * makes a new attempt; what waited for the old one fails. It is given longer: to a replica that is slow because many
   * come, attempts that are given up and begun anew are what keeps it slow.
   */
  #watchConnecting(): void {
    if (this.#connectTimer !== undefined || this.#state() === connectivityState.READY) return;
    this.#connectTimer = setTimeout(() => {
      this.#connectTimer = undefined;
      const state = this.#state();
      if (state === connectivityState.READY) this.#connectMs = this.#firstConnectMs;
      if (state !== connectivityState.CONNECTING) return;
      this.#connectMs = Math.min(this.#connectMs * CONNECT_GROWTH, CONNECT_MAX_MS);
      this.#client.close();
      this.#client = this.#newClient();
    }, this.#connectMs).unref();
  }

  get #firstConnectMs(): number {
    return this.options.connectMs ?? CONNECT_MS;
  }

  #state(): connectivityState {
    return this.#client.getChannel().getConnectivityState(false);
  }

  #newClient(): Client {
    return new Client(this.address, this.options.credentials ?? grpcCredentials.createInsecure(), OPTIONS);
  }
}

/** RPCs are named as calls are, with a capital. */
function methodOf(name: UnaryName): (typeof CHUBBY)[string] {
  const method = name.charAt(0).toUpperCase() + name.slice(1);
  return (CHUBBY[method] ?? ADMIN[method])!;
}
