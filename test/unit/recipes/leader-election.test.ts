import { expect, test } from 'vitest';
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

/** Whom the cell names as leader. */
const named = (cell: TestCell): Promise<unknown> =>
  outcomeOf(
    cell
      .client()
      .read(`${NAME}/leader`)
      .then(({ contents }) => contents.toString()),
  );

test('one leads at a time, in the order of the candidates', async () => {
  const cell = await startCell();
  const first = campaign(cell.client(), 'first');
  await cell.settle();
  const second = campaign(cell.client(), 'second');
  await cell.settle();
  expect(second.led.leadership).toBeUndefined();
  first.gate.open();
  expect(await first.outcome).toBe('first led');
  await cell.settle();
  second.led.leadership!.assertHeld();
  expect(await named(cell)).toBe('second');
  second.gate.open();
  await second.outcome;
  expect(await named(cell)).toBe('NOT_FOUND');
});

test('a leader proclaims another value, and resigns', async () => {
  const cell = await startCell();
  const leader = campaign(cell.client(), 'old');
  await cell.settle();
  expect(await named(cell)).toBe('old');
  await leader.led.leadership!.proclaim('new');
  expect(await named(cell)).toBe('new');
  leader.led.leadership!.resign();
  expect(await leader.outcome).toBe('old led');
  expect(await named(cell)).toBe('NOT_FOUND');
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
  second.gate.open();
});

test('a leader stays through a fail-over', async () => {
  const cell = await startCell();
  const leader = campaign(cell.client(), 'leader');
  await cell.advance(1_000);
  await cell.failOver();
  await cell.advance(5_000);
  leader.led.leadership!.assertHeld();
  expect(await named(cell)).toBe('leader');
  leader.gate.open();
  expect(await cell.until(leader.outcome)).toBe('leader led');
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
