// Clients that stand still for longer than the cell keeps their connections, and go on.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { clientOf, ELECTION_MS, eventually, startCell } from './running-cell.js';

/** The cell gives up a silent connection after half a minute at the latest. */
const PAUSE_MS = 32_000;
const HOLD = ['sh', '-c', 'echo held; exec sleep 600'];

interface Chubby {
  readonly child: ChildProcess;
  said: string;
  exitCode: number | undefined;
}

test('clients that were stopped for half a minute go on, or say what they lost', { timeout: 180_000 }, async () => {
  const cell = await startCell();
  await cell.waitForMaster(ELECTION_MS);
  const environment = { ...process.env, CHUBBY_CELL: cell.clientAddresses.join(',') };
  const chubby = (...words: string[]): Chubby => {
    const child = spawn('node', ['bin/chubby', ...words], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const started: Chubby = { child, said: '', exitCode: undefined };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (started.said += String(bytes)));
    child.on('close', (code) => (started.exitCode = code ?? -1));
    return started;
  };
  const client = clientOf(cell);
  await client.write('/ls/local/file', 'before');
  const watches = [chubby('watch', '/ls/local/file'), chubby('watch', '/ls/local/file')];
  const locks = ['one', 'two', 'three'].map((name) => chubby('lock', `/ls/local/${name}`, '--', ...HOLD));
  await eventually('they watch', () => watches.every(({ said }) => said.includes('reread')));
  // That the cell has granted them does not say that they know.
  await eventually('they have their locks', () => locks.every(({ said }) => said.includes('held')));

  const all = [...watches, ...locks];
  for (const { child } of all) child.kill('SIGSTOP');
  await delay(PAUSE_MS);
  const toldBefore = watches.map(({ said }) => said.length);
  for (const { child } of all) child.kill('SIGCONT');

  await eventually('the holders end', () => locks.every(({ exitCode }) => exitCode !== undefined));
  for (const { said } of locks) expect(said).toContain('the lock may be lost');
  await client.write('/ls/local/file', 'after');
  await eventually('the watches tell of it', () => watches.every(({ said }, i) => said.length > toldBefore[i]!));
  expect(watches.map(({ exitCode }) => exitCode)).toEqual([undefined, undefined]);
});
