// docker-compose.yml, really run. Without an engine that answers, test/containers/run.sh, as root, starts one itself.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const answers = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

const missing = [
  !answers('docker', 'info') && 'no Docker engine answers',
  !answers('docker-compose', 'version') && 'docker-compose is not installed',
].filter((what) => what !== false);

test(
  'five containers serve, survive the death of the master, and find their data',
  { timeout: 900_000 },
  ({ skip }) => {
    skip(missing.length > 0, missing.join(', '));
    const run = spawnSync('test/containers/run.sh', { encoding: 'utf8' });
    expect(run.status, run.stdout + run.stderr).toBe(0);
    expect(run.stdout).toContain('== it serves again');
  },
);
