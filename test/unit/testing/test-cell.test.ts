import { describe, expect, onTestFinished, test } from 'vitest';
import type { Client, HeldLock } from '../../../src/client/index.js';
import { TestCell } from '../../../src/testing/index.js';
import type { TestCellOptions } from '../../../src/testing/index.js';
import { reasonOf } from '../client/reason-of.js';

const FILE = '/ls/local/file';
const LOCK = '/ls/local/lock';

async function startCell(options: TestCellOptions = {}): Promise<TestCell> {
  const cell = await TestCell.start(options);
  onTestFinished(() => cell.stop());
  return cell;
}

/** A client whose session exists, and what it was told of it. */
async function sessionOf(cell: TestCell): Promise<{ client: Client; told: string[] }> {
  const client = cell.client();
  const told: string[] = [];
  for (const event of ['jeopardy', 'safe', 'expired', 'failedOver'] as const) client.on(event, () => told.push(event));
  await client.write(FILE, 'contents');
  return { client, told };
}

/** Holds the lock until `letGo`; `lost` says how that ended. */
async function hold(client: Client): Promise<{ lock: HeldLock; letGo: () => void; ended: Promise<string> }> {
  let letGo!: () => void;
  const work = new Promise<void>((resolve) => (letGo = resolve));
  let told!: (lock: HeldLock) => void;
  const lock = new Promise<HeldLock>((resolve) => (told = resolve));
  const locked = client.withLock(LOCK, async (held) => {
    told(held);
    await work;
  });
  const ended = locked.then(
    () => 'done',
    (error: { reason: string }) => error.reason,
  );
  return { lock: await lock, letGo, ended };
}

describe('a fail-over', () => {
  test('is over for clients, too, after a second: their calls need no time', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const cell = await startCell({ seed });
      const { client } = await sessionOf(cell);
      const beside = cell.client();
      await beside.read(FILE);
      await cell.failOver();
      await cell.advance(1_000);
      const atMs = cell.nowMs;
      expect(String((await beside.read(FILE)).contents)).toBe('contents');
      await client.write(FILE, 'more');
      await client.open(FILE);
      expect(cell.nowMs).toBe(atMs);
    }
  });
});

describe('time', () => {
  test('does not pass in ordinary calls, and nobody has to move it for them', async () => {
    const cell = await startCell();
    const startMs = cell.nowMs;
    const client = cell.client();
    const handle = await client.open(FILE, { create: 'must', read: true, write: true });
    await handle.setContents('hello');
    await client.mkdir('/ls/local/directory');
    await handle.acquire();
    const { contents } = await client.read(FILE);
    expect(contents.toString()).toBe('hello');
    expect((await client.list('/ls/local')).map(({ name }) => name)).toContain('file');
    await handle.close();
    await client.close();
    expect(cell.nowMs).toBe(startMs);
  });

  test('passes by advance, to the millisecond', async () => {
    const cell = await startCell();
    const startMs = cell.nowMs;
    await cell.advance(1_234);
    expect(cell.nowMs).toBe(startMs + 1_234);
  });

  test('keeps sessions alive as it passes', async () => {
    const cell = await startCell();
    const { client, told } = await sessionOf(cell);
    await client.open(FILE);
    await cell.advance(120_000);
    expect(client.sessionState).toBe('safe');
    expect(told).toEqual([]);
  });

  test('passes by until, as far as the promise needs', async () => {
    const cell = await startCell();
    const holder = await hold(cell.client());
    const startMs = cell.nowMs;
    const waiter = cell.client();
    expect(await cell.until(reasonOf(waiter.withLock(LOCK, () => undefined, { waitMs: 3_000 })))).toBe('LOCK_BUSY');
    expect(cell.nowMs - startMs).toBeGreaterThanOrEqual(3_000);
    expect(cell.nowMs - startMs).toBeLessThan(3_100);
    await expect(cell.until(holder.ended, 5_000)).rejects.toThrow('not within 5000 ms');
    holder.letGo();
    expect(await holder.ended).toBe('done');
  });
});

