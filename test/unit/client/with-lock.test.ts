import { describe, expect, it } from 'vitest';
import type { ChubbyError } from '../../../src/client/chubby-error.js';
import type { HeldLock } from '../../../src/client/with-lock.js';
import { TestCell } from '../../../src/testing/test-cell.js';
import { refusal } from '../../../src/wire/errors.js';
import type { PipeCall } from '../../../src/wire/types.js';
import { failed, FakeCell, LEASE_MS, success } from './fake-cell.js';

const LOCAL_LEASE_MS = LEASE_MS * 0.9;
const MARGIN_MS = 1_000;

const callNames = (cell: FakeCell): unknown[] => cell.calls.map(({ call }) => call);

/** Holds the lock until the test lets go. */
async function hold(cell: FakeCell): Promise<{ lock: HeldLock; letGo: () => void; done: Promise<string> }> {
  const client = cell.client();
  let letGo!: () => void;
  const work = new Promise<void>((resolve) => (letGo = resolve));
  let lock: HeldLock | undefined;
  const done = client.withLock('/ls/local/lock', async (held) => {
    lock = held;
    await work;
    return 'done';
  });
  done.catch(() => undefined);
  await cell.clock.settle();
  return { lock: lock!, letGo, done };
}

describe('withLock', () => {
  it('opens, acquires, shows the sequencer, and gives everything back', async () => {
    const cell = new FakeCell();
    const result = await cell.client().withLock('/ls/local/lock', ({ sequencer, signal }) => {
      expect(signal.aborted).toBe(false);
      return String(sequencer);
    });
    expect(result).toBe('sequencer');
    expect(callNames(cell)).toEqual(['open', 'acquire', 'getSequencer', 'close']);
    expect(cell.calls[0]!.open).toMatchObject({ write: true, create: 'CREATE_MODE_MAY' });
  });

  it('refuses what is no work before it waits for anything', async () => {
    const cell = new FakeCell();
    const swapped = [{ waitMs: 1 }, () => 1] as unknown as [() => number];
    await expect(cell.client().withLock('/ls/local/lock', ...swapped)).rejects.toThrow('is a function, not object');
    expect(cell.calls).toEqual([]);
  });

  it('passes on what the work throws, and gives everything back', async () => {
    const cell = new FakeCell();
    const work = (): never => {
      throw new Error('broken');
    };
    await expect(cell.client().withLock('/ls/local/lock', work)).rejects.toThrow('broken');
    expect(callNames(cell).at(-1)).toBe('close');
  });

  it('does not run the work when the lock was not granted in time', async () => {
    const cell = new FakeCell();
    cell.answer = (call) =>
      call.call === 'acquire'
        ? {
            number: call.number,
            acquire: {
              granted: false,
              lockGeneration: 0,
              holderSessionId: Buffer.from('abcdefgh'),
              lockDelayLeftMs: 0,
            },
          }
        : success(call);
    const work = (): never => expect.unreachable();
    await expect(cell.client().withLock('/ls/local/lock', work, { waitMs: 100 })).rejects.toMatchObject({
      reason: 'LOCK_BUSY',
      message: expect.stringContaining('6162636465666768') as string,
    });
    expect(callNames(cell)).toEqual(['open', 'acquire', 'close']);
  });

  it('takes the lock or leaves it where it is to wait for nothing', async () => {
    const cell = new FakeCell();
    await cell.client().withLock('/ls/local/lock', () => undefined, { waitMs: 0 });
    expect(callNames(cell)).toEqual(['open', 'tryAcquire', 'getSequencer', 'close']);
  });

  describe('with a limited wait', () => {
    /** How long until it gave up, and why. */
    async function givesUp(cell: FakeCell, done: Promise<unknown>): Promise<{ reason: unknown; tookMs: number }> {
      const begunMs = cell.clock.monotonicMs();
      let given: { reason: unknown; tookMs: number } | undefined;
      done.catch(({ reason }: { reason: unknown }) => {
        given = { reason, tookMs: cell.clock.monotonicMs() - begunMs };
      });
      for (let i = 0; i < 200 && given === undefined; i++) await cell.clock.advance(100);
      return given!;
    }

    it.each([
      [3_000, 3_000],
      [10, 2_000],
    ])('of %d ms does not wait longer than %d ms for a cell that is away', async (waitMs, mostMs) => {
      const cell = new FakeCell();
      for (const address of ['a:1', 'b:1', 'c:1']) cell.kill(address);
      const given = await givesUp(
        cell,
        cell.client().withLock('/ls/local/lock', () => undefined, { waitMs }),
      );
      expect(given.reason).toBe('TIME_LIMIT');
      expect(Math.abs(given.tookMs - mostMs)).toBeLessThanOrEqual(100);
    });

    it('gives up a cell that goes away meanwhile when it could have said so', async () => {
      const cell = new FakeCell();
      cell.answer = (call) => (call.call === 'acquire' ? undefined : success(call));
      const given = await givesUp(
        cell,
        cell.client().withLock('/ls/local/lock', () => undefined, { waitMs: 3_000 }),
      );
      expect(given.reason).toBe('TIME_LIMIT');
      expect(given.tookMs).toBeGreaterThan(3_000);
      expect(given.tookMs).toBeLessThanOrEqual(5_100);
    });

    it('waits no longer for an answer than its caller says', async () => {
      const cell = new FakeCell();
      for (const address of ['a:1', 'b:1', 'c:1']) cell.kill(address);
      const options = { waitMs: 3_000, timeoutMs: 1_000 };
      const given = await givesUp(
        cell,
        cell.client().withLock('/ls/local/lock', () => undefined, options),
      );
      expect(given.reason).toBe('TIME_LIMIT');
      expect(given.tookMs).toBeLessThanOrEqual(1_100);
    });
  });

  it('tells the work to stop before the lease can have ended', async () => {
    const cell = new FakeCell();
    const { lock, letGo, done } = await hold(cell);
    cell.kill('a:1');
    await cell.clock.advance(LOCAL_LEASE_MS - MARGIN_MS - 10);
    expect(lock.signal.aborted).toBe(false);
    lock.assertHeld();
    expect(lock.leftMs).toBeGreaterThan(MARGIN_MS);
    await cell.clock.advance(20);
    expect(lock.signal.aborted).toBe(true);
    expect(lock.signal.reason).toMatchObject({ reason: 'LOCK_LOST' });
    expect(lock.leftMs).toBeGreaterThan(0);
    expect(() => lock.assertHeld()).toThrow(expect.objectContaining({ reason: 'LOCK_LOST' }));
    letGo();
    await cell.clock.advance(120_000);
    await expect(done).rejects.toMatchObject({ reason: 'LOCK_LOST' });
  });

  it('does not wait for a cell that is away once the lock may be lost', async () => {
    const cell = new FakeCell();
    const { lock, letGo, done } = await hold(cell);
    cell.kill('a:1');
    await cell.clock.advance(LOCAL_LEASE_MS - MARGIN_MS + 10);
    let ended = false;
    done
      .catch(() => undefined)
      .finally(() => (ended = true))
      .catch(() => undefined);
    letGo();
    await cell.clock.settle();
    expect(ended).toBe(true);
    await cell.clock.advance(MARGIN_MS);
    expect(lock.leftMs).toBe(0);
  });

  it('waits for the word that the lock is free no longer than the lease runs', async () => {
    const cell = new FakeCell();
    const { letGo, done } = await hold(cell);
    cell.kill('a:1');
    let ended = false;
    void done.then(() => (ended = true));
    letGo();
    await cell.clock.advance(LOCAL_LEASE_MS - 1_000);
    expect(ended).toBe(false);
    await cell.clock.advance(2_000);
    expect(ended).toBe(true);
    expect(await done).toBe('done');
  });

  it('does not wait for a cell that is away when it is given up before the lock is granted', async () => {
    const cell = new FakeCell();
    cell.answer = (call) => (call.call === 'acquire' ? undefined : success(call));
    const giveUp = new AbortController();
    const done = cell.client().withLock('/ls/local/lock', () => expect.unreachable(), { signal: giveUp.signal });
    await cell.clock.settle();
    cell.kill('a:1');
    const outcome = expect(done).rejects.toMatchObject({ name: 'ChubbyError' });
    giveUp.abort();
    await outcome;
  });

  it('knows that the lock is gone when its node was deleted, though the session lives', async () => {
    const cell = new FakeCell();
    const { lock, letGo, done } = await hold(cell);
    const outcome = expect(done).rejects.toMatchObject({ reason: 'LOCK_LOST' });
    const node = { handleId: 1, kind: 'EVENT_KIND_LOCK_INVALID', name: '/ls/test/lock', revision: 30 } as const;
    cell.answerKeepAlive({ events: [{ event: 'node', node }] });
    await cell.clock.settle();
    expect(lock.signal.aborted).toBe(true);
    expect(() => lock.assertHeld()).toThrow(expect.objectContaining({ reason: 'LOCK_LOST' }));
    letGo();
    await outcome;
  });

  it('leaves no time to a work whose lock is gone already', async () => {
    const cell = new FakeCell();
    const { lock, letGo } = await hold(cell);
    expect(lock.leftMs).toBeGreaterThan(MARGIN_MS);
    const node = { handleId: 1, kind: 'EVENT_KIND_LOCK_INVALID', name: '/ls/test/lock', revision: 10 } as const;
    cell.answerKeepAlive({ events: [{ event: 'node', node }] });
    await cell.clock.settle();
    expect(lock.signal.aborted).toBe(true);
    expect(lock.leftMs).toBe(0);
    letGo();
  });

  it('does not say that a lock is held that was given back', async () => {
    const cell = new FakeCell();
    const { lock, letGo, done } = await hold(cell);
    letGo();
    await done;
    const { timers } = cell.clock;
    // By work that was left behind.
    expect(() => lock.assertHeld()).toThrow(expect.objectContaining({ reason: 'LOCK_LOST' }));
    expect(cell.clock.timers).toBe(timers);
  });

  it('goes on as long as the lease is renewed', async () => {
    const cell = new FakeCell();
    const { lock, letGo, done } = await hold(cell);
    for (let i = 0; i < 10; i++) {
      await cell.clock.advance(LOCAL_LEASE_MS / 2);
      cell.answerKeepAlive();
    }
    expect(lock.signal.aborted).toBe(false);
    letGo();
    expect(await done).toBe('done');
  });

  it('knows after a pause of the process that the lock may be gone, before any timer runs', async () => {
    const cell = new FakeCell();
    const { lock, letGo, done } = await hold(cell);
    cell.clock.stall(LOCAL_LEASE_MS);
    expect(() => lock.assertHeld()).toThrow(expect.objectContaining({ reason: 'LOCK_LOST' }));
    expect(lock.signal.aborted).toBe(true);
    letGo();
    cell.answerKeepAlive();
    await expect(done).rejects.toMatchObject({ reason: 'LOCK_LOST' });
  });

  it.each(['setContents', 'getContentsAndStat', 'open'] as const)(
    'is told by the answer to a %s, if that is the first thing heard after a pause',
    async (name) => {
      const cell = new FakeCell();
      const client = cell.client({ cache: false });
      await client.write('/ls/local/a', 'x');
      let asked: PipeCall | undefined;
      let heard: boolean | undefined;
      const working = client.withLock('/ls/local/lock', async ({ signal }) => {
        cell.answer = (call) => (call.call === name ? void (asked = call) : success(call));
        if (name === 'setContents') await client.write('/ls/local/a', 'y');
        else if (name === 'open') await client.open('/ls/local/a');
        else await client.read('/ls/local/a');
        heard = signal.aborted;
      });
      working.catch(() => undefined);
      await cell.clock.settle();
      cell.clock.stall(60_000);
      cell.reply(success(asked!));
      await cell.clock.settle();
      expect(heard).toBe(true);
    },
  );

  it('asks for the sequencer no longer than the wait is limited to', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    cell.answer = (call) => (call.call === 'getSequencer' ? undefined : success(call));
    const begunMs = cell.clock.monotonicMs();
    const locked = client.withLock('/ls/local/lock', () => 'done', { waitMs: 1_000 });
    const ended = locked.catch(({ reason }: ChubbyError) => [reason, cell.clock.monotonicMs() - begunMs]);
    await cell.clock.advance(5_000);
    expect(await ended).toEqual(['TIME_LIMIT', 3_000]);
  });

  it('knows after the machine slept that the lock may be gone', async () => {
    const cell = new FakeCell();
    const { lock } = await hold(cell);
    cell.clock.suspend(30_000);
    expect(() => lock.assertHeld()).toThrow(expect.objectContaining({ reason: 'LOCK_LOST' }));
  });

  it('says that the lock was lost, whatever the work threw after that', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const done = client.withLock('/ls/local/lock', ({ signal }) => {
      cell.clock.stall(LOCAL_LEASE_MS);
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
    });
    const outcome = expect(done).rejects.toMatchObject({ reason: 'LOCK_LOST', cause: { message: 'stopped' } });
    await cell.clock.advance(1_000);
    cell.answerKeepAlive();
    await outcome;
  });

  it('tells once who has the lock when it has to wait', async () => {
    const cell = new FakeCell();
    cell.answer = (call) => {
      const reply = success(call);
      if (call.call !== 'tryAcquire') return reply;
      const inTheWay = { granted: false, holderSessionId: Buffer.from('abcdefgh'), lockDelayLeftMs: 7 };
      return { ...reply, tryAcquire: { ...reply.tryAcquire!, ...inTheWay } };
    };
    const told: unknown[] = [];
    await cell.client().withLock('/ls/local/lock', () => undefined, { onWait: (obstacle) => told.push(obstacle) });
    expect(told).toEqual([{ name: '/ls/local/lock', holderSessionId: '6162636465666768', lockDelayLeftMs: 7 }]);
    expect(callNames(cell)).toEqual(['open', 'tryAcquire', 'acquire', 'getSequencer', 'close']);
  });

  it('tells nobody of a wait that there is none of', async () => {
    const cell = new FakeCell();
    const onWait = (): never => expect.unreachable();
    await cell.client().withLock('/ls/local/lock', () => undefined, { onWait });
    expect(callNames(cell)).toEqual(['open', 'tryAcquire', 'getSequencer', 'close']);
  });
});

