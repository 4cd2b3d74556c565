// A cell whose majority is lost for good, and a new one made of what is left of it.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Client } from '../../src/client/index.js';
import type { LocalCell } from '../../src/server/local-cell.js';
import { chubby, newConfiguration, startRestored } from './restored-cell.js';
import { askAdmin, clientOf, ELECTION_MS, eventually, startCell } from './running-cell.js';

const FILES = 8;
const FILE_BYTES = 64 * 1024;
const OFTEN = { CHUBBYD_SNAPSHOTS_AFTER_LOG_BYTES: String(2 * 1024 * 1024), CHUBBYD_SNAPSHOTS_KEPT: '2' };

/** Each file again and again, so that logs are truncated. */
async function writeRounds(client: Client, from: number, to: number): Promise<void> {
  for (let round = from; round < to; round++) {
    for (let file = 0; file < FILES; file++) {
      await client.write(`/ls/local/file-${file}`, Buffer.alloc(FILE_BYTES, `${round} `));
    }
  }
}

async function roundOf(client: Client, file: number): Promise<number> {
  const { contents } = await client.read(`/ls/local/file-${file}`);
  return Number.parseInt(Buffer.from(contents).toString('latin1'), 10);
}

const allHaveApplied = (cell: LocalCell): Promise<void> =>
  eventually('all have applied the same', async () => {
    const texts = await Promise.all(cell.replicas.map((replica) => askAdmin(replica, '/metrics')));
    const applied = texts.map(({ text }) => /^chubby_applied_slot\{[^}]*\} (\d+)/m.exec(text)?.[1]);
    return applied[0] !== undefined && new Set(applied).size === 1;
  });

test('of one directory a deletion is undone, and a new cell made, as of its end or of an earlier time', async () => {
  const cell = await startCell({ size: 3, environment: OFTEN });
  await cell.waitForMaster(ELECTION_MS);
  const client = clientOf(cell);
  await client.mkdir('/ls/local/docs');
  await client.write('/ls/local/docs/gone', 'by mistake');
  await writeRounds(client, 0, 8);
  const { revision } = await client.stat('/ls/local/file-7');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const then = new Date().toISOString();
  await client.delete('/ls/local/docs/gone');
  await client.delete('/ls/local/docs');
  await writeRounds(client, 8, 12);
  const last = await client.stat('/ls/local/file-7');
  const holder = clientOf(cell);
  const handle = await holder.open('/ls/local/file-0', { write: true });
  await handle.acquire();
  const sequencer = await handle.getSequencer();
  await allHaveApplied(cell);

  const left = cell.replica(3).config.dataDir;
  const { file: config, directory } = await newConfiguration();
  const running = await chubby('restore', '--from-replica', left, '--config', config);
  expect(running).toMatchObject({ exitCode: 1, stdout: '' });
  expect(running.stderr).toContain('is of a replica that runs\n  stop it first');

  await cell.replica(3).process.stop();
  const addresses = cell.clientAddresses.join(',');
  const wanted = ['/ls/local/docs', '--at', then, '--from-replica', left];
  const back = await chubby('undelete', ...wanted, '--cell', addresses, '--json');
  expect(back).toMatchObject({ exitCode: 0, stderr: '' });
  expect(JSON.parse(back.stdout)).toMatchObject({ created: ['/ls/local/docs', '/ls/local/docs/gone'] });
  expect(Buffer.from((await client.read('/ls/local/docs/gone')).contents).toString()).toBe('by mistake');

  await cell.kill();
  const directories = cell.replicas.map((replica) => replica.config.dataDir);
  const into = (name: string): string => join(directory, name);
  const all = await chubby('restore', '--from-replica', ...directories, '--config', config, '--into', into('all'));
  expect(all).toMatchObject({ exitCode: 0, stderr: '' });
  expect(all.stdout).toContain('nothing that was acknowledged is missing');

  const blame = await chubby('blame', '/ls/local/file-7', '--from-replica', left, '--json');
  expect(blame).toMatchObject({ exitCode: 0, stderr: '' });
  const { changes } = JSON.parse(blame.stdout) as { changes: readonly object[] };
  expect(changes[0]).toMatchObject({ what: 'contents', call: 'setContents', revision: last.revision });

  for (const id of [1, 2]) rmSync(cell.replica(id).config.dataDir, { recursive: true });
  const refused = await chubby('restore', '--from-replica', left, '--config', config, '--at', '2000-01-01T00:00:00Z');
  expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
  expect(refused.stderr).toMatch(/reaches from revision \d+ .* to revision \d+ .*\n {2}name a point between the two/);
  expect(existsSync(into('replica-1'))).toBe(false);

  const end = await chubby('restore', '--from-replica', left, '--config', config, '--into', into('end'));
  expect(end).toMatchObject({ exitCode: 0, stderr: '' });
  expect(end.stdout).toContain(`bytes, of revision ${last.revision}\n`);
  expect(end.stdout).toContain('no majority of the old cell is there: writes that were acknowledged after slot');

  const past = await chubby('restore', '--from-replica', left, '--config', config, '--at', then, '--json');
  expect(past).toMatchObject({ exitCode: 0, stderr: '' });
  expect(JSON.parse(past.stdout)).toMatchObject({ revision, recovered: { cut: true, from: left } });
  const newCell = await startRestored(config);
  const reader = clientOf(newCell);
  for (let file = 0; file < FILES; file++) expect(await roundOf(reader, file)).toBe(7);
  expect((await reader.checkSequencer(sequencer)).valid).toBe(false);
  const { instanceNumber } = await reader.stat('/ls/local/file-0');
  expect(instanceNumber).toBeGreaterThan(handle.stat.instanceNumber);
});
