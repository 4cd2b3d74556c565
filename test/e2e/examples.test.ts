// Each example does what it says, against a cell of real processes.
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ELECTION_MS, startCell } from './running-cell.js';

/** The last lines that each prints. */
const SHOWS: Readonly<Record<string, string>> = {
  'leader-election.js': 'in the end leads: nobody',
  'read-write-lock.js': 'readers at the same time: 3\nreaders while one writes: 0',
  'replicated-log.js': 'the master is dead: colour is blue, was blue\nand back: colour is green',
  'semaphore.js': 'most at the same time: 2',
  'service-directory.js': 'registered: one at 10.0.0.1:80, two at 10.0.0.2:80\nleft: two at 10.0.0.2:80',
  'test-cell.js': 'cut off for 12 s: jeopardy\ntold: safe\nand back: contents',
  'watched-file.js': 'connections: 100',
  'with-lock.js': 'first done, second done',
};

test('every example is run', () => {
  expect(readdirSync('examples').filter((file) => file.endsWith('.js'))).toEqual(Object.keys(SHOWS));
});

test('each prints what it is to show, and ends', async () => {
  const cell = await startCell();
  await cell.waitForMaster(ELECTION_MS);
  const env = { ...process.env, CHUBBY_CELL: cell.clientAddresses.join(',') };
  for (const [file, shows] of Object.entries(SHOWS)) {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [`examples/${file}`], {
      env,
      timeout: 30_000,
    });
    expect(stderr, file).toBe('');
    expect(stdout.trimEnd().endsWith(shows), `${file} printed ${stdout}`).toBe(true);
  }
});
