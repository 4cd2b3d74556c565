import { Client, credentials, Metadata } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { connect as connectHttp2 } from 'node:http2';
import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect } from 'vitest';
import { GrpcChannel } from '../../../src/client/grpc/grpc-channel.js';
import type { GrpcChannelOptions } from '../../../src/client/grpc/grpc-channel.js';
import { ClientServer } from '../../../src/rpc/client-server.js';
import { messagePrefix } from '../../../src/rpc/grpc-framing.js';
import type { ClientPortLimits } from '../../../src/wire/limits.js';
import { codecOf } from '../../../src/rpc/proto.js';
import type { KeepAliveRequestFields } from '../../../src/wire/gen/chubby/v1/KeepAliveRequest.js';
import type { PipeRequestFields } from '../../../src/wire/gen/chubby/v1/PipeRequest.js';
import type { PipeResponseFields } from '../../../src/wire/gen/chubby/v1/PipeResponse.js';
import type { SetContentsRequestFields } from '../../../src/wire/gen/chubby/v1/SetContentsRequest.js';
import type {
  KeepAliveRequest,
  KeepAliveResponse,
  PipeCall,
  PipeRequest,
  PipeResponse,
  SessionCredential,
  SetContentsRequest,
} from '../../../src/wire/types.js';
import { FakeCell } from './fake-cell.js';

export const MIB = 1024 * 1024;
export const session: SessionCredential = { id: Buffer.alloc(8, 1), secret: Buffer.alloc(16, 2) };
export const same = (bytes: Buffer): Buffer => bytes;
export const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

export const pipeRequests = codecOf<PipeRequestFields, PipeRequest>('chubby.v1.PipeRequest');
export const pipeResponses = codecOf<PipeResponseFields, PipeResponse>('chubby.v1.PipeResponse');
export const keepAliveRequests = codecOf<KeepAliveRequestFields, KeepAliveRequest>('chubby.v1.KeepAliveRequest');
export const setContentsRequests = codecOf<SetContentsRequestFields, SetContentsRequest>(
  'chubby.v1.SetContentsRequest',
);

/** A whole request, as a client of ours sends it. */
export const setContents = (name: string, contents = Buffer.from('hello')): SetContentsRequest => ({
  context: null,
  name,
  contents,
  create: true,
  target: 'name',
});

export const pipeCall = (number: number, request = setContents(`/ls/local/f${number}`)): PipeCall => ({
  number,
  timeLimitMs: 0,
  setContents: request,
  call: 'setContents',
});

export const keepAliveAnswer = (answers: number): KeepAliveResponse => ({
  sessionId: session.id,
  answers,
  replyNumber: answers,
  leaseMs: 12_000,
  events: [],
});

/** The client port of a replica whose service is a {@link FakeCell}, and whatever connects to it in a test. */
export class ClientPort {
  cell = new FakeCell();
  /** Broken invariants that were reported. */
  broken: unknown[] = [];
  server!: ClientServer;
  port = 0;
  readonly #open: (() => void)[] = [];

  async start(limits: Partial<ClientPortLimits> = {}): Promise<void> {
    this.cell = new FakeCell();
    this.broken = [];
    const fatal = (error: unknown) => this.broken.push(error);
    const started = await ClientServer.start({ listen: '127.0.0.1:0', cell: this.cell, fatal, limits });
    this.server = started.server;
    this.port = started.port;
  }

  async restart(limits: Partial<ClientPortLimits>): Promise<void> {
    await this.server.close();
    await this.start(limits);
  }

