import { expect, onTestFinished, test } from 'vitest';
import type { Client } from '../../../src/client/index.js';
import { LeaderElection } from '../../../src/client/recipes/index.js';
import type { Leadership } from '../../../src/client/recipes/index.js';
import type { TestCell } from '../../../src/testing/index.js';
import { Gate, outcomeOf, startCell } from './cell-of-clients.js';

const NAME = '/ls/local/primary';

/** Campaigns, and leads until the gate is opened. */
function campaign(client: Client, value: string) {
  const gate = new Gate();
  const led: { leadership?: Leadership } = {};
  const outcome = outcomeOf(
    new LeaderElection(client, NAME).campaign(value, async (leadership) => {
      led.leadership = leadership;
      leadership.signal.addEventListener('abort', gate.open);
      await gate.opened;
      return `${value} led`;
    }),
  );
  return { gate, led, outcome };
}

/** What an observer has been told so far. */
function observe(client: Client): { told: string[]; ended: Promise<unknown> } {
  const told: string[] = [];
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const follow = async (): Promise<void> => {
    for await (const { leader, stale } of new LeaderElection(client, NAME).observe({ signal: stop.signal })) {
      told.push(`${leader?.value.toString() ?? 'nobody'}${stale ? '?' : ''}`);
    }
  };
  return { told, ended: outcomeOf(follow()) };
}

/** Whom the cell names as leader. */
const named = (cell: TestCell): Promise<unknown> =>
  outcomeOf(
    cell
      .client()
      .read(`${NAME}/leader`)
      .then(({ contents }) => contents.toString()),
  );

test('a leader proclaims another value, and resigns', async () => {
  const cell = await startCell();
  const { told } = observe(cell.client());
  const leader = campaign(cell.client(), 'old');
  await cell.advance(100);
  expect(await named(cell)).toBe('old');
  await leader.led.leadership!.proclaim('new');
  expect(await named(cell)).toBe('new');
  await cell.advance(100);
  leader.led.leadership!.resign();
  expect(await leader.outcome).toBe('old led');
  expect(await named(cell)).toBe('NOT_FOUND');
  await cell.advance(100);
  expect(told.slice(-3)).toEqual(['old', 'new', 'nobody']);
});

test('a leader that resigned is not named any more, also while its own client looks at the file', async () => {
  const cell = await startCell();
  const client = cell.client();
  const first = campaign(client, 'first');
  await cell.settle();
  await client.open(`${NAME}/leader`);
  const second = campaign(client, 'second');
  first.gate.open();
  expect(await first.outcome).toBe('first led');
  await cell.settle();
  expect(await named(cell)).toBe('second');
  second.gate.open();
  expect(await second.outcome).toBe('second led');
});

test('a leader that is cut off stops before the next one leads, and is not named any more', async () => {
  const cell = await startCell();
  const { told } = observe(cell.client());
  const lost = cell.client();
  const first = campaign(lost, 'first');
  await cell.settle();
  const second = campaign(cell.client(), 'second');
  let stoppedFirst = false;
  first.led.leadership!.signal.addEventListener('abort', () => {
    stoppedFirst = second.led.leadership === undefined;
  });
  await cell.cut(lost);
  await cell.advance(30_000);
  expect(stoppedFirst).toBe(true);
  expect(await first.outcome).toBe('LOCK_LOST');
  second.led.leadership!.assertHeld();
  expect(await named(cell)).toBe('second');
  expect(told.at(-1)).toBe('second');
  second.gate.open();
});

test('a leader takes the place of a file that an earlier one left behind', async () => {
  const cell = await startCell();
  const earlier = cell.client();
  await earlier.mkdir(NAME);
  // Given up under way, an Open may have been executed; its session lives, and does not have the lock.
  await earlier.open(`${NAME}/leader`, { create: 'must', ephemeral: true, initialContents: 'nobody' });
  const leader = campaign(cell.client(), 'leader');
  await cell.settle();
  expect(await named(cell)).toBe('leader');
  leader.gate.open();
  expect(await leader.outcome).toBe('leader led');
  expect(await named(cell)).toBe('NOT_FOUND');
});

test('one leads at a time, in the order of the candidates, and observers are told each', async () => {
  const cell = await startCell();
  const { told } = observe(cell.client());
  await cell.settle();
  const first = campaign(cell.client(), 'first');
  await cell.settle();
  const second = campaign(cell.client(), 'second');
  await cell.settle();
  expect(second.led.leadership).toBeUndefined();
  first.gate.open();
  expect(await first.outcome).toBe('first led');
  await cell.advance(100);
  second.led.leadership!.assertHeld();
  expect(await named(cell)).toBe('second');
  expect(told[0]).toBe('nobody');
  expect(told.filter((who) => who !== 'nobody')).toEqual(['first', 'second']);
  second.gate.open();
  await second.outcome;
  await cell.advance(100);
  expect(await named(cell)).toBe('NOT_FOUND');
  expect(told.at(-1)).toBe('nobody');
});

test('a leader stays through a fail-over, and its observers are told of nothing new', async () => {
  const cell = await startCell();
  const { told } = observe(cell.client());
  const leader = campaign(cell.client(), 'leader');
  await cell.advance(1_000);
  const before = [...told];
  await cell.failOver();
  await cell.advance(5_000);
  leader.led.leadership!.assertHeld();
  expect(await named(cell)).toBe('leader');
  expect(told).toEqual(before);
  leader.gate.open();
  expect(await cell.until(leader.outcome)).toBe('leader led');
});

test('an observer that is cut off is told that it may be wrong, and what is right when it is back', async () => {
  const cell = await startCell();
  const observer = cell.client();
  const { told } = observe(observer);
  const first = campaign(cell.client(), 'first');
  await cell.advance(1_000);
  await cell.cut(observer);
  await cell.advance(12_000);
  expect(told.at(-1)).toBe('first?');
  first.gate.open();
  const second = campaign(cell.client(), 'second');
  await cell.advance(15_000);
  expect(told.at(-1)).toBe('first?');
  await cell.heal(observer);
  await cell.advance(15_000);
  expect(told.at(-1)).toBe('second');
  second.gate.open();
  await cell.until(second.outcome);
});

test('an observer whose session expired goes on in another', async () => {
  const cell = await startCell();
  const observer = cell.client();
  const { told } = observe(observer);
  const first = campaign(cell.client(), 'first');
  await cell.advance(1_000);
  await cell.cut(observer);
  await cell.advance(90_000);
  expect(told.at(-1)).toBe('first?');
  await cell.heal(observer);
  await cell.advance(15_000);
  expect(told.at(-1)).toBe('first');
  first.gate.open();
  await cell.until(first.outcome);
  await cell.advance(1_000);
  expect(told.at(-1)).toBe('nobody');
});
