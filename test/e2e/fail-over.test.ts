// Masters that end, again and again, while clients write and hold locks.
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { LocalCell } from '../../src/server/local-cell.js';
import { clientOf, ELECTION_MS, eventually, startCell } from './running-cell.js';
import { expectWritten, startWriters } from './writers.js';

const KILLS = 10;
const A_WHILE_MS = 600;

/** A client in a process of its own that takes a lock and is killed: its session lives on until its lease is over. */
async function killClientWithLock(cell: LocalCell): Promise<void> {
  const child = spawn('bin/chubby', ['lock', '/ls/local/theirs', '--', 'sh', '-c', 'echo held; exec sleep 60'], {
    env: { ...process.env, CHUBBY_CELL: cell.clientAddresses.join(',') },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const pid = child.pid!;
  onTestFinished(() => {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  });
  await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  process.kill(-pid, 'SIGKILL');
}

test(
  'ten masters killed in a row lose no write, repeat none, and take no lock away',
  { timeout: 180_000 },
  async () => {
    const cell = await startCell({ restart: true });
    const client = clientOf(cell, { timeoutMs: 30_000 });
    const lock = await client.open('/ls/local/mine', { write: true, create: 'may' });
    expect((await lock.acquire()).granted).toBe(true);
    const { lockGeneration } = await lock.getStat();
    await killClientWithLock(cell);
    const writers = await startWriters(client);
    const gapsMs: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      await delay(A_WHILE_MS);
      writers.takeLongestGapMs();
      const before = writers.acknowledged;
      (await cell.waitForMaster(ELECTION_MS)).process.signal('SIGKILL');
      await eventually('all write again', () => writers.acknowledged.every((now, index) => now > before[index]!));
      gapsMs.push(writers.takeLongestGapMs());
      await eventually('all replicas run', () => cell.replicas.every(({ process }) => process.state !== undefined));
    }
    await expectWritten(client, writers);
    const check = await client.checkSequencer(await lock.getSequencer());
    expect(check.valid).toBe(true);
    expect((await lock.getStat()).lockGeneration).toBe(lockGeneration);
    const median = gapsMs.toSorted((a, b) => a - b)[KILLS / 2];
    console.log(
      `longest time without a write after each SIGKILL of the master: ${gapsMs.join(', ')} ms; median ${median}`,
    );
  },
);

test('a master that is asked to end hands over', async () => {
  const cell = await startCell({ restart: true });
  const client = clientOf(cell, { timeoutMs: 30_000 });
  const writers = await startWriters(client);
  await delay(A_WHILE_MS);
  writers.takeLongestGapMs();
  const before = writers.acknowledged;
  const master = await cell.waitForMaster(ELECTION_MS);
  master.process.signal('SIGTERM');
  await eventually('all write again', () => writers.acknowledged.every((now, index) => now > before[index]! + 10));
  await eventually('another reigns', () => cell.master !== undefined && cell.master.id !== master.id);
  const gapMs = writers.takeLongestGapMs();
  await expectWritten(client, writers);
  console.log(`longest time without a write after SIGTERM of the master: ${gapMs} ms`);
});