describe('withLocks', () => {
  const NAMES = ['/ls/local/a', '/ls/local/b'];

  it('opens all, acquires them in one call, and shows one sequencer', async () => {
    const cell = new FakeCell();
    await cell.client().withLocks(NAMES, ({ sequencer }) => expect(String(sequencer)).toBe('sequencer'));
    expect(callNames(cell)).toEqual(['open', 'open', 'acquireAll', 'getSequencer', 'close', 'close']);
    expect(cell.calls[3]!.getSequencer!.furtherHandles).toHaveLength(1);
  });

  it('closes what it has opened when one cannot be opened', async () => {
    const cell = new FakeCell();
    cell.answer = (call) =>
      call.open?.name === NAMES[1] ? failed(call, refusal('ACCESS_DENIED', 'no')) : success(call);
    const work = (): never => expect.unreachable();
    await expect(cell.client().withLocks(NAMES, work)).rejects.toMatchObject({ reason: 'ACCESS_DENIED' });
    await cell.clock.settle();
    expect(callNames(cell)).toEqual(['open', 'open', 'close']);
  });

  it('names the lock that is in the way', async () => {
    const cell = new FakeCell();
    cell.answer = (call) => {
      const reply = success(call);
      if (call.call !== 'acquireAll') return reply;
      return { ...reply, acquireAll: { ...reply.acquireAll!, granted: false, busyName: '/ls/test/b' } };
    };
    const work = (): never => expect.unreachable();
    await expect(cell.client().withLocks(NAMES, work, { waitMs: 0 })).rejects.toMatchObject({
      reason: 'LOCK_BUSY',
      message: expect.stringContaining('/ls/test/b') as string,
    });
  });
});

describe('withLock within withLock of the same client', () => {
  const NAME = '/ls/local/lock';

  it('waits for itself, and says who is in the way when the wait is limited', async () => {
    await using cell = await TestCell.start({ replicas: 1 });
    const client = cell.client();
    const nested = client.withLock(NAME, () => client.withLock(NAME, () => undefined, { waitMs: 1_000 }));
    const error: unknown = await cell.until(nested.catch((reason: unknown) => reason));
    const message = `the lock of /ls/test/lock was not granted in 1000 ms: session ${client.sessionId} has it`;
    expect(error).toMatchObject({ reason: 'LOCK_BUSY', message });
  });

  it('is not meant where two that know nothing of each other take turns', async () => {
    await using cell = await TestCell.start({ replicas: 1 });
    const client = cell.client();
    const turns: string[] = [];
    const take = (who: string): Promise<unknown> =>
      client.withLock(NAME, async () => {
        turns.push(`${who} begins`);
        await cell.settle();
        turns.push(`${who} ends`);
      });
    await Promise.all([take('one'), take('two')]);
    expect(turns).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
  });
});
