import { expect, onTestFinished, test } from 'vitest';
import type { Client } from '../../../src/client/index.js';
import { ServiceDirectory } from '../../../src/client/recipes/index.js';
import { FakeCell, STAT, success } from '../client/fake-cell.js';
import { outcomeOf, startCell } from './cell-of-clients.js';

const NAME = '/ls/local/search';
const DIRECTORY = { ...STAT, kind: 'NODE_KIND_DIRECTORY' } as const;

const directoryOf = (client: Client): ServiceDirectory => new ServiceDirectory(client, NAME);

const shown = (instances: ReadonlyMap<string, Buffer>): string =>
  [...instances].map(([name, value]) => `${name}=${value.toString()}`).join(' ');

function follow(client: Client): string[] {
  const told: string[] = [];
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const loop = async (): Promise<void> => {
    for await (const { instances, stale } of directoryOf(client).follow({ signal: stop.signal })) {
      told.push(shown(instances) + (stale ? '?' : ''));
    }
  };
  void outcomeOf(loop());
  return told;
}

test('instances come, say something else, and go', async () => {
  const cell = await startCell();
  const reader = directoryOf(cell.client());
  expect(shown(await reader.list())).toBe('');
  const a = await directoryOf(cell.client()).register('a', '1');
  const b = await directoryOf(cell.client()).register('b', '2');
  expect(shown(await reader.list())).toBe('a=1 b=2');
  await a.update('3');
  expect(shown(await reader.list())).toBe('a=3 b=2');
  await a.close();
  expect(shown(await reader.list())).toBe('b=2');
  expect([a.stands, b.stands]).toEqual([false, true]);
});

test('who gives up waiting for a registration leaves nothing behind', async () => {
  const cell = await startCell();
  const first = await directoryOf(cell.client()).register('a', 'first');
  const stop = new AbortController();
  const second = outcomeOf(directoryOf(cell.client()).register('a', 'second', { signal: stop.signal }));
  await cell.settle();
  stop.abort();
  expect(await second).toBe('CANCELLED');
  await first.close();
  await cell.advance(1_000);
  expect(shown(await directoryOf(cell.client()).list())).toBe('');
});

test('who gives up just as the place becomes free is told so', async () => {
  const cell = new FakeCell();
  const client = cell.client();
  cell.answer = (call) => {
    const reply = success(call);
    // Somebody else is registered; and the cell is slow.
    if (reply.open) return { ...reply, open: { ...reply.open, created: false, stat: DIRECTORY } };
    return call.call === 'close' && call.number > 2 ? undefined : reply;
  };
  const stop = new AbortController();
  const registering = outcomeOf(new ServiceDirectory(client, NAME).register('a', 'a', { signal: stop.signal }));
  await cell.clock.settle();
  const opened = cell.calls.findLast(({ open }) => open)!;
  const node = { handleId: opened.number, kind: 'EVENT_KIND_HANDLE_INVALID', name: NAME, revision: 30 } as const;
  cell.answerKeepAlive({ events: [{ event: 'node', node }] });
  await cell.clock.settle();
  stop.abort();
  cell.reply(success(cell.calls.findLast(({ close }) => close)!));
  await cell.clock.settle();
  expect(await Promise.race([registering, Promise.resolve('open')])).toBe('CANCELLED');
});

test('instances come, say something else, and go, and whoever follows is told', async () => {
  const cell = await startCell();
  const told = follow(cell.client());
  await cell.settle();
  const a = await directoryOf(cell.client()).register('a', '1');
  const b = await directoryOf(cell.client()).register('b', '2');
  await cell.advance(100);
  expect(told.at(-1)).toBe('a=1 b=2');
  await a.update('3');
  await cell.advance(100);
  expect(told.at(-1)).toBe('a=3 b=2');
  expect(shown(await directoryOf(cell.client()).list())).toBe('a=3 b=2');
  await a.close();
  await cell.advance(100);
  expect(told.at(-1)).toBe('b=2');
  expect(b.stands).toBe(true);
});

test('an instance goes with its session, and comes back with the next one, with what it said last', async () => {
  const cell = await startCell();
  const told = follow(cell.client());
  const lost = cell.client();
  const registration = await directoryOf(lost).register('a', '1');
  await registration.update('2');
  await cell.cut(lost);
  await cell.advance(30_000);
  expect(registration.stands).toBe(false);
  expect(told.at(-1)).toBe('');
  await cell.advance(60_000);
  await cell.heal(lost);
  await cell.advance(15_000);
  expect(registration.stands).toBe(true);
  expect(told.at(-1)).toBe('a=2');
});

test('an instance that is registered already is waited for', async () => {
  const cell = await startCell();
  const first = cell.client();
  await directoryOf(first).register('a', 'former life');
  const second = directoryOf(cell.client()).register('a', 'this life');
  await cell.advance(5_000);
  expect(shown(await directoryOf(cell.client()).list())).toBe('a=former life');
  await cell.cut(first);
  const registration = await cell.until(second);
  expect(registration.stands).toBe(true);
  expect(shown(await directoryOf(cell.client()).list())).toBe('a=this life');
});

test('an instance whose file was deleted is registered again', async () => {
  const cell = await startCell();
  const registration = await directoryOf(cell.client()).register('a', '1');
  await cell.client().delete(`${NAME}/a`);
  await cell.advance(1_000);
  expect(registration.stands).toBe(true);
  expect(shown(await directoryOf(cell.client()).list())).toBe('a=1');
});

test('an instance that cannot be registered again is told so', async () => {
  const cell = await startCell();
  const registration = await directoryOf(cell.client()).register('a', '1');
  expect(registration.signal.aborted).toBe(false);
  await cell.client().multiOp({ then: [{ delete: `${NAME}/a` }, { delete: NAME }] });
  await cell.settle();
  expect(registration.signal).toMatchObject({ aborted: true, reason: { reason: 'NOT_FOUND' } });
  expect(registration.stands).toBe(false);
  expect(await outcomeOf(registration.update('2'))).toBe('NOT_FOUND');
  await registration.close();
});

test('an instance that is closed is told so, too', async () => {
  const cell = await startCell();
  const registration = await directoryOf(cell.client()).register('a', '1');
  await registration.close();
  expect(registration.signal).toMatchObject({ aborted: true, reason: { reason: 'CANCELLED' } });
  expect(await outcomeOf(registration.update('2'))).toBe('CANCELLED');
});

test('instances stay through a fail-over', async () => {
  const cell = await startCell();
  const told = follow(cell.client());
  await directoryOf(cell.client()).register('a', '1');
  await cell.advance(1_000);
  await cell.failOver();
  await cell.advance(90_000);
  expect(told.slice(-1)).toEqual(['a=1']);
});
