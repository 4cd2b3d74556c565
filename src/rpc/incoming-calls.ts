import { Duplex } from 'node:stream';
import type { ServerHttp2Stream } from 'node:http2';
import { ServerInterceptingCall } from '@grpc/grpc-js';
import type { Metadata, ServerInterceptingCallInterface, ServerInterceptor } from '@grpc/grpc-js';
import { assert } from '../common/assert.js';
import { refusal } from '../wire/errors.js';
import type { ClientPortLimits } from '../wire/limits.js';
import type { ConnectionGuard } from './connection-guard.js';
import { Deadlines } from './deadlines.js';
import { IncomingCall } from './incoming-call.js';
import type { CallSurroundings } from './incoming-call.js';

/** The calls open on one connection. */
interface Connection {
  readonly calls: Set<IncomingCall>;
  heldBytes: number;
}

/**
 * Every call of a server while its bytes come in. A call is ended that says nothing, begins a message and does not end
 * it, or is the one of which most is held when too much is; a connection with other calls outlives it. (DESIGN 6)
 */
export class IncomingCalls {
  readonly #limits: ClientPortLimits;
  readonly #guard: ConnectionGuard;
  readonly #around: CallSurroundings;
  /** By the name that grpc-js gives the other end. */
  readonly #connections = new Map<string, Connection>();
  /** By their metadata, which is all that grpc-js hands to interceptors and to handlers alike. */
  readonly #calls = new WeakMap<Metadata, IncomingCall>();
  #heldBytes = 0;

  /** To be given to the grpc-js server whose calls these are. */
  readonly interceptor: ServerInterceptor = (method, call) => {
    const incoming = this.#begin(call, method.requestStream);
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, pass) => {
            this.#calls.set(metadata, incoming);
            pass(metadata);
          },
          onReceiveHalfClose: (pass) => {
            incoming.requestEnded();
            pass();
          },
        }),
    });
  };

  /** @param guard of the connections; a connection of which no call is left may be cut off there */
  constructor(limits: ClientPortLimits, guard: ConnectionGuard) {
    this.#limits = limits;
    this.#guard = guard;
    this.#around = {
      silent: new Deadlines(limits.silenceMs, (call) => call.fail(refusal('REQUEST_INCOMPLETE', 'no request came'))),
      unfinished: new Deadlines(limits.messageMs, (call) => this.#late(call)),
      ending: new Deadlines(limits.drainMs, (call) => this.abandon(call)),
      held: (call, bytes) => this.#held(call, bytes),
      closed: (call) => this.#closed(call),
    };
  }

  /** What came of all calls and is in nobody's hands yet. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** The call behind what grpc-js gives a handler. */
  of({ metadata }: { readonly metadata: Metadata }): IncomingCall {
    const call = this.#calls.get(metadata);
    assert(call !== undefined, 'every call comes through the interceptor');
    return call;
  }

  /** Ends a call whose other end takes nothing, and its connection if that is all there is of it. */
  abandon(call: IncomingCall): void {
    const isLast = this.#connections.get(call.peer)?.calls.size === 1;
    call.cut(refusal('SLOW_CONSUMER', 'replies were not read in time'));
    if (isLast) this.#guard.cutOff(call.peer);
  }

  /** Forgets all waits. */
  close(): void {
    this.#around.silent.clear();
    this.#around.unfinished.clear();
    this.#around.ending.clear();
  }

  #begin(call: ServerInterceptingCallInterface, isStream: boolean): IncomingCall {
    const peer = call.getPeer();
    this.#guard.callArrived(peer);
    const incoming = new IncomingCall(peer, isStream, call, streamOf(call), this.#around);
    const connection = this.#connections.get(peer) ?? { calls: new Set(), heldBytes: 0 };
    connection.calls.add(incoming);
    this.#connections.set(peer, connection);
    return incoming;
  }

  #late(call: IncomingCall): void {
    if (call.isReading) call.fail(refusal('REQUEST_INCOMPLETE', 'a message was begun and not ended in time'));
    else this.#around.unfinished.begin(call);
  }

  #held(call: IncomingCall, bytes: number): void {
    const connection = this.#connections.get(call.peer);
    if (connection === undefined) return;
    connection.heldBytes += bytes;
    this.#heldBytes += bytes;
    if (connection.heldBytes > this.#limits.heldBytesPerConnection) cutFullest(connection);
    if (this.#heldBytes > this.#limits.heldBytes) cutFullest(fullest(this.#connections.values()));
  }

  #closed(call: IncomingCall): void {
    const connection = this.#connections.get(call.peer);
    connection?.calls.delete(call);
    if (connection?.calls.size === 0) this.#connections.delete(call.peer);
  }
}

function cutFullest({ calls }: Connection): void {
  const call = fullest(calls);
  call.cut(refusal('LIMIT_PENDING', `${call.heldBytes} bytes of requests are not whole, or not looked at yet`));
}

/** That of which most is held; there is one. */
function fullest<Holder extends { readonly heldBytes: number }>(holders: Iterable<Holder>): Holder {
  let most: Holder | undefined;
  for (const holder of holders) if (most === undefined || holder.heldBytes > most.heldBytes) most = holder;
  assert(most !== undefined, 'what is held is held by somebody');
  return most;
}

/** grpc-js keeps to itself what it reads a call from, and gives no other way to see bytes before they are messages. */
function streamOf(call: ServerInterceptingCallInterface): ServerHttp2Stream {
  const stream: unknown = 'stream' in call ? call.stream : undefined;
  assert(isServerStream(stream), 'a call of this version of grpc-js has its HTTP/2 stream in a field of that name');
  return stream;
}

const isServerStream = (value: unknown): value is ServerHttp2Stream =>
  value instanceof Duplex && 'headersSent' in value;
