import { expect, test } from 'vitest';
import type { Client } from '../../../src/client/index.js';
import { ServiceDirectory } from '../../../src/client/recipes/index.js';
import { outcomeOf, startCell } from './cell-of-clients.js';

const NAME = '/ls/local/search';

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