describe('a client that never pauses', () => {
  const ENDLESS = 'without a pause';

  test('does not keep a test waiting for ever, whatever it waits for', async () => {
    const cell = await startCell({ replicas: 1 });
    const client = cell.client();
    const ended = reasonOf(
      (async () => {
        for (;;) await client.write(FILE, 'again');
      })(),
    );
    await expect(cell.settle()).rejects.toThrow(ENDLESS);
    // Others have their turn meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 1));
    await client.close();
    expect(await ended).toBe('CLIENT_CLOSED');
    await cell.advance(1_000);
  });

  test('is told so itself when it only reads what it has in its cache', async () => {
    const cell = await startCell({ replicas: 1 });
    const { client } = await sessionOf(cell);
    const ended = (async () => {
      for (;;) await client.read(FILE);
    })();
    await expect(ended).rejects.toThrow(ENDLESS);
  });

  test('may make very many calls of one moment', async () => {
    const cell = await startCell({ replicas: 1 });
    const { client } = await sessionOf(cell);
    const startMs = cell.nowMs;
    const work = async (): Promise<void> => {
      for (let i = 0; i < 1_000; i++) await client.write(FILE, 'again');
      await Promise.all(Array.from({ length: 10_000 }, () => client.write(FILE, 'again')));
    };
    await cell.until(work());
    expect(cell.nowMs).toBe(startMs);
  });
});

describe('a client that is cut off', () => {
  test('loses nothing when the cut is short', async () => {
    const cell = await startCell();
    const { client, told } = await sessionOf(cell);
    await cell.cut(client);
    const written = client.write(FILE, 'late');
    await cell.advance(3_000);
    await cell.heal(client);
    await written;
    expect((await client.read(FILE)).contents.toString()).toBe('late');
    expect(told).toEqual([]);
  });

  test('is in jeopardy after its lease, and safe when it is back in time', async () => {
    const cell = await startCell();
    const { client, told } = await sessionOf(cell);
    const id = client.sessionId;
    await cell.cut(client);
    await cell.advance(12_000);
    expect(client.sessionState).toBe('jeopardy');
    expect(told).toEqual(['jeopardy']);
    const read = client.read(FILE);
    await cell.advance(1_000);
    await cell.heal(client);
    expect((await cell.until(read)).contents.toString()).toBe('contents');
    expect(told).toEqual(['jeopardy', 'safe']);
    expect(client.sessionId).toBe(id);
  });

  test('learns that its session is gone when it comes back too late', async () => {
    const cell = await startCell();
    const { client, told } = await sessionOf(cell);
    await cell.cut(client);
    await cell.advance(30_000);
    expect(client.sessionState).toBe('jeopardy');
    await cell.heal(client);
    await cell.advance(1_000);
    expect(told).toEqual(['jeopardy', 'expired']);
    expect(await reasonOf(client.write(FILE, 'more'))).toBe('SESSION_EXPIRED');
  });

  test('takes its session for gone when the grace period is over', async () => {
    const cell = await startCell();
    const { client, told } = await sessionOf(cell);
    await cell.cut(client);
    const read = reasonOf(client.write(FILE, 'more', { timeoutMs: Infinity }));
    await cell.advance(60_000);
    expect(told).toEqual(['jeopardy', 'expired']);
    expect(await read).toBe('SESSION_EXPIRED');
  });

  test('is told to stop before another has its lock', async () => {
    const cell = await startCell();
    const first = cell.client();
    const { lock, letGo, ended } = await hold(first);
    let order = '';
    lock.signal.addEventListener('abort', () => (order += 'first stops, '));
    const second = cell.client().withLock(LOCK, () => (order += 'second starts'));
    await cell.cut(first);
    await cell.until(second);
    expect(order).toBe('first stops, second starts');
    letGo();
    expect(await ended).toBe('LOCK_LOST');
  });
});

describe('a client that is paused', () => {
  test('notices at once, when it goes on, that its lock may be lost', async () => {
    const cell = await startCell();
    const client = cell.client();
    const { lock, letGo, ended } = await hold(client);
    await cell.pause(client);
    await cell.advance(15_000);
    expect(lock.signal.aborted).toBe(false); // no code of the client ran
    expect(() => lock.assertHeld()).toThrow('may be lost');
    await cell.resume(client);
    expect(lock.signal.aborted).toBe(true);
    letGo();
    expect(await cell.until(ended)).toBe('LOCK_LOST');
  });

  test('goes on as if nothing was when the pause was short', async () => {
    const cell = await startCell();
    const { client, told } = await sessionOf(cell);
    await cell.pause(client);
    const read = client.read(FILE);
    await cell.advance(2_000);
    await cell.resume(client);
    await read;
    expect(told).toEqual([]);
  });

  test('is in jeopardy after any sleep of its machine, as its monotonic clock did not count it', async () => {
    const cell = await startCell();
    const { client, told } = await sessionOf(cell);
    await cell.suspend(client);
    await cell.advance(2_000);
    await cell.resume(client);
    expect(told).toEqual([]);
    await cell.advance(600);
    expect(told).toEqual(['jeopardy', 'safe']);
    await cell.advance(60_000);
    expect(told).toEqual(['jeopardy', 'safe']);
  });
});

