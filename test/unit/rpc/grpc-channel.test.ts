import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { Metadata, status } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { failureOf } from '../../../src/client/grpc/failure-of-status.js';
import { GrpcChannel } from '../../../src/client/grpc/grpc-channel.js';
import { ClientServer } from '../../../src/rpc/client-server.js';
import { statusOf } from '../../../src/rpc/status-details.js';
import { refusal } from '../../../src/wire/errors.js';
import type { Failure } from '../../../src/wire/types.js';
import { pipeCall, session } from './client-port.js';
import { eventually } from './eventually.js';
import { FakeCell } from './fake-cell.js';

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const startServer = async (port = 0) => {
  const cell = new FakeCell();
  const fatal = (error: unknown) => expect.unreachable(String(error));
  const started = await ClientServer.start({ listen: `127.0.0.1:${port}`, cell, fatal });
  return { ...started, cell };
};

const channelTo = (port: number, connectMs?: number): GrpcChannel => {
  const channel = new GrpcChannel(`127.0.0.1:${port}`, connectMs === undefined ? {} : { connectMs });
  open.push(() => channel.close());
  return channel;
};

/** Takes connections and says nothing. */
async function startMute(came: () => void = () => undefined): Promise<number> {
  const sockets = new Set<Socket>();
  const mute = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    came();
  });
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    for (const socket of sockets) socket.destroy();
    mute.close();
  });
  return (mute.address() as AddressInfo).port;
}

