import { describe, expect, it } from 'vitest';
import type { Client } from '../../../src/client/client.js';
import type { ClientOptions } from '../../../src/client/options.js';
import { METADATA, refusal } from '../../../src/wire/errors.js';
import type { Event, PipeCall, PipeReply, Stat } from '../../../src/wire/types.js';
import { failed, FakeCell, LEASE_MS, STAT, success } from './fake-cell.js';

const LOCAL_LEASE_MS = LEASE_MS * 0.9;

const FAILED_OVER: Event = { event: 'masterFailedOver', masterFailedOver: {} };

const invalidation = (number: number, nodes: string[], listings: string[] = []): Event => ({
  event: 'invalidation',
  invalidation: { number, nodes, listings },
});

/** A cell whose answers may be cached; what it holds is `contents`. */
class CachingCell extends FakeCell {
  contents = 'one';
  stat: Stat = STAT;
  number = 5;
  /** Calls of this name are left open. */
  holds: PipeCall['call'] | undefined;
  readonly heldCalls: PipeCall[] = [];

  override answer = (call: PipeCall): PipeReply | undefined => {
    if (call.call === this.holds) {
      this.heldCalls.push(call);
      return undefined;
    }
    return this.answerTo(call);
  };

  answerTo(call: PipeCall): PipeReply {
    const { stat, number: cacheNumber } = this;
    const listing = { entries: [{ name: 'x', stat }], nextPageToken: Buffer.alloc(0), stat, cacheNumber };
    const answers: Partial<PipeReply> = {
      getContentsAndStat: { contents: Buffer.from(this.contents), stat, cacheNumber },
      getStat: { stat, cacheNumber },
      readDir: listing,
      open: { handle: Buffer.from(`handle ${call.number}`), created: false, name: '/ls/test/a', stat },
    };
    const answer = answers[call.call as keyof PipeReply];
    return answer === undefined ? success(call) : { number: call.number, [call.call!]: answer };
  }

  /** A client that has a session, and of which reads are counted. */
  async caching(options: ClientOptions = {}): Promise<Client> {
    const client = this.client(options);
    await client.write('/ls/local/somewhere/else', 'x');
    return client;
  }

  get asked(): number {
    return this.calls.filter(({ call }) => call !== 'setContents').length;
  }
}

const textOf = async (client: Client, name = '/ls/local/a'): Promise<string> =>
  String((await client.read(name)).contents);

