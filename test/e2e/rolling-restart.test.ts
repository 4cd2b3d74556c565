// What an upgrade does to a cell: every replica is ended by SIGTERM and started again, one after the other, under load.
import { expect, test } from 'vitest';
import { clientOf, ELECTION_MS, eventually, startCell } from './running-cell.js';
import { expectWritten, startWriters } from './writers.js';

test('every replica restarted in turn, the master last, loses nothing that was acknowledged', async () => {
  const cell = await startCell();
  const client = clientOf(cell, { timeoutMs: 30_000 });
  const master = await cell.waitForMaster(ELECTION_MS);
  const writers = await startWriters(client);
  const gapsMs: number[] = [];
  for (const replica of [...cell.replicas.filter((each) => each !== master), master]) {
    const before = writers.acknowledged;
    writers.takeLongestGapMs();
    await replica.process.stop();
    replica.process.start();
    const name = (): string | undefined => replica.process.state?.name;
    await eventually('it takes part again', () => name() === 'follower' || name() === 'master');
    await eventually('all write again', () => writers.acknowledged.every((now, index) => now > before[index]!));
    gapsMs.push(writers.takeLongestGapMs());
  }
  await expectWritten(client, writers);
  const total = writers.acknowledged.reduce((sum, each) => sum + each, 0);
  expect(cell.replicas.map(({ process }) => process.said)).toEqual(cell.replicas.map(() => []));
  console.log(`${total} writes; longest time without one, by restart, the master's last: ${gapsMs.join(', ')} ms`);
});
