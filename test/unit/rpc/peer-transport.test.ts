import { Client, credentials, status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { createServer as createHttp2Server } from 'node:http2';
import type { ServerHttp2Session } from 'node:http2';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Ballot, Incarnation, ReplicaId, Slot } from '../../../src/paxos/ballot.js';
import type { Value } from '../../../src/paxos/value.js';
import type { PeerFrame, PeerMessage } from '../../../src/replica/transport.js';
import { encodeFrame } from '../../../src/rpc/peer-codec.js';
import { LANES } from '../../../src/rpc/peer-lanes.js';
import { EXCHANGE_PATH, GrpcTransport } from '../../../src/rpc/peer-transport.js';
import type { GrpcTransportOptions } from '../../../src/rpc/peer-transport.js';
import { eventually } from './eventually.js';

const MIB = 1024 * 1024;
const id = (number: number) => number as ReplicaId;
const incarnation = '00000000000000aa' as Incarnation;
const ballot: Ballot = { round: 1, replicaId: id(1), incarnation };

const value = (sizeBytes: number) => Buffer.alloc(sizeBytes, 7) as Uint8Array as Value;
const accept = (slot: number, sizeBytes: number): PeerMessage => ({
  type: 'accept',
  ballot,
  slot: slot as Slot,
  value: value(sizeBytes),
  configurationNumber: 1,
  chosenUpTo: 0 as Slot,
  leaseMs: 600,
  transmission: slot,
  usesReserve: false,
});
const heartbeat = (transmission: number): PeerMessage => ({
  type: 'heartbeat',
  ballot,
  chosenUpTo: 0 as Slot,
  leaseMs: 600,
  transmission,
  configurationNumber: 1,
  usesReserve: false,
});
const catchUpReply = (records: number, sizeBytes: number): PeerMessage => ({
  type: 'catchUpReply',
  fromSlot: 1 as Slot,
  chosen: Array.from({ length: records }, (_, i) => ({ slot: (i + 1) as Slot, ballot, value: value(sizeBytes) })),
  chosenUpTo: records as Slot,
  firstSlot: 1 as Slot,
});
const frame = (from: number, to: number, ...messages: PeerMessage[]): PeerFrame => ({
  from: { replicaId: id(from), incarnation },
  to: { replicaId: id(to) },
  messages,
});

/** A replica's transport and all that it received. */
class Peer {
  readonly received: PeerMessage[] = [];
  private constructor(
    readonly transport: GrpcTransport,
    readonly port: number,
  ) {
    transport.onFrame((arrived) => this.received.push(...arrived.messages));
  }

