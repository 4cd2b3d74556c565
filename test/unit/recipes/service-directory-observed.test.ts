import { expect, onTestFinished, test } from 'vitest';
import type { Client } from '../../../src/client/index.js';
import { ServiceDirectory } from '../../../src/client/recipes/index.js';
import { outcomeOf, startCell } from './cell-of-clients.js';

const NAME = '/ls/local/search';

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

test('an instance whose file was deleted is registered again', async () => {
  const cell = await startCell();
  const registration = await directoryOf(cell.client()).register('a', '1');
  await cell.client().delete(`${NAME}/a`);
  await cell.advance(1_000);
  expect(registration.stands).toBe(true);
  expect(shown(await directoryOf(cell.client()).list())).toBe('a=1');
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