describe('the cache', () => {
  it('shows what was read once without asking again, by either name of the cell', async () => {
    const cell = new CachingCell();
    const client = await cell.caching();
    expect(client.readCached('/ls/local/a')).toBeUndefined();
    expect(await textOf(client)).toBe('one');
    cell.contents = 'unseen';
    for (const name of ['/ls/local/a', '/ls/test/a', '/ls/local/a/']) expect(await textOf(client, name)).toBe('one');
    expect((await client.stat('/ls/local/a')).contentGeneration).toBe(2);
    expect(String(client.readCached('/ls/test/a')?.contents)).toBe('one');
    expect(cell.asked).toBe(1);
    await client.read('/ls/other/a');
    await client.read('/ls/localhost/a');
    expect(cell.asked).toBe(3);
  });

  it('shows metadata without contents only as metadata', async () => {
    const cell = new CachingCell();
    const client = await cell.caching();
    await client.stat('/ls/local/a');
    await client.stat('/ls/local/a');
    expect(cell.asked).toBe(1);
    expect(client.readCached('/ls/local/a')).toBeUndefined();
    await client.read('/ls/local/a');
    await client.stat('/ls/local/a');
    expect(await textOf(client)).toBe('one');
    expect(cell.asked).toBe(2);
  });

  it('shows listings, and that there is no node', async () => {
    const cell = new CachingCell();
    const client = await cell.caching();
    const [entry] = await client.list('/ls/local/dir');
    expect((await client.list('/ls/local/dir')).map(({ name }) => name)).toEqual(['x']);
    expect(entry!.name).toBe('x');
    expect(cell.asked).toBe(1);
    cell.answer = (call) => failed(call, refusal('NOT_FOUND', 'no such node', { [METADATA.cacheNumber]: '5' }));
    for (let again = 0; again < 2; again++) {
      const absent = { reason: 'NOT_FOUND', message: 'no such node', remedy: expect.stringMatching(/./) as string };
      await expect(client.read('/ls/local/absent')).rejects.toMatchObject(absent);
      await expect(client.stat('/ls/local/absent')).rejects.toMatchObject(absent);
    }
    expect(cell.asked).toBe(2);
    cell.answerKeepAlive({ events: [invalidation(6, ['/ls/test/absent'])] });
    await expect(client.read('/ls/local/absent')).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    expect(cell.asked).toBe(3);
  });

  it('keeps nothing that the cell did not say may be kept', async () => {
    const cell = new CachingCell();
    cell.answer = success;
    const client = await cell.caching();
    await client.read('/ls/local/a');
    await client.read('/ls/local/a');
    expect(cell.asked).toBe(2);
  });

  it('keeps nothing where it is switched off, and says so to the cell', async () => {
    const cell = new CachingCell();
    const client = await cell.caching({ cache: false });
    await client.read('/ls/local/a');
    await client.read('/ls/local/a');
    expect(cell.asked).toBe(2);
    expect(cell.unary.find(({ name }) => name === 'createSession')!.request).toMatchObject({ cachesNothing: true });
  });

  it('begins a session with the second read, and none with the first', async () => {
    const cell = new CachingCell();
    const client = cell.client();
    await client.read('/ls/local/a');
    expect(client.sessionState).toBe('none');
    await client.read('/ls/local/a');
    expect(client.sessionState).toBe('safe');
    await client.read('/ls/local/a');
    expect(cell.asked).toBe(1);
  });

  it('gives each reader contents of his own, and metadata that nobody can change', async () => {
    const cell = new CachingCell();
    const client = await cell.caching();
    const first = await client.read('/ls/local/a');
    first.contents.fill(0);
    expect(() => Object.assign(first.stat, { revision: 1 })).toThrow(TypeError);
    const second = await client.read('/ls/local/a');
    second.contents.fill(0);
    client.readCached('/ls/local/a')!.contents.fill(0);
    expect(await textOf(client)).toBe('one');
    (await client.list('/ls/local/dir')).length = 0;
    (await client.list('/ls/local/dir')).length = 0;
    expect(await client.list('/ls/local/dir')).toHaveLength(1);
  });

  it('drops what an Invalidation names before that is acknowledged, and nothing else', async () => {
    const cell = new CachingCell();
    const client = await cell.caching();
    await client.read('/ls/local/a');
    await client.read('/ls/local/b');
    await client.list('/ls/local/a');
    cell.contents = 'two';
    cell.number = 6;
    cell.answerKeepAlive({ events: [invalidation(6, ['/ls/test/a'])] });
    expect(client.readCached('/ls/local/a')).toBeUndefined();
    expect(cell.keepAlives.at(-1)!.request.acknowledgedReply).toBeGreaterThan(0);
    expect(await textOf(client)).toBe('two');
    expect(await textOf(client, '/ls/local/b')).toBe('one');
    await client.list('/ls/local/a');
    expect(cell.asked).toBe(4);
    cell.answerKeepAlive({ events: [invalidation(7, [], ['/ls/test/a'])] });
    await client.list('/ls/local/a');
    expect(await textOf(client)).toBe('two');
    expect(cell.asked).toBe(5);
  });

  it('uses an answer that an Invalidation overtook, and does not keep it', async () => {
    const cell = new CachingCell();
    const client = await cell.caching();
    cell.holds = 'getContentsAndStat';
    const read = textOf(client);
    await cell.clock.settle();
    cell.answerKeepAlive({ events: [invalidation(6, ['/ls/test/a'])] });
    cell.reply(cell.answerTo(cell.heldCalls[0]!));
    expect(await read).toBe('one');
    expect(client.readCached('/ls/local/a')).toBeUndefined();
  });

  it('never shows a program the state before its own write, whatever arrives when', async () => {
    const cell = new CachingCell();
    const client = await cell.caching();
    await client.read('/ls/local/a');
    cell.holds = 'getContentsAndStat';
    const early = client.read('/ls/local/a/b');
    await cell.clock.settle();
    cell.holds = 'setContents';
    const write = client.write('/ls/local/a/b', 'two');
    // What left the cell before the write comes after it was sent.
    await cell.clock.settle();
    cell.reply(cell.answerTo(cell.heldCalls[0]!));
    await early;
    expect(client.readCached('/ls/local/a/b')).toBeUndefined();
    expect(client.readCached('/ls/local/a')).toBeUndefined();
    cell.reply(cell.answerTo(cell.heldCalls[1]!));
    await write;
    cell.holds = undefined;
    await client.read('/ls/local/a/b');
    expect(client.readCached('/ls/local/a/b')).toBeDefined();
  });

  it.each([
    ['the process was stopped beyond the lease', (cell: FakeCell) => cell.clock.stall(LOCAL_LEASE_MS)],
    ['the machine slept', (cell: FakeCell) => cell.clock.suspend(60_000)],
  ])('shows nothing when %s, though no timer has run', async (_what, stop) => {
    const cell = new CachingCell();
    const client = await cell.caching();
    await client.read('/ls/local/a');
    stop(cell);
    expect(client.readCached('/ls/local/a')).toBeUndefined();
    expect(client.sessionState).toBe('jeopardy');
  });

  it('is emptied in jeopardy, and fills anew when the session is safe', async () => {
    const cell = new CachingCell();
    const client = await cell.caching();
    await client.read('/ls/local/a');
    await cell.clock.advance(LOCAL_LEASE_MS + 1);
    expect(client.sessionState).toBe('jeopardy');
    cell.answerKeepAlive();
    expect(client.sessionState).toBe('safe');
    expect(client.readCached('/ls/local/a')).toBeUndefined();
    await client.read('/ls/local/a');
    expect(client.readCached('/ls/local/a')).toBeDefined();
  });

  it('shows nothing once the session is gone', async () => {
    const cell = new CachingCell();
    const client = await cell.caching();
    await client.read('/ls/local/a');
    cell.answerKeepAlive({ failure: refusal('SESSION_EXPIRED', 'too late') });
    expect(client.readCached('/ls/local/a')).toBeUndefined();
    const asked = cell.asked + cell.unary.length;
    await client.read('/ls/local/a');
    expect(cell.asked + cell.unary.length).toBeGreaterThan(asked);
  });
});

