import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { connect as connectHttp2, constants } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { ClientServer } from '../../../src/rpc/client-server.js';
import { messagePrefix } from '../../../src/rpc/grpc-framing.js';
import { LIMITS } from '../../../src/wire/limits.js';
import { clientPort, MIB, numbers, pipeCall, pipeRequests, session } from './client-port.js';
import { eventually } from './eventually.js';

const at = clientPort();
const PIPE = '/chubby.v1.Chubby/Pipe';
const framed = (message: Buffer): Buffer => Buffer.concat([messagePrefix(message.length), message]);

describe('the client port', () => {
  it('closes a connection that is no HTTP/2', async () => {
    for (const bytes of [Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), Buffer.alloc(100_000, 0xff)]) {
      const { socket, closed } = at.socket();
      socket.write(bytes);
      await closed;
    }
    await at.expectAlive();
  });

  it('closes a connection that breaks HTTP/2', async () => {
    // nghttp2 says GOAWAY and leaves it to the other side to close: the silence that follows is what ends it.
    await at.restart({ silenceMs: 200 });
    const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    const frame = (type: number, flags: number, id: number, payload: Buffer) => {
      const head = Buffer.alloc(9);
      head.writeUIntBE(payload.length, 0, 3);
      head[3] = type;
      head[4] = flags;
      head.writeUInt32BE(id, 5);
      return Buffer.concat([head, payload]);
    };
    const settings = frame(4, 0, 0, Buffer.alloc(0));
    const attacks = [
      frame(8, 0, 0, Buffer.from([0x7f, 0xff, 0xff, 0xff])), // a window beyond its maximum
      frame(9, 4, 1, Buffer.from('82')), // a continuation of nothing
      frame(0, 0, 1, Buffer.alloc(10)), // data on a stream that is not open
      frame(1, 4, 1, Buffer.alloc(50, 0xff)), // headers that cannot be decompressed
    ];
    for (const attack of attacks) {
      const { socket, closed } = at.socket();
      socket.write(Buffer.concat([preface, settings, attack]));
      await closed;
    }
    await at.expectAlive();
  });

  it('bears calls that are reset as soon as they are made', async () => {
    const http2 = connectHttp2(`http://127.0.0.1:${at.port}`);
    http2.on('error', () => undefined);
    for (let i = 0; i < 3_000 && !http2.destroyed; i++) {
      const request = http2.request({ ':method': 'POST', ':path': '/chubby.v1.Chubby/GetMaster' });
      request.on('error', () => undefined);
      request.close(constants.NGHTTP2_CANCEL);
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    http2.destroy();
    await at.expectAlive();
  });

  it('closes a connection that says nothing', async () => {
    await at.restart({ silenceMs: 200 });
    await at.socket().closed;
    expect(at.server.counts.cut).toBe(1);
    await at.expectAlive();
  });

  it('ends a call that says nothing, and no other of its connection', async () => {
    await at.restart({ silenceMs: 200 });
    const { call } = at.byHand();
    const [silent, other] = [call(PIPE), call(PIPE)];
    other.write(framed(pipeRequests.encode({ session })));
    expect(await silent.ended).toMatchObject({
      code: status.DEADLINE_EXCEEDED,
      details: expect.stringContaining('REQUEST_INCOMPLETE'),
    });
    other.write(framed(pipeRequests.encode({ calls: [pipeCall(1)] })));
    await eventually(() => at.cell.calls.length === 1, 'the other goes on');
    expect(at.server.counts.cut).toBe(0);
  });

  it('leaves a connection in peace that has said something', async () => {
    await at.restart({ silenceMs: 100 });
    const { call, read } = at.stream('Pipe');
    read();
    call.write(pipeRequests.encode({ session }));
    await new Promise((resolve) => setTimeout(resolve, 400));
    call.write(pipeRequests.encode({ calls: [pipeCall(1)] }));
    await eventually(() => at.cell.calls.length === 1, 'the call arrives');
    expect(at.server.counts.cut).toBe(0);
  });

  it('takes no more connections than its bounds', async () => {
    await at.restart({ connectionsPerAddress: 3 });
    const sockets = [at.socket(), at.socket(), at.socket()];
    await eventually(() => at.server.counts.open === 3, 'three are open');
    await at.socket().closed;
    expect(at.server.counts).toMatchObject({ open: 3, refused: 1 });
    sockets[0]!.socket.destroy();
    await eventually(() => at.server.counts.open === 2, 'one is gone');
    await at.expectAlive();
  });

  it('refuses a compressed message without inflating it', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MIB));
    const prefixed = Buffer.concat([Buffer.from([1]), Buffer.alloc(4), bomb]);
    prefixed.writeUInt32BE(bomb.length, 1);
    const call = at.byHand().call('/chubby.v1.Chubby/SetContents', { 'grpc-encoding': 'gzip' });
    call.write(prefixed);
    expect(await call.ended).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringContaining('MALFORMED_REQUEST'),
    });
    await at.expectAlive();
  });

  it.each<[string, string, object]>([
    ['a path of any bytes', '/\u00e9\u00ff/%zz', {}],
    ['a path as long as headers may be', `/${'\u00e9'.repeat(10_000)}`, {}],
    ['a deadline that is none', PIPE, { 'grpc-timeout': '%soon%' }],
    ['an encoding that nobody knows', PIPE, { 'grpc-encoding': '%zip%' }],
    ['metadata that are no base64', PIPE, { 'x-bin': '%', 'grpc-status-details-bin': '!' }],
  ])('bears a call with %s', async (_what, path, headers) => {
    const { call } = at.byHand();
    const stranger = call(path, headers);
    stranger.write(Buffer.from([1, 0, 0, 0, 1, 0]));
    stranger.end();
    await stranger.ended;
    await at.expectAlive();
  });

  it('serves 64 callers who read the largest file at once', async () => {
    const contents = Buffer.alloc(LIMITS.contentsBytes, 7);
    at.cell.answer = () => ({ response: { contents, stat: null } });
    const way = at.channel();
    const request = { context: null, name: '/a', target: 'name' as const };
    for (let round = 0; round < 3; round++) {
      const outcomes = await Promise.all(numbers(0, 64).map(() => way.call('getContentsAndStat', request, 20_000)));
      expect(outcomes.filter((outcome) => 'failure' in outcome)).toEqual([]);
    }
  });

  it('says which address it cannot have', async () => {
    const startAt = (listen: string) => ClientServer.start({ listen, cell: at.cell, fatal: () => undefined });
    await expect(startAt(`127.0.0.1:${at.port}`)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(startAt(':7101')).rejects.toThrow(RangeError);
  });
});