describe('a cell that loses its master', () => {
  test('has another one within two seconds, and sessions, handles and locks stay', async () => {
    const cell = await startCell();
    const { client, told } = await sessionOf(cell);
    const { lock, letGo, ended } = await hold(client);
    const old = cell.master;
    const startMs = cell.nowMs;
    const master = await cell.failOver();
    expect(master).not.toBe(old);
    expect(cell.master).toBe(master);
    expect(cell.nowMs - startMs).toBeLessThan(2_000);
    await cell.advance(1_000);
    lock.assertHeld();
    expect(told).toEqual(['failedOver']);
    letGo();
    expect(await ended).toBe('done');
  });

  test('answers nobody until time passes', async () => {
    const cell = await startCell();
    const { client } = await sessionOf(cell);
    const old = await cell.killMaster();
    expect(cell.master).toBeUndefined();
    await expect(cell.killMaster()).rejects.toThrow('no master');
    let answered = false;
    const read = client.read(FILE).then(() => (answered = true));
    await cell.settle();
    expect(answered).toBe(false);
    await cell.until(read);
    await cell.restart(old);
    await cell.advance(2_000);
    const { replicas } = await client.status();
    expect(replicas.map(({ role }) => role).sort()).toEqual(['follower', 'follower', 'follower', 'follower', 'master']);
  });

  test('needs a majority', async () => {
    const cell = await startCell({ replicas: 3 });
    const { client } = await sessionOf(cell);
    await cell.kill(1);
    await cell.kill(2);
    await expect(cell.until(client.write(FILE, 'more'), 5_000)).rejects.toThrow('not within');
    await cell.restart(1);
    await cell.advance(5_000);
    expect((await client.read(FILE)).contents.toString()).toBe('more');
  });

  test('may be of one replica, which forgets nothing', async () => {
    const cell = await startCell({ replicas: 1 });
    const { client } = await sessionOf(cell);
    expect(await cell.failOver()).toBe(1);
    expect((await cell.until(client.read(FILE))).contents.toString()).toBe('contents');
  });
});

test('what is read is the reader’s own', async () => {
  const cell = await startCell({ replicas: 1 });
  const { client } = await sessionOf(cell);
  const mine = Buffer.from('mine');
  const written = client.write(FILE, mine);
  await written;
  mine.fill(0);
  (await client.read(FILE)).contents.fill(0);
  expect((await client.read(FILE)).contents.toString()).toBe('mine');
});

test('the same seed and the same calls give the same run', async () => {
  const run = async (seed: number): Promise<unknown[]> => {
    const cell = await startCell({ seed });
    const { client, told } = await sessionOf(cell);
    const { client: other } = await sessionOf(cell);
    await cell.failOver();
    await cell.cut(other);
    await cell.advance(14_321);
    const { replicas } = await client.status();
    return [cell.nowMs, cell.master, told, client.sessionId, replicas];
  };
  const first = await run(7);
  expect(await run(7)).toEqual(first);
  expect(await run(8)).not.toEqual(first);
});

test('a mistake is named', async () => {
  const cell = await startCell({ replicas: 1 });
  const stranger = (await startCell({ replicas: 1 })).client();
  await expect(cell.kill(2)).rejects.toThrow(RangeError);
  await expect(cell.cut(stranger)).rejects.toThrow('not of this cell');
  expect(() => cell.client({ leaseMs: -1 })).toThrow('leaseMs');
});

test('its end is that of its clients, paused ones too', async () => {
  const cell = await TestCell.start();
  const { client } = await sessionOf(cell);
  const paused = (await sessionOf(cell)).client;
  await cell.pause(paused);
  await cell.stop();
  expect(await reasonOf(client.read(FILE))).toBe('CLIENT_CLOSED');
  expect(await reasonOf(paused.read(FILE))).toBe('CLIENT_CLOSED');
});
