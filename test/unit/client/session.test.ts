import { describe, expect, it } from 'vitest';
import type { Client } from '../../../src/client/client.js';
import { refusal } from '../../../src/wire/errors.js';
import { failed, FakeCell, LEASE_MS, success } from './fake-cell.js';
import { reasonOf } from './reason-of.js';

/** By this side's count. */
const LOCAL_LEASE_MS = LEASE_MS * 0.9;
const GRACE_MS = 45_000;

function eventsOf(client: Client): string[] {
  const events: string[] = [];
  for (const name of ['jeopardy', 'safe', 'expired', 'failedOver'] as const) client.on(name, () => events.push(name));
  return events;
}

describe('a session', () => {
  it('begins with the first call that needs it, and one is enough', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    expect(client.sessionState).toBe('none');
    await client.read('/ls/local/a');
    expect(cell.unary.some(({ name }) => name === 'createSession')).toBe(false);
    await Promise.all([client.write('/ls/local/a', 'x'), client.write('/ls/local/b', 'x')]);
    expect(cell.unary.filter(({ name }) => name === 'createSession')).toHaveLength(1);
    expect(client.sessionState).toBe('safe');
    expect(client.sessionId).toBe('3132333435363738');
  });

  it('is asked for with one nonce, however often', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    cell.sessionFailure = refusal('LIMIT_PENDING', 'overloaded');
    const write = client.write('/ls/local/a', 'x');
    await cell.clock.advance(500);
    cell.sessionFailure = undefined;
    await cell.clock.advance(500);
    await write;
    const nonces = cell.unary
      .filter(({ name }) => name === 'createSession')
      .map(({ request }) => (request as { nonce: Buffer }).nonce.toString('hex'));
    expect(nonces.length).toBeGreaterThan(2);
    expect(new Set(nonces).size).toBe(1);
    expect(cell.unary.at(-1)!.request).toMatchObject({ cachesNothing: false });
  });

  it('serves the next call, or ends with its client, when it comes after all who asked for it gave up', async () => {
    for (const isNeeded of [true, false]) {
      const cell = new FakeCell();
      const client = cell.client();
      cell.kill('a:1');
      const early = reasonOf(client.write('/ls/local/a', 'x', { timeoutMs: 100 }));
      await cell.clock.advance(200);
      expect(await early).toBe('TIME_LIMIT');
      cell.down.delete('a:1');
      cell.master = 'a:1';
      await cell.clock.advance(2_000);
      expect(client.sessionState).toBe('safe');
      if (isNeeded) await client.write('/ls/local/a', 'x');
      expect(cell.unary.filter(({ name }) => name === 'createSession')).toHaveLength(1);
      await client.close();
      await cell.clock.settle();
      expect(cell.unary.at(-1)!.name).toBe('closeSession');
      expect(cell.clock.timers).toBe(0);
    }
  });

  it('is refused for what the cell said, when nobody waits for it any longer', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    cell.sessionFailure = refusal('LIMIT_SESSIONS', 'there are 65536 sessions');
    const reason = reasonOf(client.write('/ls/local/a', 'x', { timeoutMs: 1_000 }));
    await cell.clock.advance(1_000);
    expect(await reason).toBe('LIMIT_SESSIONS');
    await client.close();
    await cell.clock.settle();
    expect(cell.clock.timers).toBe(0);
  });

  it('is asked for again after it was refused', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    cell.sessionFailure = refusal('MALFORMED_REQUEST', 'no');
    expect(await reasonOf(client.write('/ls/local/a', 'x'))).toBe('MALFORMED_REQUEST');
    cell.sessionFailure = undefined;
    await client.write('/ls/local/a', 'x');
  });

  it('sends the next KeepAlive as soon as one is answered, and acknowledges the reply', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    expect(cell.keepAlives).toMatchObject([{ request: { number: 1, acknowledgedReply: 0 } }]);
    await cell.clock.advance(5_000);
    cell.answerKeepAlive({ replyNumber: 77 });
    expect(cell.keepAlives).toMatchObject([{}, { request: { number: 2, acknowledgedReply: 77 } }]);
    await client.close();
  });

  it('counts its lease from the sending of the KeepAlive that was answered', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    await cell.clock.advance(5_000);
    cell.answerKeepAlive({ leaseMs: LEASE_MS + 1_000 });
    await cell.clock.advance(LOCAL_LEASE_MS + 900 - 5_001);
    expect(client.sessionState).toBe('safe');
    await cell.clock.advance(2);
    expect(client.sessionState).toBe('jeopardy');
    await client.close();
  });

  it('counts its first lease from the first request for it', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const sentAtMs = cell.clock.monotonicMs();
    cell.sessionFailure = refusal('LIMIT_PENDING', 'overloaded');
    const write = client.write('/ls/local/a', 'x');
    await cell.clock.advance(3_000);
    cell.sessionFailure = undefined;
    await cell.clock.advance(1_000);
    await write;
    await cell.clock.advance(sentAtMs + LOCAL_LEASE_MS - cell.clock.monotonicMs() - 1);
    expect(client.sessionState).toBe('safe');
    await cell.clock.advance(2);
    expect(client.sessionState).toBe('jeopardy');
    await client.close();
  });

  it('hears of an event once, however often it is told', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const events = eventsOf(client);
    await client.write('/ls/local/a', 'x');
    const told = { replyNumber: 7, events: [{ masterFailedOver: {}, event: 'masterFailedOver' as const }] };
    cell.answerKeepAlive(told);
    cell.answerKeepAlive(told);
    await cell.clock.settle();
    expect(events).toEqual(['failedOver']);
    await client.close();
  });

  it('is in jeopardy when its lease is over, and safe again when the cell answers', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const events = eventsOf(client);
    await client.write('/ls/local/a', 'x');
    await cell.clock.advance(LOCAL_LEASE_MS - 1);
    expect(client.sessionState).toBe('safe');
    await cell.clock.advance(2);
    expect(client.sessionState).toBe('jeopardy');
    expect(events).toEqual(['jeopardy']);
    cell.answerKeepAlive();
    await cell.clock.settle();
    expect(client.sessionState).toBe('safe');
    expect(events).toEqual(['jeopardy', 'safe']);
    await client.close();
  });

  it('blocks calls in jeopardy and lets them go when it is safe', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    await cell.clock.advance(LOCAL_LEASE_MS + 1);
    const write = client.write('/ls/local/b', 'x');
    await cell.clock.advance(1_000);
    expect(cell.calls).toHaveLength(1);
    cell.answerKeepAlive();
    await write;
    await client.close();
  });

  it('survives an outage of half a minute in its grace period', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const events = eventsOf(client);
    await client.write('/ls/local/a', 'x');
    cell.kill('a:1');
    const write = client.write('/ls/local/b', 'x');
    await cell.clock.advance(30_000);
    expect(client.sessionState).toBe('jeopardy');
    cell.master = 'c:1';
    await cell.clock.advance(2_000);
    cell.answerKeepAlive({ events: [{ masterFailedOver: {}, event: 'masterFailedOver' }] });
    await write;
    expect(events).toEqual(['jeopardy', 'failedOver', 'safe']);
    await client.close();
  });

  it('expires when the grace period is over, and fails every call that rests on it from then on', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const events = eventsOf(client);
    const handle = await client.open('/ls/local/a');
    cell.kill('a:1');
    const waiting = reasonOf(client.write('/ls/local/b', 'x', { timeoutMs: 1e9 }));
    await cell.clock.advance(LOCAL_LEASE_MS + GRACE_MS + 1);
    expect(await waiting).toBe('SESSION_EXPIRED');
    expect(client.sessionState).toBe('expired');
    expect(events).toEqual(['jeopardy', 'expired']);
    expect(await reasonOf(client.write('/ls/local/b', 'x'))).toBe('SESSION_EXPIRED');
    expect(await reasonOf(handle.getStat())).toBe('SESSION_EXPIRED');
    await handle.close();
    expect(cell.clock.timers).toBe(0);
  });

  it('expires when the cell says so in a KeepAlive', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const events = eventsOf(client);
    await client.write('/ls/local/a', 'x');
    cell.answer = () => undefined;
    const write = client.write('/ls/local/b', 'x');
    const outcome = expect(write).rejects.toMatchObject({ reason: 'SESSION_EXPIRED', outcomeUnknown: true });
    await cell.clock.settle();
    cell.answerKeepAlive({ failure: refusal('SESSION_EXPIRED', 'the lease ran out') });
    await outcome;
    await cell.clock.settle();
    expect(events).toEqual(['expired']);
  });

  it('expires when the cell says so in answer to a call', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    cell.answer = (call) => failed(call, refusal('UNKNOWN_SESSION', 'no such session'));
    expect(await reasonOf(client.write('/ls/local/b', 'x'))).toBe('SESSION_EXPIRED');
    expect(client.sessionState).toBe('expired');
  });

  it('is in jeopardy as soon as it is noticed that the machine slept', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const events = eventsOf(client);
    await client.write('/ls/local/a', 'x');
    cell.clock.suspend(60_000);
    await cell.clock.advance(600);
    expect(events).toEqual(['jeopardy']);
    cell.answerKeepAlive();
    await cell.clock.settle();
    expect(events).toEqual(['jeopardy', 'safe']);
    await client.close();
  });

  it('is not saved by the answer to what was sent before the machine slept', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    await cell.clock.advance(1);
    cell.clock.suspend(60_000);
    cell.answerKeepAlive();
    expect(client.sessionState).toBe('jeopardy');
    cell.answerKeepAlive();
    expect(client.sessionState).toBe('safe');
    await client.close();
  });

  it('knows by the clock that it expired, before any timer has run', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    cell.clock.stall(LOCAL_LEASE_MS + GRACE_MS);
    expect(client.sessionState).toBe('expired');
  });

  it('ends with its client, and what is not answered fails', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    cell.answer = () => undefined;
    const write = reasonOf(client.write('/ls/local/b', 'x'));
    await cell.clock.settle();
    await client.close();
    expect(await write).toBe('CLIENT_CLOSED');
    expect(cell.unary.at(-1)).toMatchObject({ name: 'closeSession', address: 'a:1' });
    expect(await reasonOf(client.write('/ls/local/b', 'x'))).toBe('CLIENT_CLOSED');
    expect(await reasonOf(client.read('/ls/local/b'))).toBe('CLIENT_CLOSED');
    expect(cell.openPipes).toEqual([]);
    expect(cell.clock.timers).toBe(0);
  });

  it('is left to its lease when the cell cannot be told', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    cell.kill('a:1');
    const closed = client.close();
    await cell.clock.advance(2_100);
    await closed;
  });
});

