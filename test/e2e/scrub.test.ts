// Damage that comes to the files of running replicas: it is found while they run, and made good by the others.
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Client } from '../../src/client/index.js';
import type { LocalReplica } from '../../src/server/local-cell.js';
import { askAdmin, clientOf, ELECTION_MS, eventually, logOf, startCell } from './running-cell.js';

/** A fast scrub, and so many snapshots and tables that there is something to damage. */
const ENVIRONMENT = {
  CHUBBYD_SCRUB_BYTES_PER_SECOND: String(20 * 1024 * 1024),
  CHUBBYD_SNAPSHOTS_AFTER_LOG_BYTES: String(6 * 1024 * 1024),
};
const FILE_BYTES = 64 * 1024;
const FILES = Array.from({ length: 8 }, (_, n) => `/ls/local/file-${n}`);
const ROUNDS = 32;
const PAGE_BYTES = 4096;

/** Changes a byte in each page, without a moment in which the file is shorter: LevelDB has it mapped. */
function flip(path: string): void {
  const file = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  for (let at = statSync(path).size >> 1; at >= 0; at -= PAGE_BYTES) {
    readSync(file, byte, 0, 1, at);
    byte[0]! ^= 1;
    writeSync(file, byte, 0, 1, at);
  }
  closeSync(file);
}

const pathsIn = ({ config }: LocalReplica, folder: string, suffix: string): string[] =>
  readdirSync(join(config.dataDir, folder))
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => join(config.dataDir, folder, name));

async function metric(replica: LocalReplica, name: string): Promise<number> {
  const { text } = await askAdmin(replica, '/metrics');
  return Number(new RegExp(`^chubby_${name}\\{[^}]*\\} (\\d+)`, 'm').exec(text)?.[1] ?? NaN);
}

/** By replica id, who votes. */
async function incarnations(client: Client): Promise<Map<number | null, string | null>> {
  const { replicas } = await client.status();
  return new Map(replicas.filter(({ voter }) => voter === true).map(({ id, incarnation }) => [id, incarnation]));
}

test(
  'a flipped byte under a running replica is found: a snapshot is replaced, a log rebuilt',
  { timeout: 120_000 },
  async () => {
    const cell = await startCell({ size: 3, restart: true, environment: ENVIRONMENT });
    const master = await cell.waitForMaster(ELECTION_MS);
    const client = clientOf(cell);
    // LevelDB keeps the newest 4 MB in memory.
    for (let round = 0; round < ROUNDS; round++) {
      const contents = Buffer.alloc(FILE_BYTES, `${round} `);
      await Promise.all(FILES.map((name) => client.write(name, contents)));
    }
    const [one, other] = cell.replicas.filter((replica) => replica !== master) as [LocalReplica, LocalReplica];
    await eventually('all vote', async () => (await incarnations(client)).size === 3);
    const before = await incarnations(client);

    // One that is taken in its place then has another name.
    await client.write('/ls/local/last', 'of all');
    const snapshot = pathsIn(one, 'snapshots', '.snapshot').at(-1)!;
    flip(snapshot);
    await eventually('the snapshot is replaced', () => !existsSync(snapshot));
    expect(await metric(one, 'snapshots_damaged_total')).toBeGreaterThan(0);
    expect(pathsIn(one, 'snapshots', '.snapshot').at(-1)! > snapshot).toBe(true);
    expect(logOf(one).join('\n')).toContain(`${snapshot} is damaged`);

    const tables = pathsIn(other, 'log', '.ldb');
    expect(tables.length).toBeGreaterThan(0);
    for (const table of tables) flip(table);
    await eventually(
      'it votes as another',
      async () => {
        const now = (await incarnations(client)).get(other.id);
        return now !== undefined && now !== before.get(other.id);
      },
      60_000,
    );
    expect(logOf(other).join('\n')).toMatch(/"ends"|is damaged/);
    expect((await incarnations(client)).get(one.id)).toBe(before.get(one.id));
    expect(Buffer.from((await client.read(FILES[7]!)).contents).toString()).toMatch(new RegExp(`^${ROUNDS - 1} `));
  },
);