  async close(): Promise<void> {
    for (const close of this.#open.splice(0)) close();
    await this.server.close();
  }

  /** Of our own client. */
  channel(options: GrpcChannelOptions = {}): GrpcChannel {
    const made = new GrpcChannel(`127.0.0.1:${this.port}`, options);
    this.#open.push(() => made.close());
    return made;
  }

  /** A gRPC client that is not ours: bytes out, bytes and status in. */
  stranger(): Client {
    const options = { 'grpc.use_local_subchannel_pool': 1 };
    const client = new Client(`127.0.0.1:${this.port}`, credentials.createInsecure(), options);
    this.#open.push(() => client.close());
    return client;
  }

  /** A unary call of a stranger. */
  unary(path: string, request: Buffer): Promise<Buffer | ServiceError> {
    return new Promise((resolve) => {
      this.stranger().makeUnaryRequest(path, same, same, request, new Metadata(), {}, (error, response) =>
        resolve(error ?? response!),
      );
    });
  }

  /** A bidirectional stream of a stranger, who reads when the test says so. */
  stream(method: 'Pipe' | 'KeepAlive') {
    const call = this.stranger().makeBidiStreamRequest(`/chubby.v1.Chubby/${method}`, same, same);
    const received: Buffer[] = [];
    const ended = new Promise<ServiceError | undefined>((resolve) => {
      call.on('error', (error: ServiceError) => resolve(error));
      call.on('end', () => setImmediate(() => resolve(undefined)));
    });
    return { call, received, ended, read: () => call.on('data', (bytes: Buffer) => received.push(bytes)) };
  }

  /** A connection whose owner writes HTTP/2 by hand: any bytes, on as many calls as it likes. */
  byHand() {
    const connection = connectHttp2(`http://127.0.0.1:${this.port}`);
    this.#open.push(() => connection.destroy());
    connection.on('error', () => undefined);
    const closed = new Promise<void>((resolve) => connection.on('close', resolve));
    return { closed, call: (path: string, headers = {}) => callByHand(connection, path, headers) };
  }

  /** A client that sends messages and reads nothing, not even what the window of one stream would let through. */
  sleeper(method: 'Pipe' | 'KeepAlive', messages: readonly Buffer[]): void {
    const connection = connectHttp2(`http://127.0.0.1:${this.port}`);
    this.#open.push(() => connection.destroy());
    connection.on('error', () => undefined);
    const request = connection.request({
      ':method': 'POST',
      ':path': `/chubby.v1.Chubby/${method}`,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    request.on('error', () => undefined);
    for (const message of messages) request.write(Buffer.concat([messagePrefix(message.length), message]));
  }

  /** A bare TCP connection. */
  socket(): { readonly socket: Socket; readonly closed: Promise<void> } {
    const socket = connect(this.port, '127.0.0.1');
    this.#open.push(() => socket.destroy());
    socket.on('error', () => undefined);
    socket.resume();
    return { socket, closed: new Promise((resolve) => socket.on('close', () => resolve())) };
  }

  /** That the server is as good as new after whatever was done to it. */
  async expectAlive(): Promise<void> {
    expect(await this.channel().call('getMaster', { waitMs: 0, otherThan: '' }, 5_000)).toMatchObject({
      response: { cell: 'test' },
    });
    expect(this.broken).toEqual([]);
  }
}

/** The end of a call made by hand: its gRPC status, and what its details say in between the bytes. */
export interface EndByHand {
  readonly code: number;
  readonly details: string;
}

function callByHand(connection: ClientHttp2Session, path: string, headers: object) {
  const stream = connection.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  let isOver = false;
  const ended = new Promise<EndByHand | 'reset'>((resolve) => {
    const look = (found: IncomingHttpHeaders): void => {
      if (found['grpc-status'] === undefined) return;
      isOver = true;
      const details = Buffer.from(String(found['grpc-status-details-bin'] ?? ''), 'base64').toString('latin1');
      resolve({ code: Number(found['grpc-status']), details });
    };
    stream.on('response', look);
    stream.on('trailers', look);
    stream.on('close', () => {
      isOver = true;
      resolve('reset');
    });
  });
  stream.on('error', () => undefined);
  return {
    ended,
    isOver: () => isOver,
    read: () => stream.resume(),
    write: (bytes: Buffer) => stream.write(bytes),
    end: () => stream.end(),
  };
}

/** A client port for each test of the file. */
export function clientPort(): ClientPort {
  const at = new ClientPort();
  beforeEach(() => at.start());
  afterEach(() => at.close());
  return at;
}