describe('a handle', () => {
  it('shows what is cached of its node', async () => {
    const cell = new CachingCell();
    const client = await cell.caching();
    const handle = await client.open('/ls/local/a');
    await handle.getContentsAndStat();
    await handle.getStat();
    await handle.readDir();
    await handle.readDir();
    expect(String((await handle.getContentsAndStat()).contents)).toBe('one');
    expect(await textOf(client)).toBe('one');
    expect(cell.asked).toBe(3);
  });

  it('shows nothing of another node of the same name', async () => {
    const cell = new CachingCell();
    const client = await cell.caching();
    const handle = await client.open('/ls/local/a');
    cell.stat = { ...STAT, instanceNumber: 8 };
    await client.read('/ls/local/a');
    await client.list('/ls/local/a');
    const asked = cell.asked;
    await handle.getStat();
    await handle.readDir();
    expect(cell.asked).toBe(asked + 2);
  });

  it('shows nothing where the cell has to judge each use: not for reading, bound to a sequencer', async () => {
    const cell = new CachingCell();
    const client = await cell.caching();
    const [handle, blind] = await Promise.all([
      client.open('/ls/local/a'),
      client.open('/ls/local/a', { read: false, write: true }),
    ]);
    const bound = await handle.setSequencer(Buffer.from('sequencer'));
    await client.read('/ls/local/a');
    const asked = cell.asked;
    await Promise.all([blind.getStat(), bound.getStat()]);
    expect(cell.asked).toBe(asked + 2);
  });
});

describe('after a change of master', () => {
  async function failedOver(stillTrue: number[]): Promise<{ cell: CachingCell; client: Client }> {
    const cell = new CachingCell();
    const client = await cell.caching();
    await client.read('/ls/local/a');
    await client.list('/ls/local/dir');
    await client.read('/ls/local/c');
    cell.holds = 'reattach';
    cell.kill('a:1');
    cell.master = 'b:1';
    await cell.clock.advance(300);
    cell.answerKeepAlive({ events: [FAILED_OVER, invalidation(100, [])] });
    await cell.clock.settle();
    cell.number = 100;
    expect(client.readCached('/ls/local/a')).toBeUndefined();
    if (stillTrue.length > 0) answerReattach(cell, stillTrue);
    await cell.clock.settle();
    return { cell, client };
  }

  const answerReattach = (cell: CachingCell, stillTrue: number[]): void => {
    const { number } = cell.heldCalls.at(-1)!;
    cell.reply({ number, reattach: { lostHandles: {}, stillTrue, cacheNumber: 100 } });
  };

  it('the cache is shown to the new one, and kept as far as it is still true', async () => {
    const { cell, client } = await failedOver([0, 1]);
    expect(cell.heldCalls.at(-1)!.reattach).toMatchObject({
      cached: [
        { name: '/ls/local/a', kind: 'CACHED_KIND_NODE', instanceNumber: 7, revision: 9 },
        { name: '/ls/local/dir', kind: 'CACHED_KIND_LISTING', revision: 9, newestChildRevision: 9 },
        { name: '/ls/local/c', kind: 'CACHED_KIND_NODE' },
      ],
      complete: true,
    });
    const asked = cell.asked;
    expect(await textOf(client)).toBe('one');
    await client.list('/ls/local/dir');
    expect(cell.asked).toBe(asked);
    expect(client.readCached('/ls/local/c')).toBeUndefined();
  });

  it('nothing is kept that was invalidated, written or read anew before the answer', async () => {
    const { cell, client } = await failedOver([]);
    cell.answerKeepAlive({ events: [invalidation(101, ['/ls/test/a'])] });
    await client.write('/ls/local/dir/x', 'y');
    cell.contents = 'new';
    cell.number = 101;
    expect(await textOf(client, '/ls/local/c')).toBe('new');
    answerReattach(cell, [0, 1, 2]);
    await cell.clock.settle();
    expect(client.readCached('/ls/local/a')).toBeUndefined();
    expect(await textOf(client, '/ls/local/c')).toBe('new');
    const asked = cell.asked;
    await client.list('/ls/local/dir');
    expect(cell.asked).toBe(asked + 1);
  });

  it('nothing is kept when the session was in jeopardy before the answer', async () => {
    const { cell, client } = await failedOver([]);
    await cell.clock.advance(LOCAL_LEASE_MS);
    expect(client.sessionState).toBe('jeopardy');
    cell.answerKeepAlive();
    answerReattach(cell, [0, 1, 2]);
    await cell.clock.settle();
    expect(client.sessionState).toBe('safe');
    expect(client.readCached('/ls/local/a')).toBeUndefined();
  });
});
