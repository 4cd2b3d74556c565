import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { freePorts } from '../../src/server/free-ports.js';
import { LocalCell } from '../../src/server/local-cell.js';
import { ELECTION_MS, temporaryDirectory } from './running-cell.js';

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** Runs the command. */
export async function chubby(...args: string[]): Promise<Ran> {
  const child = spawn('bin/chubby', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { stdout, stderr, exitCode };
}

/** The configuration of a cell of three that has never run. */
export async function newConfiguration(name = 'local'): Promise<{ readonly file: string; readonly directory: string }> {
  const directory = temporaryDirectory();
  const ports = await freePorts(9);
  const replicas = [0, 1, 2].map((index) => ({
    id: index + 1,
    clientAddress: `127.0.0.1:${ports[index]!}`,
    peerAddress: `127.0.0.1:${ports[3 + index]!}`,
    adminAddress: `127.0.0.1:${ports[6 + index]!}`,
  }));
  const file = join(directory, 'cell.yaml');
  const log = { file: join(directory, 'replica-{replicaId}.log') };
  writeFileSync(file, stringify({ cell: name, replicas, dataDir: join(directory, 'replica-{replicaId}'), log }));
  return { file, directory };
}

/** Starts what was restored; it lasts as long as the test. */
export async function startRestored(configFile: string): Promise<LocalCell> {
  const cell = new LocalCell({ configFile });
  onTestFinished(() => cell.kill());
  cell.start();
  await cell.waitForMaster(ELECTION_MS);
  return cell;
}
