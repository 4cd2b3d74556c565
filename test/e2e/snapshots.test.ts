// Snapshots of real processes on real disks: what they free, what a restart begins with, and how far they carry.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Client } from '../../src/client/index.js';
import { verifyDirectory } from '../../src/offline/verify-directory.js';
import type { LocalCell, LocalReplica } from '../../src/server/local-cell.js';
import { askAdmin, clientOf, ELECTION_MS, eventually, logOf, startCell } from './running-cell.js';

const FILE_BYTES = 64 * 1024;
const FILES = 8;
const OFTEN = { CHUBBYD_SNAPSHOTS_AFTER_LOG_BYTES: String(2 * 1024 * 1024), CHUBBYD_SNAPSHOTS_KEPT: '2' };

/** Files of a known size and contents, each written again and again. */
async function writeRounds(client: Client, from: number, to: number): Promise<void> {
  for (let round = from; round < to; round++) {
    const writes = Array.from({ length: FILES }, (_, file) =>
      client.write(`/ls/local/file-${file}`, Buffer.alloc(FILE_BYTES, `${round} `)),
    );
    await Promise.all(writes);
  }
}

async function expectRound(client: Client, round: number): Promise<void> {
  for (let file = 0; file < FILES; file++) {
    const { contents } = await client.read(`/ls/local/file-${file}`);
    expect(Buffer.from(contents).equals(Buffer.alloc(FILE_BYTES, `${round} `))).toBe(true);
  }
}

/** Runs the command. */
async function chubby(...args: string[]): Promise<{ stdout: string; exitCode: number | null }> {
  const child = spawn('bin/chubby', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { stdout, exitCode };
}

async function metric(replica: LocalReplica, name: string): Promise<number> {
  const { text } = await askAdmin(replica, '/metrics');
  return Number(new RegExp(`^chubby_${name}\\{[^}]*\\} (\\d+)`, 'm').exec(text)?.[1] ?? NaN);
}

function directoryBytes(directory: string): number {
  return readdirSync(directory, { withFileTypes: true, recursive: true }).reduce(
    (sum, entry) => sum + (entry.isFile() ? sizeOf(join(entry.parentPath, entry.name)) : 0),
    0,
  );
}

/** LevelDB removes files while one looks. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

const sameStateEverywhere = (cell: LocalCell, client: Client): Promise<void> =>
  eventually('all have applied the same', async () => {
    const { replicas } = await client.status();
    return replicas.length === cell.replicas.length && new Set(replicas.map(({ applied }) => applied)).size === 1;
  });

test('a cell frees its log behind snapshots, restarts from them, and brings back by one who was away', async () => {
  const cell = await startCell({ environment: OFTEN });
  const master = await cell.waitForMaster(ELECTION_MS);
  const client = clientOf(cell);
  const away = cell.replicas.find((replica) => replica !== master)!;
  await writeRounds(client, 0, 2);
  await away.process.kill();
  // More than memory keeps for who is a little behind: only a snapshot leads back.
  await writeRounds(client, 2, 40);
  const staying = cell.replicas.filter((replica) => replica !== away);
  for (const replica of staying) {
    expect(await metric(replica, 'log_first_slot')).toBeGreaterThan(1);
    expect(
      readdirSync(join(replica.config.dataDir, 'snapshots')).filter((name) => name.endsWith('.snapshot')).length,
    ).toBeLessThanOrEqual(3);
  }

  away.process.start();
  await sameStateEverywhere(cell, client);
  expect(await metric(away, 'snapshots_installed_total')).toBe(1);
  expect(logOf(away).join('\n')).toContain('took over the state of a peer');

  await cell.kill();
  cell.start();
  await cell.waitForMaster(ELECTION_MS);
  await expectRound(clientOf(cell), 39);
  await sameStateEverywhere(cell, clientOf(cell));
});

test('what stopped replicas hold is computed anew, and what is damaged is named', async () => {
  const cell = await startCell({ size: 3, environment: OFTEN });
  await writeRounds(clientOf(cell), 0, 25);
  await cell.stop();
  const directories = cell.replicas.map(({ config }) => config.dataDir);
  const found = await Promise.all(directories.map((directory) => verifyDirectory(directory)));
  const digests = new Map<number, string>();
  for (const verification of found) {
    expect(verification).toMatchObject({ problems: [] });
    const { slot, digest } = verification!.state!;
    expect(digests.get(slot) ?? digest).toBe(digest);
    digests.set(slot, digest);
    expect(verification!.snapshots.length).toBeGreaterThan(0);
  }
  const [directory] = directories as [string];
  expect(await verifyDirectory(directory)).toEqual(found[0]);

  const snapshots = join(directory, 'snapshots');
  const name = readdirSync(snapshots).sort().at(-1)!;
  const bytes = readFileSync(join(snapshots, name));
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(join(snapshots, name), bytes);
  const { stdout, exitCode } = await chubby('verify', directory);
  expect(exitCode).toBe(1);
  expect(stdout).toContain(`damaged: ${join(snapshots, name)} is damaged`);
  expect((await chubby('verify', directories[1]!)).stdout).toMatch(/\nsound\n$/);
  expect((await chubby('verify', snapshots)).exitCode).toBe(64);
});

test('the disk that a cell takes up is bounded by its database, not by what was ever written', async () => {
  const cell = await startCell({ size: 1, environment: OFTEN });
  const client = clientOf(cell);
  const [replica] = cell.replicas as [LocalReplica];
  const sizes: number[] = [];
  for (let round = 0; round < 120; round += 20) {
    await writeRounds(client, round, round + 20);
    sizes.push(directoryBytes(replica.config.dataDir));
  }
  // 60 MB were written; two snapshots of half a MB and the log between them are kept, and what LevelDB has not compacted.
  expect(Math.max(...sizes)).toBeLessThan(40 * 1024 * 1024);
  expect(sizes.at(-1)!).toBeLessThan(2 * Math.max(...sizes.slice(0, 3)));
});
