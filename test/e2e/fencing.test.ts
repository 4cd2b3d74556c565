// What no lock can promise, and a fence can: examples/fencing, step by step.
import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { ELECTION_MS, startCell } from './running-cell.js';

/** Each after the one before it. */
const STEPS = [
  /^first : writer \d+ wrote 3$/m,
  /^second: chubby: waiting for the lock \/ls\/local\/store: session [0-9a-f]{16} has it/m,
  /^--- SIGSTOP/m,
  /^second: writer \d+ wrote 3$/m,
  /^--- .* SIGCONT/m,
  /^first : writer \d+ was refused \d+: OUTDATED, a later holder of \/ls\/local\/store was here/m,
  /^--- The first was told, .* chubby ended with 121\.$/m,
];

test('a holder that was paused beyond its lease is told, stopped, and refused', { timeout: 120_000 }, async () => {
  const cell = await startCell();
  await cell.waitForMaster(ELECTION_MS);
  const demo = spawn('node', ['examples/fencing/demo.js'], {
    env: { ...process.env, CHUBBY_CELL: cell.clientAddresses.join(',') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void demo.kill());
  let said = '';
  for (const stream of [demo.stdout, demo.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const exitCode = await new Promise((resolve) => demo.on('close', resolve));
  expect(exitCode, said).toBe(0);

  let rest = said;
  for (const step of STEPS) {
    const found = step.exec(rest);
    expect(found, `${step} in\n${said}`).not.toBeNull();
    rest = rest.slice(found!.index + found![0].length);
  }
  expect(said).toMatch(/^first : chubby: the lock may be lost/m);
});
