import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { CLIENT_LIMITS } from '../../../src/client/client-limits.js';
import { METADATA, refusal } from '../../../src/wire/errors.js';
import type { PipeCall, PipeReply } from '../../../src/wire/types.js';
import { failed, FakeCell, LEASE_MS, success } from './fake-cell.js';
import { reasonOf } from './reason-of.js';

const numbers = (calls: readonly PipeCall[]): number[] => calls.map(({ number }) => number);
const silence = (): undefined => undefined;
describe('calls of a session', () => {
  it('go in one message when they are made in one turn', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/first', 'x');
    cell.sent.length = 0;
    await Promise.all([1, 2, 3].map((i) => client.write(`/ls/local/${i}`, 'x')));
    expect(cell.sent).toHaveLength(1);
    expect(numbers(cell.calls)).toEqual([2, 3, 4]);
  });

  it('acknowledge what is answered, up to the first that is not', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    cell.answer = (call) => (call.number === 2 ? undefined : success(call));
    const held = client.write('/ls/local/b', 'x');
    await client.write('/ls/local/c', 'x');
    await client.write('/ls/local/d', 'x');
    expect(cell.sent.at(-1)!.acknowledged).toBe(1);
    cell.reply(success(cell.calls[1]!));
    await held;
    await client.write('/ls/local/e', 'x');
    expect(cell.sent.at(-1)!.acknowledged).toBe(4);
  });

  it('acknowledge beyond an Acquire that waits, once it has left, and not before', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const handle = await client.open('/ls/local/lock', { write: true });
    cell.answer = (call) => (call.call === 'acquire' ? undefined : success(call));
    const waiting = handle.acquire();
    await cell.clock.settle();
    expect(cell.sent.at(-1)).toMatchObject({ acknowledged: 1, calls: [{ number: 2 }] });
    await client.write('/ls/local/a', 'x');
    await client.write('/ls/local/b', 'x');
    expect(cell.sent.at(-1)!.acknowledged).toBe(3);
    cell.reply({
      number: 2,
      acquire: { granted: true, lockGeneration: 8, holderSessionId: Buffer.alloc(0), lockDelayLeftMs: 0 },
    });
    expect(await waiting).toEqual({ granted: true, lockGeneration: 8 });
  });

  it('that would open a handle close it when it comes after they were given up', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const kept = await client.open('/ls/local/kept');
    cell.answer = (call) => (call.call === 'close' ? success(call) : undefined);
    const stop = new AbortController();
    const reasons = [
      reasonOf(client.open('/ls/local/a', { signal: stop.signal })),
      reasonOf(client.open('/ls/local/b', { timeoutMs: 100 })),
      reasonOf(kept.setSequencer(Buffer.from('sequencer'), { timeoutMs: 100 })),
      reasonOf(client.open('/ls/local/absent', { timeoutMs: 100 })),
    ];
    await cell.clock.settle();
    stop.abort();
    await cell.clock.advance(200);
    expect(await Promise.all(reasons)).toEqual(reasons.map(() => 'UNKNOWN_OUTCOME'));
    const [bound, a, b, absent] = cell.calls.slice(1);
    const answers = [
      success(a!),
      success(b!),
      { number: bound!.number, setSequencer: { handle: Buffer.from('bound') } },
    ];
    cell.reply(...answers, failed(absent!, refusal('NOT_FOUND', 'absent')));
    // Twice, as answers to what was repeated may come.
    cell.reply(...answers);
    await cell.clock.settle();
    const closed = cell.calls.flatMap(({ close }) => (close ? [String(close.handle)] : []));
    expect(closed).toEqual([`handle ${a!.number}`, `handle ${b!.number}`, 'bound']);
  });

  it('are no more in flight than the cell keeps results for', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    cell.answer = silence;
    const calls = Array.from({ length: CLIENT_LIMITS.window + 100 }, (_, i) => client.write(`/ls/local/${i}`, 'x'));
    await cell.clock.settle();
    expect(cell.calls.length - 1).toBe(CLIENT_LIMITS.window - CLIENT_LIMITS.reservedCalls);
    cell.answer = success;
    cell.reply(...cell.calls.slice(1).map(success));
    await Promise.all(calls);
    expect(cell.calls.length - 1).toBe(calls.length);
  });

  it('that wait for locks leave room for those that let them go', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const handle = await client.open('/ls/local/lock', { write: true });
    cell.answer = (call) => (call.call === 'acquire' ? undefined : success(call));
    const stop = new AbortController();
    const reasons = Array.from({ length: CLIENT_LIMITS.window + 100 }, () =>
      reasonOf(handle.acquire({ signal: stop.signal })),
    );
    await cell.clock.settle();
    const acquires = (): PipeCall[] => cell.calls.filter(({ call }) => call === 'acquire');
    expect(acquires()).toHaveLength(CLIENT_LIMITS.waitingCalls);
    await handle.release();
    // Who was set aside goes before whoever comes now.
    cell.reply(failed(acquires()[0]!, refusal('NOT_FOUND', 'gone')));
    await cell.clock.settle();
    expect(acquires()).toHaveLength(CLIENT_LIMITS.waitingCalls + 1);
    expect(await reasons[0]).toBe('NOT_FOUND');
    stop.abort();
    expect(new Set(await Promise.all(reasons.slice(1)))).toEqual(new Set(['CANCELLED']));
  });

  it('are no more in flight than so many bytes', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    cell.answer = silence;
    const contents = Buffer.alloc(262_144);
    const calls = Array.from({ length: 64 }, (_, i) => client.write(`/ls/local/${i}`, contents));
    await cell.clock.settle();
    expect(cell.calls.length - 1).toBe(Math.floor(CLIENT_LIMITS.bytesInFlight / contents.length) - 1);
    cell.answer = success;
    cell.reply(...cell.calls.slice(1).map(success));
    await Promise.all(calls);
  });

  it('are refused when too many wait for their turn', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    cell.answer = silence;
    const contents = Buffer.alloc(1_000_000);
    const reasons = Array.from({ length: 100 }, () => reasonOf(client.write('/ls/local/a', contents)));
    await cell.clock.settle();
    await client.close();
    const refused = (await Promise.all(reasons)).filter((reason) => reason === 'TOO_MANY_CALLS');
    expect(refused.length).toBeGreaterThan(20);
  });

  it('are repeated with their numbers over a new connection, in their order', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    cell.answer = silence;
    const calls = [1, 2, 3].map((i) => client.write(`/ls/local/${i}`, `contents ${i}`));
    await cell.clock.settle();
    cell.sent.length = 0;
    cell.answer = success;
    cell.cut('a:1');
    await cell.clock.advance(200);
    await Promise.all(calls);
    expect(numbers(cell.calls)).toEqual([2, 3, 4]);
    expect(cell.calls.map(({ setContents }) => String(setContents!.contents))).toEqual([
      'contents 1',
      'contents 2',
      'contents 3',
    ]);
  });

  it('follow the master to another replica, and are executed once there', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const failedOver: string[] = [];
    client.on('failedOver', () => failedOver.push('yes'));
    await client.write('/ls/local/a', 'x');
    cell.answer = silence;
    const call = client.write('/ls/local/b', 'x');
    await cell.clock.settle();
    cell.kill('a:1');
    await cell.clock.advance(1_000);
    cell.answer = success;
    cell.master = 'b:1';
    await cell.clock.advance(1_000);
    await call;
    expect(numbers(cell.sent.filter(({ address }) => address === 'b:1').flatMap(({ calls }) => calls))).toEqual([2]);
    cell.answerKeepAlive({ events: [{ masterFailedOver: {}, event: 'masterFailedOver' }] });
    await cell.clock.settle();
    expect(failedOver).toEqual(['yes']);
  });

  it('follow a redirection', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    cell.master = 'c:1';
    await client.write('/ls/local/b', 'x');
    expect(numbers(cell.calls)).toEqual([1, 2, 2]);
    expect(cell.openPipes).toEqual(['c:1']);
  });

  it('find the new master while the old one is silent, without waiting for its connection to break', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    cell.mute.add('a:1');
    cell.master = 'b:1';
    const call = client.write('/ls/local/b', 'x');
    await cell.clock.advance(2_000);
    await call;
    expect(cell.openPipes).toEqual(['b:1']);
  });

  it('stay with a master that is slow while nobody else reigns', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    cell.answer = silence;
    const call = client.write('/ls/local/b', 'x');
    await cell.clock.advance(5_000);
    expect(numbers(cell.calls)).toEqual([1, 2]);
    cell.reply(success(cell.calls[1]!));
    await call;
  });

  it.each([
    ['UNKNOWN_OUTCOME', refusal('UNKNOWN_OUTCOME', 'skipped')],
    ['LIMIT_PENDING', refusal('LIMIT_PENDING', 'overloaded', { [METADATA.retryAfterMs]: '300' })],
  ])('are repeated with the same number after %s', async (_reason, failure) => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    cell.answer = (call) => failed(call, failure);
    const call = client.write('/ls/local/b', 'x');
    await cell.clock.settle();
    cell.answer = success;
    if (failure.metadata[METADATA.retryAfterMs] !== undefined) {
      await cell.clock.advance(299);
      expect(numbers(cell.calls)).toEqual([1, 2]);
    }
    await cell.clock.advance(100);
    await call;
    expect(numbers(cell.calls)).toEqual([1, 2, 2]);
  });

  it('are over at once when the disks of the cell are full, and number and outcome are known', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    cell.answer = (call) => failed(call, refusal('DISK_FULL', 'no room'));
    await expect(client.write('/ls/local/b', 'x')).rejects.toMatchObject({
      reason: 'DISK_FULL',
      code: 8,
      outcomeUnknown: false,
    });
    expect(numbers(cell.calls)).toEqual([1, 2]);
    cell.answer = success;
    await client.write('/ls/local/b', 'x');
    expect(numbers(cell.calls)).toEqual([1, 2, 3]);
  });

  it('pass on a refusal with reason, remedy and code', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    cell.answer = (call) => failed(call, refusal('STALE_GENERATION', 'the contents are at generation 5'));
    await expect(client.write('/ls/local/a', 'x', { ifContentGeneration: 4 })).rejects.toMatchObject({
      name: 'ChubbyError',
      reason: 'STALE_GENERATION',
      code: 10,
      message: 'the contents are at generation 5',
      remedy: expect.stringContaining('read the file again') as string,
      outcomeUnknown: false,
    });
  });

  it('ignore answers to what is not asked any more', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    cell.reply(success(cell.calls[0]!), { number: 99, setContents: { stat: null } });
    await client.write('/ls/local/b', 'x');
  });

  it('fail when they are answered by something else', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    cell.answer = ({ number }): PipeReply => ({ number, close: {} });
    expect(await reasonOf(client.write('/ls/local/a', 'x'))).toBe('PROTOCOL');
  });
});

