import { expect, test } from 'vitest';
import { ReadWriteLock } from '../../../src/client/recipes/index.js';
import { Gate, outcomeOf, startCell } from './cell-of-clients.js';

const NAME = '/ls/local/tables';

test('readers read together, a writer waits for all of them, and later readers for the writer', async () => {
  const cell = await startCell();
  const events: string[] = [];
  const start = (kind: 'read' | 'write', name: string): { gate: Gate; done: Promise<void> } => {
    const gate = new Gate();
    const lock = new ReadWriteLock(cell.client(), NAME);
    const done = lock[kind](async () => {
      events.push(`${name} in`);
      await gate.opened;
      events.push(`${name} out`);
    });
    return { gate, done };
  };
  const first = start('read', 'first');
  const second = start('read', 'second');
  await cell.settle();
  expect(events).toEqual(['first in', 'second in']);
  const writer = start('write', 'writer');
  await cell.settle();
  const third = start('read', 'third');
  await cell.settle();
  first.gate.open();
  await first.done;
  await cell.settle();
  expect(events).toEqual(['first in', 'second in', 'first out']);
  second.gate.open();
  await cell.settle();
  writer.gate.open();
  await cell.settle();
  third.gate.open();
  await Promise.all([second.done, writer.done, third.done]);
  expect(events.slice(3)).toEqual(['second out', 'writer in', 'writer out', 'third in', 'third out']);
});

test('a reader that is cut off is told before the writer comes in', async () => {
  const cell = await startCell();
  const reader = cell.client();
  const events: string[] = [];
  const gate = new Gate();
  const reading = outcomeOf(
    new ReadWriteLock(reader, NAME).read(async ({ signal }) => {
      signal.addEventListener('abort', () => events.push('reader told'));
      await gate.opened;
    }),
  );
  await cell.settle();
  const writing = new ReadWriteLock(cell.client(), NAME).write(() => events.push('writer in'));
  await cell.cut(reader);
  await cell.until(writing);
  expect(events).toEqual(['reader told', 'writer in']);
  gate.open();
  expect(await reading).toBe('LOCK_LOST');
});

test('who waits for a limited time only is told in time', async () => {
  const cell = await startCell();
  const gate = new Gate();
  const reading = new ReadWriteLock(cell.client(), NAME).read(() => gate.opened);
  const lock = new ReadWriteLock(cell.client(), NAME);
  expect(await cell.until(outcomeOf(lock.write(() => undefined, { waitMs: 500 })))).toBe('LOCK_BUSY');
  expect(await outcomeOf(lock.write(() => undefined, { waitMs: 0 }))).toBe('LOCK_BUSY');
  expect(await lock.read(() => 'read too')).toBe('read too');
  gate.open();
  await reading;
});