  static async start(self: number, options: Partial<GrpcTransportOptions> = {}): Promise<Peer> {
    const { transport, port } = await GrpcTransport.start({
      self: id(self),
      listen: '127.0.0.1:0',
      peers: new Map(),
      ...options,
    });
    const peer = new Peer(transport, port);
    open.push(() => transport.close());
    return peer;
  }
}

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const local = (port: number) => `127.0.0.1:${port}`;
/** Of a port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('the transport between replicas', () => {
  it('carries frames both ways', async () => {
    const portOfTwo = await freePort();
    const one = await Peer.start(1, { peers: new Map([[id(2), local(portOfTwo)]]) });
    const two = await Peer.start(2, { listen: local(portOfTwo), peers: new Map([[id(1), local(one.port)]]) });
    await eventually(() => one.transport.isUp(id(2)) && two.transport.isUp(id(1)), 'all lanes are up');

    one.transport.send(frame(1, 2, accept(1, 64 * 1024), heartbeat(2)));
    two.transport.send(frame(2, 1, heartbeat(3)));
    await eventually(() => two.received.length === 2 && one.received.length === 1, 'the frames arrive');
    // The heartbeat has a connection of its own, and may overtake the value.
    expect(two.received).toHaveLength(2);
    expect(two.received).toEqual(expect.arrayContaining([accept(1, 64 * 1024), heartbeat(2)]));
    expect(one.received).toEqual([heartbeat(3)]);
    expect(one.transport.counts).toMatchObject({ sent: 2, dropped: 0, received: 1 });
  });

  it('spreads what is too large for one frame over several, in its order', async () => {
    const two = await Peer.start(2);
    const one = await Peer.start(1, { peers: new Map([[id(2), local(two.port)]]) });
    await eventually(() => one.transport.isUp(id(2)), 'the lane is up');
    const accepts = Array.from({ length: 10 }, (_, i) => accept(i + 1, MIB));
    one.transport.send(frame(1, 2, ...accepts));
    await eventually(() => two.received.length === 10, 'all accepts arrive');
    expect(two.received.map((message) => message.type === 'accept' && message.slot)).toEqual(
      accepts.map((_, i) => i + 1),
    );
    expect(one.transport.counts.sent).toBe(10);
  });

  it('drops frames while the peer is away, and finds it when it is back on the same port', async () => {
    const changes: string[] = [];
    const first = await GrpcTransport.start({ self: id(2), listen: local(0), peers: new Map() });
    const one = await Peer.start(1, {
      peers: new Map([[id(2), local(first.port)]]),
      laneChanged: (peer, lane, { up }) => changes.push(`${peer} ${lane} ${up ? 'up' : 'down'}`),
    });
    await eventually(() => changes.length === LANES.length, 'all lanes are up');
    await first.transport.close();
    await eventually(() => changes.length === 2 * LANES.length, 'all lanes are down');
    one.transport.send(frame(1, 2, heartbeat(1)));
    expect(one.transport.counts).toMatchObject({ sent: 0, dropped: 1 });

    const again = await Peer.start(2, { listen: local(first.port) });
    await eventually(() => one.transport.isUp(id(2)), 'the lane is up again', 3_000);
    one.transport.send(frame(1, 2, heartbeat(2)));
    await eventually(() => again.received.length === 1, 'the frame arrives');
    expect(again.received).toEqual([heartbeat(2)]);
    expect(changes.slice(0, 6).sort()).toEqual([
      '2 bulk down',
      '2 bulk up',
      '2 control down',
      '2 control up',
      '2 values down',
      '2 values up',
    ]);
  });

  it('keeps no more than its bound for a peer that does not read', async () => {
    const sleeper = await startSleeper();
    const up: string[] = [];
    const one = await Peer.start(1, {
      peers: new Map([[id(2), local(sleeper.port)]]),
      queueBytes: { control: 4 * MIB, values: 4 * MIB, bulk: 4 * MIB },
      laneChanged: (_peer, lane) => up.push(lane),
    });
    await eventually(() => up.length === LANES.length, 'all lanes are up');
    for (let slot = 1; slot <= 50; slot++) one.transport.send(frame(1, 2, accept(slot, MIB)));
    expect(one.transport.counts).toMatchObject({ sent: 3, dropped: 47 });
    // Each lane has a bound of its own.
    one.transport.send(frame(1, 2, catchUpReply(1, MIB)));
    expect(one.transport.counts).toMatchObject({ sent: 4 });
  });

  it('lets neither bulk nor values delay a heartbeat', async () => {
    const sleeper = await startSleeper({ readsUpTo: 64 * 1024 });
    const up: string[] = [];
    const one = await Peer.start(1, {
      peers: new Map([[id(2), local(sleeper.port)]]),
      laneChanged: (_peer, lane) => up.push(lane),
    });
    await eventually(() => up.length === LANES.length, 'all lanes are up');
    one.transport.send(frame(1, 2, catchUpReply(8, 128 * 1024), heartbeat(1)));
    await eventually(() => sleeper.streams.some((bytes) => bytes >= 64 * 1024), 'the bulk lane is stuck');
    const before = sleeper.streams.reduce((sum, bytes) => sum + bytes, 0);
    one.transport.send(frame(1, 2, catchUpReply(8, 128 * 1024), accept(1, MIB)));
    one.transport.send(frame(1, 2, heartbeat(2)));
    await eventually(() => sleeper.streams.reduce((sum, bytes) => sum + bytes, 0) > before, 'the heartbeat arrives');
  });

  it('notices a connection that only looks alive, and dials anew', async () => {
    const two = await Peer.start(2);
    const proxy = await startProxy(two.port);
    const changes: string[] = [];
    const one = await Peer.start(1, {
      peers: new Map([[id(2), local(proxy.port)]]),
      timings: { pingMs: 50, connectMs: 200 },
      laneChanged: (_peer, lane, { up, cause }) => changes.push(`${lane} ${up ? 'up' : cause}`),
    });
    await eventually(() => changes.length === LANES.length, 'all lanes are up');
    proxy.swallow = true;
    await eventually(() => changes.includes('control two pings unanswered'), 'the silence is noticed', 2_000);
    expect(one.transport.isUp(id(2))).toBe(false);
    proxy.swallow = false;
    await eventually(() => one.transport.isUp(id(2)), 'the lane is up again', 3_000);
    one.transport.send(frame(1, 2, heartbeat(1)));
    await eventually(() => two.received.length === 1, 'the frame arrives');
  });

  it('stays up while nothing is said, as long as it pings', async () => {
    const changes: string[] = [];
    const laneChanged = (_peer: ReplicaId, lane: string, { up }: { readonly up: boolean }) =>
      changes.push(`${lane} ${up ? 'up' : 'down'}`);
    const two = await Peer.start(2, { limits: { idleMs: 300 } });
    const peers = new Map([[id(2), local(two.port)]]);
    await Peer.start(1, { peers, laneChanged, timings: { pingMs: 30 } });
    await eventually(() => changes.length === LANES.length, 'all lanes are up');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(changes).toHaveLength(LANES.length);
    await Peer.start(3, { peers, laneChanged, timings: { pingMs: 60_000 } });
    await eventually(() => changes.includes('control down'), 'who does not ping is gone');
  });

  it('says which address it cannot have', async () => {
    const two = await Peer.start(2);
    const start = GrpcTransport.start({ self: id(1), listen: local(two.port), peers: new Map() });
    await expect(start).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(GrpcTransport.start({ self: id(1), listen: 'nowhere', peers: new Map() })).rejects.toThrow(RangeError);
  });
});

describe('the peer port', () => {
  /** A gRPC client of the peer port that sends bytes of its own choice. */
  function dial(port: number) {
    const client = new Client(local(port), credentials.createInsecure());
    open.push(() => client.close());
    const same = (bytes: Buffer) => bytes;
    const call = client.makeBidiStreamRequest(EXCHANGE_PATH, same, same);
    const ended = new Promise<number>((resolve) => call.on('error', (error: ServiceError) => resolve(error.code)));
    return { call, ended };
  }

  it('drops frames for another replica and takes the next one', async () => {
    const two = await Peer.start(2);
    const { call, ended } = dial(two.port);
    void ended;
    call.write(encodeFrame(frame(1, 3, heartbeat(1))));
    call.write(encodeFrame(frame(1, 2, heartbeat(2))));
    await eventually(() => two.received.length === 1, 'the second frame arrives');
    expect(two.received).toEqual([heartbeat(2)]);
    expect(two.transport.counts).toMatchObject({ received: 1, misaddressed: 1 });
  });

  it('makes nobody answer a replica that there is not', async () => {
    const two = await Peer.start(2);
    two.transport.send(frame(2, 99, heartbeat(1)));
    expect(two.transport.counts).toMatchObject({ sent: 0, dropped: 1 });
  });

  it('ends the stream of a frame that is none, once, however much follows', async () => {
    const two = await Peer.start(2);
    const one = await Peer.start(1, { peers: new Map([[id(2), local(two.port)]]) });
    const { call, ended } = dial(two.port);
    for (let i = 0; i < 50; i++) call.write(Buffer.alloc(10_000, 0xff));
    call.end();
    expect(await ended).toBe(status.INVALID_ARGUMENT);
    expect(two.transport.counts.malformed).toBe(1);
    await expectAlive(one, two);
  });

  it('ends the stream of a frame that is none, and only that', async () => {
    const two = await Peer.start(2);
    const one = await Peer.start(1, { peers: new Map([[id(2), local(two.port)]]) });
    const { call, ended } = dial(two.port);
    call.write(Buffer.from('no frame at all'));
    expect(await ended).toBe(status.INVALID_ARGUMENT);
    expect(two.transport.counts.malformed).toBe(1);
    await expectAlive(one, two);
  });

  it('refuses a frame over its bound without keeping it', async () => {
    const two = await Peer.start(2);
    const one = await Peer.start(1, { peers: new Map([[id(2), local(two.port)]]) });
    const { call, ended } = dial(two.port);
    call.write(Buffer.alloc(5 * MIB));
    expect(await ended).toBe(status.INVALID_ARGUMENT);
    await expectAlive(one, two);
  });

  it('closes a connection that calls nothing, and none that carries frames', async () => {
    const two = await Peer.start(2, { limits: { silenceMs: 100 } });
    const changes: string[] = [];
    const one = await Peer.start(1, {
      peers: new Map([[id(2), local(two.port)]]),
      laneChanged: (_peer, lane) => changes.push(lane),
    });
    const socket = connect(two.port, '127.0.0.1');
    await new Promise((resolve) => socket.resume().on('close', resolve));
    await expectAlive(one, two);
    expect(changes).toHaveLength(LANES.length);
  });

  it('answers no other method', async () => {
    const two = await Peer.start(2);
    const client = new Client(local(two.port), credentials.createInsecure());
    open.push(() => client.close());
    const same = (bytes: Buffer) => bytes;
    const call = client.makeBidiStreamRequest('/chubby.v1.Chubby/Pipe', same, same);
    const code = await new Promise((resolve) => call.on('error', (error: ServiceError) => resolve(error.code)));
    expect(code).toBe(status.UNIMPLEMENTED);
  });

  it('closes a connection that is no HTTP/2, and stays up', async () => {
    const two = await Peer.start(2);
    const one = await Peer.start(1, { peers: new Map([[id(2), local(two.port)]]) });
    for (const bytes of [Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.alloc(10_000, 0xff)]) {
      const socket = connect(two.port, '127.0.0.1');
      socket.on('error', () => undefined);
      const closed = new Promise((resolve) => socket.on('close', resolve));
      socket.resume().write(bytes);
      await closed;
    }
    await expectAlive(one, two);
  });

  async function expectAlive(one: Peer, two: Peer): Promise<void> {
    await eventually(() => one.transport.isUp(id(2)), 'the lane is up');
    one.transport.send(frame(1, 2, heartbeat(99)));
    await eventually(() => two.received.length === 1, 'the frame arrives');
    expect(two.received).toEqual([heartbeat(99)]);
  }
});

/** A peer that takes streams and reads each of them up to a point, then never again. */
async function startSleeper({ readsUpTo = 0 } = {}): Promise<{ readonly port: number; readonly streams: number[] }> {
  const streams: number[] = [];
  const server = createHttp2Server();
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream) => {
    const index = streams.push(0) - 1;
    stream.on('error', () => undefined);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    if (readsUpTo === 0) return;
    stream.on('data', (chunk: Buffer) => {
      streams[index]! += chunk.length;
      if (streams[index]! >= readsUpTo) stream.pause();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, streams };
}

/** Forwards bytes to a port; while it swallows, nothing of any connection gets through and nothing ends. */
async function startProxy(target: number): Promise<{ readonly port: number; swallow: boolean }> {
  const sockets = new Set<Socket>();
  const proxy = { port: 0, swallow: false };
  const forward = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.on('data', (bytes) => {
      if (!proxy.swallow) to.write(bytes);
    });
    from.on('error', () => undefined);
    from.on('close', () => to.destroy());
  };
  const server = createServer((inner) => {
    const outer = connect(target, '127.0.0.1');
    forward(inner, outer);
    forward(outer, inner);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  proxy.port = (server.address() as AddressInfo).port;
  return proxy;
}
