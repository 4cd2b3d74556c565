import { expect, test } from 'vitest';
import type { Client } from '../../../src/client/index.js';
import { ServiceDirectory } from '../../../src/client/recipes/index.js';
import { FakeCell, STAT, success } from '../client/fake-cell.js';
import { outcomeOf, startCell } from './cell-of-clients.js';

const NAME = '/ls/local/search';
const DIRECTORY = { ...STAT, kind: 'NODE_KIND_DIRECTORY' } as const;

const directoryOf = (client: Client): ServiceDirectory => new ServiceDirectory(client, NAME);

const shown = (instances: ReadonlyMap<string, Buffer>): string =>
  [...instances].map(([name, value]) => `${name}=${value.toString()}`).join(' ');

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
