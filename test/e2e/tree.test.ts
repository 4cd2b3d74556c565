// A real tree of small files goes into a cell and comes out again, though the master is killed on the way.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LocalCell } from '../../src/server/local-cell.js';
import { clientOf, ELECTION_MS, eventually, startCell, temporaryDirectory } from './running-cell.js';

const LARGEST_FILE_BYTES = 262_144;
/** The first of these that is here: time zones of the system, or else sources that `npm ci` brings. */
const TREES = ['/usr/share/zoneinfo', 'node_modules/rxjs', 'node_modules'];

/** The regular files below a directory, by their relative names, with what fits into a cell; links are not followed. */
function filesOf(directory: string, below = '', files = new Map<string, Buffer>()): Map<string, Buffer> {
  for (const entry of readdirSync(join(directory, below), { withFileTypes: true })) {
    const name = join(below, entry.name);
    if (entry.isDirectory()) filesOf(directory, name, files);
    if (!entry.isFile()) continue;
    const contents = readFileSync(join(directory, name));
    if (contents.length <= LARGEST_FILE_BYTES) files.set(name, contents);
  }
  return files;
}

function chubby(cell: LocalCell, ...args: string[]): Promise<{ exitCode: number | null; said: string }> {
  const child = spawn('bin/chubby', args, {
    env: { ...process.env, CHUBBY_CELL: cell.clientAddresses.join(','), CHUBBY_TIMEOUT: '30' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => child.on('close', (exitCode) => resolve({ exitCode, said })));
}

test('an import survives the death of the master, and the export is the same', { timeout: 120_000 }, async () => {
  const tree = TREES.find((directory) => existsSync(directory) && filesOf(directory).size >= 1_000)!;
  const files = filesOf(tree);
  const cell = await startCell({ restart: true });
  const client = clientOf(cell);
  const master = await cell.waitForMaster(ELECTION_MS);
  const importing = chubby(cell, 'import', tree, '/ls/local/tree');
  await eventually('the import is under way', async () => {
    const { chosen } = (await client.status()).replicas.find(({ id }) => id === master.id)!;
    return chosen !== null && chosen > 20;
  });
  master.process.signal('SIGKILL');
  const imported = await importing;
  // 7: what is no small regular file was left out, and named.
  expect([0, 7], imported.said).toContain(imported.exitCode);

  const out = join(temporaryDirectory(), 'out');
  const exported = await chubby(cell, 'export', '/ls/local/tree', out);
  expect(exported.exitCode, exported.said).toBe(0);
  const found = filesOf(out);
  expect([...found.keys()].sort()).toEqual([...files.keys()].sort());
  for (const [name, contents] of files) expect(found.get(name)!.equals(contents), name).toBe(true);
  console.log(`${files.size} files of ${tree} in and out`);
});
