import { expect, onTestFinished, test } from 'vitest';
import type { Client } from '../../../src/client/index.js';
import { WatchedFile } from '../../../src/client/recipes/index.js';
import { outcomeOf, startCell } from './cell-of-clients.js';

const NAME = '/ls/local/limits';

const parse = (contents: Buffer): { limit: number } => JSON.parse(contents.toString()) as { limit: number };

function follow(client: Client, name = NAME): string[] {
  const told: string[] = [];
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const loop = async (): Promise<void> => {
    for await (const { value, problem, stale } of new WatchedFile(client, name, parse).follow({
      signal: stop.signal,
    })) {
      const about = problem === undefined ? '' : ` (${(problem as Error).name})`;
      told.push(`${value?.limit ?? 'nothing'}${about}${stale ? '?' : ''}`);
    }
  };
  void outcomeOf(loop());
  return told;
}

test('what cannot be parsed is told', async () => {
  const cell = await startCell();
  await cell.client().write(NAME, '{"limit":');
  const told = follow(cell.client());
  await cell.settle();
  expect(told).toEqual(['nothing (SyntaxError)']);
});

test('a file that is not there is told', async () => {
  const cell = await startCell();
  const told = follow(cell.client());
  await cell.settle();
  expect(told).toEqual(['nothing (ChubbyError)']);
});

test('what was written while the reader was away is told when it is back, also in another session', async () => {
  const cell = await startCell();
  const writer = cell.client();
  await writer.write(NAME, '{"limit":1}');
  const reader = cell.client();
  const told = follow(reader);
  await cell.settle();
  await cell.cut(reader);
  await cell.advance(30_000);
  expect(told).toEqual(['1', '1?']);
  await writer.write(NAME, '{"limit":2}');
  await cell.heal(reader);
  await cell.advance(15_000);
  expect(told.at(-1)).toBe('2');
});

test('a reader that leaves its loop leaves nothing open', async () => {
  const cell = await startCell();
  const client = cell.client();
  await client.write(NAME, '{"limit":1}');
  for (let time = 0; time < 3; time++) {
    for await (const { value } of new WatchedFile(client, NAME, parse).follow()) {
      expect(value).toEqual({ limit: 1 });
      break;
    }
  }
  await cell.settle();
  const sessions = [];
  for await (const session of client.admin.listSessions()) sessions.push(session);
  expect(sessions.find(({ id }) => id === client.sessionId)?.openHandles).toBe(0);
});

test('its signal ends the loop while the cell is away, too', async () => {
  const cell = await startCell();
  const writer = cell.client();
  await writer.write(NAME, '{"limit":1}');
  const reader = cell.client({ cache: false });
  const stop = new AbortController();
  const states = new WatchedFile(reader, NAME, parse).follow({ signal: stop.signal });
  await states.next();
  // It is told, and reads in vain.
  await writer.write(NAME, '{"limit":2}');
  await cell.settle();
  await cell.cut(reader);
  const rest = async (): Promise<void> => {
    for await (const { stale } of states) expect(stale).toBe(true);
  };
  const end = outcomeOf(rest());
  await cell.advance(30_000);
  stop.abort();
  expect(await cell.until(end, 1_000)).toBe('CANCELLED');
});

test('what cannot be parsed is told, and the last good value stays', async () => {
  const cell = await startCell();
  const writer = cell.client();
  await writer.write(NAME, '{"limit":1}');
  const told = follow(cell.client());
  await cell.settle();
  await writer.write(NAME, '{"limit":');
  await cell.advance(100);
  await writer.write(NAME, '{"limit":2}');
  await cell.advance(100);
  expect(told).toEqual(['1', '1 (SyntaxError)', '2']);
});

test('a file that comes, goes and comes back is followed by its name', async () => {
  const cell = await startCell();
  const writer = cell.client();
  const told = follow(cell.client());
  await cell.settle();
  await writer.write(NAME, '{"limit":1}');
  await cell.advance(100);
  await writer.delete(NAME);
  await cell.advance(100);
  await writer.write(NAME, '{"limit":3}');
  await cell.advance(100);
  expect(told).toEqual(['nothing (ChubbyError)', '1', '1 (ChubbyError)', '3']);
});

test('a fail-over is not seen, and what is written after it is', async () => {
  const cell = await startCell();
  const writer = cell.client();
  await writer.write(NAME, '{"limit":1}');
  const told = follow(cell.client());
  await cell.settle();
  await cell.failOver();
  await cell.until(writer.write(NAME, '{"limit":2}'));
  await cell.advance(1_000);
  expect(told).toEqual(['1', '2']);
});
