import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { connect } from '../../src/client/index.js';
import type { Client, ClientOptions } from '../../src/client/index.js';
import { startLocalCell } from '../../src/server/local-cell.js';
import type { LocalCell, LocalReplica, NewLocalCell } from '../../src/server/local-cell.js';

/** How long a cell may take to elect on a machine that is busy with other tests. */
export const ELECTION_MS = 30_000;

/** A directory on a real disk that lasts as long as the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'chubby-e2e-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true, maxRetries: 10 }));
  return directory;
}

/** A cell of real processes that lasts as long as the test; when that fails, it shows what the replicas logged last. */
export async function startCell(options: Partial<NewLocalCell> = {}): Promise<LocalCell> {
  const cell = await startLocalCell({ directory: temporaryDirectory(), ...options });
  onTestFinished(async ({ task }) => {
    await cell.kill();
    if (task.result?.state !== 'fail') return;
    for (const replica of cell.replicas) console.log(`replica ${replica.id}\n${logOf(replica).slice(-15).join('\n')}`);
  });
  return cell;
}

/** The lines that a replica logged. */
export const logOf = ({ config }: LocalReplica): string[] =>
  readFileSync(config.log.file!, 'utf8').trimEnd().split('\n');

/** A client of the cell that lasts as long as the test. */
export function clientOf(cell: LocalCell, options: ClientOptions = {}): Client {
  const client = connect({ cell: cell.clientAddresses.join(','), ...options });
  onTestFinished(() => client.close());
  return client;
}

/** What a replica's admin HTTP answers. */
export function askAdmin(
  { config }: LocalReplica,
  path: string,
): Promise<{ readonly status: number | undefined; readonly text: string }> {
  return new Promise((resolve, reject) => {
    get(`http://${config.listen.admin}${path}`, { agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode, text }));
    }).on('error', reject);
  });
}

/** Resolves when the condition holds. @throws Error naming it when it does not after `patienceMs` */
export async function eventually(
  what: string | (() => string),
  condition: () => boolean | Promise<boolean>,
  patienceMs = ELECTION_MS,
): Promise<void> {
  const endMs = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > endMs) {
      throw new Error(`not after ${patienceMs} ms: ${typeof what === 'string' ? what : what()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
