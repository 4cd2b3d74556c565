import { status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../src/client/grpc/failure-of-status.js';
import { refusal } from '../../../src/wire/errors.js';
import { clientPort, MIB, session, setContents, setContentsRequests } from './client-port.js';
import { unencodable, written } from './fake-cell.js';

const at = clientPort();

describe('a unary call', () => {
  it('reaches the service with its envelope, and its answer the caller', async () => {
    at.cell.answer = () => written(77);
    const request = {
      ...setContents('/ls/local/a'),
      context: { session, number: 5, acknowledged: 3 },
      ifContentGeneration: 9,
    };
    expect(await at.channel().call('setContents', request, 5_000)).toEqual(written(77));
    const [made] = at.cell.calls;
    expect(made!.call).toMatchObject({ name: 'setContents', credential: session, number: 5, acknowledged: 3 });
    expect(made!.call.request).toMatchObject({ name: '/ls/local/a', ifContentGeneration: 9, create: true });
    expect(made!.call.timeLimitMs).toBeGreaterThan(4_000);
    expect(made!.call.timeLimitMs).toBeLessThanOrEqual(5_000);
  });

  it('without a deadline has no time limit, and without a context no session', async () => {
    at.cell.answer = () => written(1);
    await at.unary('/chubby.v1.Chubby/SetContents', setContentsRequests.encode({ name: '/ls/local/a' }));
    expect(at.cell.calls[0]!.call).toMatchObject({ credential: undefined, number: 0, acknowledged: 0, timeLimitMs: 0 });
  });

  it('of a session that stands in no context finds it all the same', async () => {
    at.cell.answer = () => ({ response: {} });
    await at.channel().call('closeSession', { session }, 5_000);
    expect(at.cell.calls[0]!.call).toMatchObject({ name: 'closeSession', credential: session });
  });

  it('exists for every call of the service', async () => {
    const called = ['createSession', 'open', 'close', 'getContentsAndStat', 'getStat', 'readDir', 'delete', 'acquire'];
    called.push('tryAcquire', 'release', 'cancel', 'getSequencer', 'checkSequencer');
    at.cell.answer = () => ({ failure: refusal('NOT_FOUND', 'nothing there') });
    for (const name of called) {
      const method = name.charAt(0).toUpperCase() + name.slice(1);
      expect(await at.unary(`/chubby.v1.Chubby/${method}`, Buffer.alloc(0))).toMatchObject({ code: status.NOT_FOUND });
    }
    expect(at.cell.calls.map(({ call }) => call.name)).toEqual(called);
  });

  it('of service Admin reaches the service with the address that it comes from', async () => {
    at.cell.adminReply = { response: { ended: true } };
    const id = Buffer.alloc(8, 5);
    expect(await at.channel().call('endSession', { id }, 5_000)).toEqual({ response: { ended: true } });
    const [made] = at.cell.adminCalls;
    expect(made!.call).toEqual({ name: 'endSession', request: { id } });
    expect(made!.caller).toEqual({ principal: 'anybody', address: expect.stringMatching(/^127[.]0[.]0[.]1:\d+$/) });
    at.cell.adminReply = { failure: refusal('NOT_FOUND', 'nothing there') };
    for (const method of ['ListSessions', 'ListLocks', 'Explain', 'RotateKeys']) {
      expect(await at.unary(`/chubby.v1.Admin/${method}`, Buffer.alloc(0))).toMatchObject({ code: status.NOT_FOUND });
    }
    expect(at.cell.adminCalls.map(({ call }) => call.name).slice(1)).toEqual([
      'listSessions',
      'listLocks',
      'explain',
      'rotateKeys',
    ]);
  });

  it('about the cell and the replica needs no master', async () => {
    const way = at.channel();
    expect(await way.call('getMaster', { waitMs: 0, otherThan: '' }, 5_000)).toMatchObject({
      response: at.cell.masterLocation(),
    });
    expect(await way.call('getStatus', {}, 5_000)).toMatchObject({ response: at.cell.status() });
  });

  it('that is refused carries reason, text, metadata and the master in its status', async () => {
    const failure = refusal('NOT_MASTER', 'replica 2 is not the master', { 'chubby-master': '127.0.0.1:7103' });
    at.cell.answer = () => ({ failure });
    expect(await at.channel().call('setContents', setContents('/ls/local/a'), 5_000)).toEqual({ failure });

    const error = await at.unary('/chubby.v1.Chubby/SetContents', Buffer.alloc(0));
    expect(error).toMatchObject({ code: status.FAILED_PRECONDITION, details: 'replica 2 is not the master' });
    expect((error as ServiceError).metadata.get('chubby-master')).toEqual(['127.0.0.1:7103']);
  });

  it.each<[string, Buffer]>([
    ['random bytes', Buffer.from('ffffffffff0102030405', 'hex')],
    ['groups within groups within groups', Buffer.alloc(100_000, 0x7b)],
    ['a text that is not UTF-8', Buffer.from('1a02c328', 'hex')],
    ['a number beyond 2^53', setContentsRequests.encode({ name: '/a', ifContentGeneration: '9007199254740992' })],
  ])('of %s is refused as malformed', async (_what, bytes) => {
    const error = await at.unary('/chubby.v1.Chubby/SetContents', bytes);
    expect(error).toMatchObject({ code: status.INVALID_ARGUMENT });
    expect((error as ServiceError).metadata.get('grpc-status-details-bin').toString()).toContain('MALFORMED_REQUEST');
    expect(at.cell.calls).toEqual([]);
  });

  it('takes the largest number there is', async () => {
    at.cell.answer = () => written(Number.MAX_SAFE_INTEGER);
    const request = { ...setContents('/a'), ifContentGeneration: Number.MAX_SAFE_INTEGER };
    expect(await at.channel().call('setContents', request, 5_000)).toEqual(written(Number.MAX_SAFE_INTEGER));
    expect(at.cell.calls[0]!.call.request).toMatchObject({ ifContentGeneration: Number.MAX_SAFE_INTEGER });
  });

  it('larger than a message may be is refused with the reason and a remedy, and the server stays up', async () => {
    const request = setContentsRequests.encode({ name: '/a', contents: Buffer.alloc(2 * MIB) });
    const error = await at.unary('/chubby.v1.Chubby/SetContents', request);
    expect(error).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    const details = (error as ServiceError).metadata.get('grpc-status-details-bin').toString();
    expect(details).toContain('TOO_LARGE');
    expect(details).toContain('send less in one request');
    const outcome = await at.channel().call('setContents', setContents('/a', Buffer.alloc(2 * MIB)), 5_000);
    expect(outcome).toMatchObject({ failure: { reason: 'TOO_LARGE', code: status.RESOURCE_EXHAUSTED } });
    expect(at.cell.calls).toEqual([]);
    await at.expectAlive();
  });

  it.each([
    ['ends in half of a character', `${'a'.repeat(499)}${'\u{1F600}'.repeat(250)}`],
    ['is half a character', '\uD83D'],
    ['has control characters', 'a\u0000b\r\nc\u007f%'],
    ['is as long as it may be in an alphabet of three bytes a letter', '\u6F22'.repeat(500)],
  ])('that is refused with a text that %s harms nobody', async (_what, text) => {
    at.cell.answer = () => ({ failure: refusal('NOT_FOUND', text, { 'chubby-master': text }) });
    const outcome = await at.channel().call('setContents', setContents('/a'), 5_000);
    expect(outcome).toMatchObject({ failure: { reason: 'NOT_FOUND', code: status.NOT_FOUND } });
    await at.expectAlive();
  });

  it('whose answer cannot be sent fails alone', async () => {
    at.cell.answer = () => ({ response: unencodable });
    const outcome = await at.channel().call('setContents', setContents('/a'), 5_000);
    expect(outcome).toMatchObject({ failure: { reason: 'UNKNOWN_OUTCOME' } });
    expect(at.server.counts.unsent).toBe(1);
    await at.expectAlive();
  });

  it('whose answer is larger than a message may be is refused, not sent', async () => {
    at.cell.answer = () => ({ response: { contents: Buffer.alloc(2 * MIB), stat: null } });
    const request = { context: null, name: '/a', target: 'name' as const };
    const outcome = await at.channel().call('getContentsAndStat', request, 5_000);
    expect(outcome).toMatchObject({ failure: { reason: 'TOO_LARGE', code: status.RESOURCE_EXHAUSTED } });
  });

  it('that nobody answers in time is given up by the client as unreachable', async () => {
    const outcome = await at.channel().call('setContents', setContents('/a'), 50);
    expect(outcome).toMatchObject({ failure: { reason: 'UNREACHABLE', code: status.DEADLINE_EXCEEDED } });
  });

  it('answered after its caller has gone harms nobody', async () => {
    await at.channel().call('setContents', setContents('/a'), 500);
    at.cell.calls[0]!.respond(written(1));
    await at.expectAlive();
  });

  it('that breaks an invariant is reported and tells the caller nothing of it', async () => {
    at.cell.answer = () => {
      throw new Error('secret of the house');
    };
    const outcome = await at.channel().call('setContents', setContents('/a'), 200);
    expect(JSON.stringify(outcome)).not.toContain('secret');
    expect(at.broken).toEqual([new Error('secret of the house')]);
  });

  it('of an unknown method is UNIMPLEMENTED', async () => {
    const error = await at.unary('/chubby.v1.Chubby/Steal', Buffer.alloc(0));
    expect(error).toMatchObject({ code: status.UNIMPLEMENTED });
    expect(failureOf(error as ServiceError, 'a:1')).toMatchObject({ reason: 'UNKNOWN_METHOD' });
  });
});
