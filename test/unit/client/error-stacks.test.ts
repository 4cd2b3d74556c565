import { expect, it, onTestFinished } from 'vitest';
import type { Client } from '../../../src/client/client.js';
import { TestCell } from '../../../src/testing/test-cell.js';

// Whoever finds an error in a log wants to know which of his calls it was.

const DIRECTORY = '/ls/local/directory';

async function stackOf(cell: TestCell, call: () => Promise<unknown>): Promise<string> {
  async function theCallersOwn(): Promise<void> {
    await call();
  }
  return cell.until(
    theCallersOwn().then(
      () => 'it was done',
      (error: Error) => error.stack ?? '',
    ),
  );
}

it.each<[string, (client: Client) => Promise<unknown>]>([
  ['a write', (client) => client.write(DIRECTORY, 'x')],
  ['a read', (client) => client.read(DIRECTORY)],
  ['an Open', (client) => client.open(DIRECTORY, { create: 'must' })],
  ['a call on a handle', async (client) => (await client.open(DIRECTORY)).getContentsAndStat()],
  ['a lock', (client) => client.withLock('/ls/local/no/lock', () => undefined)],
])('the error of %s names the code that made the call', async (_what, call) => {
  const cell = await TestCell.start({ replicas: 1 });
  onTestFinished(() => cell.stop());
  const client = cell.client();
  await client.mkdir(DIRECTORY);
  expect(await stackOf(cell, () => call(client))).toContain('theCallersOwn');
});

it('so does that of a call that was not answered, and that of one whose session ended', async () => {
  const cell = await TestCell.start({ replicas: 1 });
  onTestFinished(() => cell.stop());
  const client = cell.client();
  await client.write('/ls/local/file', 'x');
  await cell.cut(client);
  expect(await stackOf(cell, () => client.write('/ls/local/file', 'y', { timeoutMs: 100 }))).toContain('theCallersOwn');
  const two = [1, 2].map(() => stackOf(cell, () => client.write('/ls/local/file', 'y', { timeoutMs: 100_000 })));
  for (const stack of await Promise.all(two)) expect(stack).toContain('theCallersOwn');
});