describe('a channel over gRPC', () => {
  it('says at once that nobody listens', async () => {
    const { server, port } = await startServer();
    await server.close();
    const startMs = performance.now();
    const outcome = await channelTo(port).call('getMaster', { waitMs: 0, otherThan: '' }, 10_000);
    const message = `no connection to 127.0.0.1:${port}: connection refused`;
    expect(outcome).toMatchObject({ failure: { reason: 'UNREACHABLE', code: status.UNAVAILABLE, message } });
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });

  it('finds a replica that comes back on its port', async () => {
    const first = await startServer();
    const channel = channelTo(first.port);
    expect(await channel.call('getMaster', { waitMs: 0, otherThan: '' }, 5_000)).toHaveProperty('response');
    await first.server.close();
    expect(await channel.call('getMaster', { waitMs: 0, otherThan: '' }, 5_000)).toHaveProperty('failure');
    const again = await startServer(first.port);
    open.push(() => again.server.close());
    let answered = false;
    for (let attempt = 0; attempt < 50 && !answered; attempt++) {
      answered = 'response' in (await channel.call('getMaster', { waitMs: 0, otherThan: '' }, 1_000));
      if (!answered) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(answered).toBe(true);
  });

  it('gives up an attempt to connect that nobody answers, and makes another', async () => {
    const channel = channelTo(await startMute(), 200);
    const closed: Failure[] = [];
    const pipe = channel.openPipe(session, { replies: () => undefined, closed: (failure) => closed.push(failure) });
    pipe.send([pipeCall(1)], 0);
    await eventually(() => closed.length === 1, 'the pipe is given up', 3_000);
    expect(closed).toMatchObject([{ reason: 'UNREACHABLE' }]);
    expect(await channel.call('getMaster', { waitMs: 0, otherThan: '' }, 10_000)).toMatchObject({
      failure: { reason: 'UNREACHABLE' },
    });
  });

  it('gives a replica that is slow to answer more time with each attempt', async () => {
    const cameMs: number[] = [];
    const port = await startMute(() => cameMs.push(performance.now()));
    const channel = channelTo(port, 100);
    while (cameMs.length < 4) await channel.call('getMaster', { waitMs: 0, otherThan: '' }, 20);
    const [, second, third] = cameMs.slice(1).map((atMs, i) => atMs - cameMs[i]!);
    expect(second).toBeGreaterThan(150);
    expect(third).toBeGreaterThan(300);
  });

  it('fails all that is open when it is closed', async () => {
    const { server, port } = await startServer();
    open.push(() => server.close());
    const channel = channelTo(port);
    const closed: string[] = [];
    const handlers = (what: string) => ({
      replies: () => undefined,
      answered: () => undefined,
      closed: ({ reason }: Failure) => closed.push(`${what} ${reason}`),
    });
    channel.openPipe(session, handlers('pipe'));
    channel.openKeepAlive(handlers('keepAlive'));
    const call = channel.call('closeSession', { session }, 60_000);
    await channel.call('getMaster', { waitMs: 0, otherThan: '' }, 5_000);
    channel.close();
    expect(await call).toMatchObject({ failure: { reason: 'UNREACHABLE' } });
    await eventually(() => closed.length === 2, 'both streams are closed');
    expect(closed.sort()).toEqual(['keepAlive UNREACHABLE', 'pipe UNREACHABLE']);
  });

  it('tells nothing of a stream that was closed by its own side', async () => {
    const { server, port, cell } = await startServer();
    open.push(() => server.close());
    const told: unknown[] = [];
    const pipe = channelTo(port).openPipe(session, {
      replies: (all) => told.push(all),
      closed: (why) => told.push(why),
    });
    pipe.send([pipeCall(1)], 0);
    await eventually(() => cell.calls.length === 1, 'the call arrives');
    cell.calls[0]!.respond({ failure: refusal('NOT_FOUND', 'nothing there') });
    pipe.close();
    await eventually(() => server.counts.queuedBytes === 0, 'the server has nothing to say');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(told).toEqual([]);
  });
});

describe('the failure of a status', () => {
  it('is the one that the cell put into it', () => {
    const failure = refusal('LIMIT_PENDING', 'too much to do', { 'retry-after-ms': '120', 'chubby-master': 'a:1' });
    expect(failureOf(statusOf(failure), 'a:1')).toEqual(failure);
  });

  it('is cut to a bearable length', () => {
    const failure = failureOf(statusOf(refusal('MALFORMED_NAME', 'x'.repeat(100_000))), 'a:1');
    expect(failure.message).toBe('x'.repeat(500));
  });

  it('keeps its reason when its text ends in half of a character', () => {
    const failure = failureOf(statusOf(refusal('NOT_FOUND', 'a'.repeat(499) + '\u{1F600}')), 'a:1');
    expect(failure).toMatchObject({ reason: 'NOT_FOUND', message: `${'a'.repeat(499)}?` });
  });

  it('leaves out of the metadata what gRPC does not take there, and keeps it in the details', () => {
    const failure = refusal('NOT_MASTER', 'not here', { 'chubby-master': 'zürich:7101' });
    expect(statusOf(failure).metadata.get('chubby-master')).toEqual([]);
    expect(failureOf(statusOf(failure), 'a:1')).toEqual(failure);
  });

  it.each([
    ['No connection established. Last error: Error: connect ECONNREFUSED 10.0.0.1:7101', ': connection refused'],
    ['read EPROTO', ': EPROTO'],
    ['Connection dropped', ''],
  ])('without a connection is one plain sentence: %s', (details, cause) => {
    const metadata = new Metadata();
    const failure = failureOf({ code: status.UNAVAILABLE, details, metadata }, 'a:1');
    expect(failure).toMatchObject({ reason: 'UNREACHABLE', message: `no connection to a:1${cause}` });
  });

  const withDetails = (details: Buffer) => {
    const metadata = new Metadata();
    metadata.set('grpc-status-details-bin', details);
    return { code: status.NOT_FOUND, details: 'from elsewhere', metadata };
  };

  it.each<[string, Buffer]>([
    ['damaged details', Buffer.alloc(20, 0xff)],
    ['details of another domain', Buffer.from('0805120474657874', 'hex')],
  ])('of %s is nothing that a cell says', (_what, details) => {
    expect(failureOf(withDetails(details), 'a:1')).toMatchObject({ reason: 'PROTOCOL', code: status.NOT_FOUND });
  });
});
