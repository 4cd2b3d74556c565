import { expect, test } from 'vitest';
import { changesOfMaster } from '../../../src/cli/why/reigns.js';
import type { HistoryEntry } from '../../../src/client/index.js';
import { chubby, FakeClient } from './fake-surroundings.js';

const entry = (
  atMs: number,
  replica: number,
  kind: string,
  detail = '',
  epoch: string | null = null,
): HistoryEntry => ({
  replica,
  atMs,
  kind,
  epoch,
  master: null,
  detail,
});

const HISTORY = [
  entry(1_000, 1, 'started'),
  entry(2_000, 1, 'reign-began', 'it knew of no master', '1.1'),
  entry(9_000, 1, 'reign-ended', 'its disk is short of space'),
  entry(9_500, 2, 'reign-began', 'replica 1 handed over to it', '2.2'),
  // Replica 3's clock is late: its reign came after replica 2's.
  entry(9_100, 3, 'reign-began', 'the lease of replica 2 ran out', '4.3'),
  entry(20_000, 2, 'started'),
].sort((a, b) => a.atMs - b.atMs);

test('each change of master is told once, by the order of epochs, as both sides tell it', () => {
  expect(changesOfMaster(HISTORY)).toEqual([
    { atMs: 2_000, master: 1, epoch: '1.1', cause: 'it knew of no master', before: null },
    {
      atMs: 9_500,
      master: 2,
      epoch: '2.2',
      cause: 'replica 1 handed over to it',
      before: { master: 1, cause: 'its disk is short of space' },
    },
    {
      atMs: 9_100,
      master: 3,
      epoch: '4.3',
      cause: 'the lease of replica 2 ran out',
      before: { master: 2, cause: 'it died' },
    },
  ]);
});

test('chubby why prints a line for each', async () => {
  const client = new FakeClient();
  client.cellHistory = HISTORY;
  const { stdout, exitCode } = await chubby(['why', '--since', '60'], { client });
  expect(stdout.trimEnd().split('\n')).toEqual([
    '1970-01-01T00:00:02.000Z replica 1 is master, epoch 1.1: it knew of no master',
    '1970-01-01T00:00:09.500Z replica 2 is master, epoch 2.2: replica 1 handed over to it; ' +
      'replica 1 says: its disk is short of space',
    '1970-01-01T00:00:09.100Z replica 3 is master, epoch 4.3: the lease of replica 2 ran out; replica 2 says: it died',
  ]);
  expect(exitCode).toBe(0);
});