describe('a call that is given up', () => {
  it('has an unknown outcome when it was sent', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    cell.answer = silence;
    const call = client.write('/ls/local/b', 'x', { timeoutMs: 300 });
    const outcome = expect(call).rejects.toMatchObject({
      reason: 'UNKNOWN_OUTCOME',
      outcomeUnknown: true,
      message: expect.stringContaining('unknown') as string,
    });
    await cell.clock.advance(299);
    expect(numbers(cell.calls)).toEqual([1, 2]);
    await cell.clock.advance(20);
    await outcome;
  });

  it('was not executed when it could not be sent, and its error says why', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    cell.kill('a:1');
    await cell.clock.advance(100);
    const call = client.write('/ls/local/b', 'x', { timeoutMs: 300 });
    const outcome = expect(call).rejects.toMatchObject({
      reason: 'TIME_LIMIT',
      outcomeUnknown: false,
      message: expect.stringContaining('a:1: connection refused') as string,
    });
    await cell.clock.advance(320);
    await outcome;
  });

  it('leaves nothing unknown when it only reads', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    cell.answer = silence;
    const reason = reasonOf(client.read('/ls/local/b', { timeoutMs: 300 }));
    await cell.clock.advance(320);
    expect(await reason).toBe('TIME_LIMIT');
  });

  it('fails with the refusal for which it was repeated', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    const overload = refusal('LIMIT_PENDING', 'overloaded', { [METADATA.retryAfterMs]: '900' });
    cell.answer = (call) => failed(call, overload);
    const call = client.write('/ls/local/b', 'x', { timeoutMs: 500 });
    const outcome = expect(call).rejects.toMatchObject({ reason: 'LIMIT_PENDING', retryAfterMs: 900 });
    await cell.clock.advance(520);
    await outcome;
  });

  it('does not hold the acknowledgement back', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    cell.answer = (call) => (call.number === 2 ? undefined : success(call));
    const reason = reasonOf(client.write('/ls/local/b', 'x', { timeoutMs: 300 }));
    await cell.clock.advance(320);
    expect(await reason).toBe('UNKNOWN_OUTCOME');
    await client.write('/ls/local/c', 'x');
    expect(cell.sent.at(-1)!.acknowledged).toBe(2);
  });

  it('is not sent when its signal has fired, and rejects at once when it fires', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    await expect(client.write('/ls/local/b', 'x', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      reason: 'CANCELLED',
      outcomeUnknown: false,
    });
    expect(numbers(cell.calls)).toEqual([1]);
    const { signal } = new AbortController();
    await client.write('/ls/local/b', 'x', { signal });
    cell.answer = (call) => failed(call, refusal('NOT_EMPTY', 'it has children'));
    await reasonOf(client.delete('/ls/local/b', { signal }));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    cell.answer = silence;
    const controller = new AbortController();
    const call = client.write('/ls/local/b', 'x', { signal: controller.signal });
    await cell.clock.settle();
    controller.abort(new Error('enough'));
    await expect(call).rejects.toMatchObject({ reason: 'UNKNOWN_OUTCOME', cause: { message: 'enough' } });
  });

  it('is withdrawn when it waits for a lock', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const handle = await client.open('/ls/local/lock', { write: true });
    cell.answer = (call) => (call.call === 'acquire' ? undefined : success(call));
    const controller = new AbortController();
    const acquire = handle.acquire({ signal: controller.signal });
    await cell.clock.settle();
    controller.abort();
    await expect(acquire).rejects.toMatchObject({ reason: 'CANCELLED', outcomeUnknown: false });
    await cell.clock.settle();
    expect(cell.calls.at(-1)).toMatchObject({ call: 'cancel', cancel: { requestNumber: 2 } });
    expect(cell.calls.filter(({ call }) => call === 'cancel')).toHaveLength(1);
  });

  it('is withdrawn also over a new connection, and not asked again there', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const handle = await client.open('/ls/local/lock', { write: true });
    cell.answer = silence;
    const acquire = reasonOf(handle.acquire({ timeoutMs: 400 }));
    await cell.clock.advance(100);
    cell.kill('a:1');
    await cell.clock.advance(400);
    expect(await acquire).toBe('TIME_LIMIT');
    cell.sent.length = 0;
    cell.answer = success;
    cell.master = 'b:1';
    await cell.clock.advance(1_000);
    expect(cell.calls).toMatchObject([{ call: 'cancel', cancel: { requestNumber: 2 } }]);
  });
});