describe('a client', () => {
  it('reads by name without a session, wherever the master is', async () => {
    const cell = new FakeCell();
    cell.master = 'c:1';
    const client = cell.client();
    const { contents, stat } = await client.read('/ls/local/a');
    expect(String(contents)).toBe('hello');
    expect(stat).toMatchObject({ kind: 'file', contentGeneration: 2, contentChecksum: '0123456789abcdef' });
    cell.kill('c:1');
    cell.master = 'a:1';
    const again = client.stat('/ls/local/a');
    await cell.clock.advance(200);
    await again;
    expect(cell.unary.at(-1)!.address).toBe('a:1');
  });

  it('says whom it asked when nobody answers in time', async () => {
    const cell = new FakeCell();
    for (const address of cell.addresses) cell.kill(address);
    const read = cell.client().read('/ls/local/a', { timeoutMs: 1_000 });
    const outcome = expect(read).rejects.toMatchObject({
      reason: 'TIME_LIMIT',
      message: expect.stringMatching(/1000 ms.*a:1: connection refused.*c:1: connection refused/) as string,
    });
    await cell.clock.advance(1_000);
    await outcome;
    expect(cell.clock.timers).toBe(0);
  });

  it('gives a read up when its signal fires', async () => {
    const cell = new FakeCell();
    cell.master = undefined;
    const controller = new AbortController();
    const read = cell.client().read('/ls/local/a', { signal: controller.signal });
    await cell.clock.advance(100);
    controller.abort(new Error('enough'));
    await expect(read).rejects.toMatchObject({ reason: 'CANCELLED', cause: { message: 'enough' } });
    expect(cell.clock.timers).toBe(0);
  });

  it('lists a directory page after page', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    const names = ['a', 'b', 'c', 'd', 'e'];
    cell.answer = (call) => {
      if (call.call !== 'readDir') return success(call);
      const rest = names.filter((name) => name > call.readDir!.pageToken.toString());
      const entries = rest
        .slice(0, 2)
        .map((name) => ({ name, stat: success({ ...call, call: 'getStat' }).getStat!.stat }));
      const nextPageToken = Buffer.from(rest.length > 2 ? rest[1]! : '');
      return { number: call.number, readDir: { entries, nextPageToken, stat: null } };
    };
    expect((await client.list('/ls/local')).map(({ name }) => name)).toEqual(names);
  });

  it('creates what it writes unless it was told not to', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    await client.write('/ls/local/a', 'x', { ifContentGeneration: 3 });
    await client.write('/ls/local/a', 'x', { create: false });
    expect(cell.calls.map(({ setContents }) => [setContents!.create, setContents!.ifContentGeneration])).toEqual([
      [true, undefined],
      [false, 3],
      [false, undefined],
    ]);
  });

  it.each([
    ['a name', (client: Client) => client.read(7 as never)],
    ['UTF-8', (client: Client) => client.write('/ls/local/\ud800', 'x'), 'MALFORMED_NAME'],
    ['contents', (client: Client) => client.write('/ls/local/a', {} as never)],
    ['a generation', (client: Client) => client.write('/ls/local/a', 'x', { ifContentGeneration: 1.5 })],
    ['a time limit', (client: Client) => client.read('/ls/local/a', { timeoutMs: 0 })],
    ['a create mode', (client: Client) => client.open('/ls/local/a', { create: 'yes' as never })],
  ])('refuses %s that is none', async (_what, call, reason = 'BAD_ARGUMENT') => {
    expect(await reasonOf(call(new FakeCell().client()))).toBe(reason);
  });
});
