import { expect, it, onTestFinished } from 'vitest';
import { CLIENT_LIMITS } from '../../../src/client/client-limits.js';
import { TestCell } from '../../../src/testing/index.js';
import { FakeCell, success } from './fake-cell.js';
import { reasonOf } from './reason-of.js';

// A client that has been given more to do than it queues refuses what comes, and nothing that it must do itself.

const X = '/ls/local/x';
const LOCK = '/ls/local/lock';

it('a lock is given back when its work ends', async () => {
  const cell = await TestCell.start({ replicas: 1 });
  onTestFinished(() => cell.stop());
  const client = cell.client({ cache: false });
  await client.write(X, '');
  let end!: () => void;
  const locked = client.withLock(LOCK, () => new Promise<void>((resolve) => (end = resolve)));
  await cell.settle();
  await cell.cut(client);
  const reads: Promise<unknown>[] = [];
  for (const count of [CLIENT_LIMITS.queuedCalls, CLIENT_LIMITS.window + 10]) {
    for (let i = 0; i < count; i++) reads.push(reasonOf(client.read(X)));
    await cell.settle();
  }
  expect(await reads.at(-1)).toBe('TOO_MANY_CALLS');
  end();
  await cell.settle();
  await cell.heal(client);
  await cell.until(locked);
  await cell.until(Promise.all(reads));
  expect(await cell.until(reasonOf(cell.client().withLock(LOCK, () => undefined, { waitMs: 1 })))).toBe('none');
});

it('a new master is shown what the session has', async () => {
  const cell = new FakeCell();
  const client = cell.client({ cache: false });
  let lost = false;
  void reasonOf(
    client.withLock(LOCK, (lock) => {
      lock.signal.addEventListener('abort', () => (lost = true));
      return new Promise(() => undefined);
    }),
  );
  await cell.clock.settle();
  cell.answer = (call) => (call.call === 'setContents' ? undefined : success(call));
  const writes: Promise<unknown>[] = [];
  for (const count of [CLIENT_LIMITS.queuedCalls, CLIENT_LIMITS.window + 10]) {
    for (let i = 0; i < count; i++) writes.push(reasonOf(client.write(X, '')));
    await cell.clock.settle();
  }
  expect(await writes.at(-1)).toBe('TOO_MANY_CALLS');
  cell.kill('a:1');
  await cell.clock.advance(500);
  cell.master = 'b:1';
  await cell.clock.advance(1_000);
  cell.answerKeepAlive({ events: [{ masterFailedOver: {}, event: 'masterFailedOver' }] });
  await cell.clock.advance(100);
  expect(cell.calls.map(({ call }) => call)).toContain('reattach');
  expect(lost).toBe(false);
});

it('a Close that was given up is seen through, over another connection too', async () => {
  const cell = new FakeCell();
  const client = cell.client();
  const handle = await client.open(X, { write: true });
  cell.answer = (call) => (call.call === 'close' ? undefined : success(call));
  const closed = reasonOf(handle.close({ timeoutMs: 1_000 }));
  const made = reasonOf(client.mkdir('/ls/local/d', { mayExist: true, timeoutMs: 1_000 }));
  await cell.clock.advance(1_500);
  expect([await closed, await made]).toEqual(['UNKNOWN_OUTCOME', 'UNKNOWN_OUTCOME']);
  const before = cell.calls.length;
  cell.answer = success;
  cell.cut('a:1');
  await cell.clock.advance(2_000);
  expect(cell.calls.slice(before).filter(({ call }) => call === 'close')).toHaveLength(2);
});