describe('an Acquire', () => {
  it('is answered by whoever is in the way when its wait ran out', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const handle = await client.open('/ls/local/lock', { write: true });
    cell.answer = ({ number }) => ({
      number,
      acquire: { granted: false, lockGeneration: 0, holderSessionId: Buffer.from('abcdefgh'), lockDelayLeftMs: 40 },
    });
    expect(await handle.acquire({ waitMs: 500, mode: 'shared' })).toEqual({
      granted: false,
      holderSessionId: '6162636465666768',
      lockDelayLeftMs: 40,
    });
    expect(cell.calls.at(-1)!.acquire).toMatchObject({ mode: 'LOCK_MODE_SHARED', waitMs: 500 });
  });

  it('waits for what is left of its time when it is repeated', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const handle = await client.open('/ls/local/lock', { write: true });
    cell.answer = silence;
    const acquire = handle.acquire({ waitMs: 5_000 });
    await cell.clock.advance(2_000);
    cell.cut('a:1');
    await cell.clock.advance(0);
    await cell.clock.advance(200);
    expect(cell.calls.at(-1)).toMatchObject({ number: 2 });
    expect(cell.calls.at(-1)!.acquire!.waitMs).toBeLessThanOrEqual(3_000);
    expect(cell.calls.at(-1)!.acquire!.waitMs).toBeGreaterThan(2_700);
    cell.reply(success(cell.calls.at(-1)!));
    expect(await acquire).toMatchObject({ granted: true });
  });

  it('is not acknowledged in the message that repeats it', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const handle = await client.open('/ls/local/lock', { write: true });
    cell.answer = silence;
    const acquire = handle.acquire();
    await cell.clock.settle();
    cell.cut('a:1');
    await cell.clock.advance(200);
    expect(cell.sent.slice(1)).toMatchObject([
      { acknowledged: 1, calls: [{ number: 2 }] },
      { acknowledged: 1, calls: [{ number: 2 }] },
    ]);
    cell.reply(success(cell.calls.at(-1)!));
    await acquire;
  });

  it('asks under a new number when a new master does not know that it waits', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const handle = await client.open('/ls/local/lock', { write: true });
    cell.answer = (call) =>
      call.call === 'acquire' && call.number === 2
        ? failed(call, refusal('REQUEST_FORGOTTEN', 'forgotten'))
        : success(call);
    expect(await handle.acquire()).toMatchObject({ granted: true });
    expect(numbers(cell.calls)).toEqual([1, 2, 3]);
  });

  it('has no time limit of its own', async () => {
    const cell = new FakeCell();
    const client = cell.client({ timeoutMs: 1_000 });
    const handle = await client.open('/ls/local/lock', { write: true });
    cell.answer = silence;
    const acquire = handle.acquire();
    for (let i = 0; i < 10; i++) {
      await cell.clock.advance(LEASE_MS / 2);
      cell.answerKeepAlive();
    }
    cell.reply(success(cell.calls.at(-1)!));
    expect(await acquire).toMatchObject({ granted: true });
  });
});
