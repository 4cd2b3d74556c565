// A cell that is copied while it is written to, and a new one made of the copy.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Client } from '../../src/client/index.js';
import { LocalCell } from '../../src/server/local-cell.js';
import { chubby, newConfiguration, startRestored } from './restored-cell.js';
import { clientOf, ELECTION_MS, eventually, startCell } from './running-cell.js';

/** Writes numbers to files one after the other until it is stopped, and knows which were acknowledged. */
class Writer {
  readonly acknowledged = new Map<string, number>();
  #stopped = false;
  readonly #done: Promise<void>;

  constructor(client: Client, files: number) {
    this.#done = this.#write(client, files);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }

  async #write(client: Client, files: number): Promise<void> {
    for (let number = 0; !this.#stopped; number++) {
      const path = `/ls/local/load-${number % files}`;
      await client.write(path, String(number));
      this.acknowledged.set(path, number);
    }
  }
}

const reasonOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error as { reason?: string }).reason ?? String(error),
  );

test('a backup under load has all that was acknowledged, and a new cell goes on from it', async () => {
  const cell = await startCell({ size: 3 });
  await cell.waitForMaster(ELECTION_MS);
  const addresses = cell.clientAddresses.join(',');
  const client = clientOf(cell);
  await client.mkdir('/ls/local/docs');
  const large = Buffer.alloc(256 * 1024, 'large ');
  for (let index = 0; index < 12; index++) await client.write(`/ls/local/docs/${index}`, large);
  const holder = clientOf(cell);
  const handle = await holder.open('/ls/local/docs/0', { write: true });
  await handle.acquire();
  const sequencer = await handle.getSequencer();
  await holder.open('/ls/local/here', { write: true, create: 'must', ephemeral: true });
  const writer = new Writer(clientOf(cell), 50);
  while (writer.acknowledged.size < 50) await new Promise((resolve) => setTimeout(resolve, 10));

  const before = new Map(writer.acknowledged);
  const { file: config, directory } = await newConfiguration();
  const file = join(directory, 'a.backup');
  const taken = await chubby('backup', file, '--cell', addresses, '--json');
  const after = new Map(writer.acknowledged);
  expect(taken).toMatchObject({ exitCode: 0, stderr: '' });
  const told = JSON.parse(taken.stdout) as { revision: number; entries: number; cell: string; fileBytes: number };
  expect(told).toMatchObject({ cell: 'local', fileBytes: readFileSync(file).length });
  await writer.stop();
  const again = await chubby('backup', file, '--cell', addresses);
  expect(again).toMatchObject({ exitCode: 1, stdout: '' });
  expect(again.stderr).toContain('--force');
  expect((await chubby('backup', file, '--cell', addresses, '--force')).exitCode).toBe(0);
  expect(existsSync(`${file}.new`)).toBe(false);

  const restored = await chubby('restore', file, '--config', config, '--json');
  expect(restored).toMatchObject({ exitCode: 0, stderr: '' });
  const { cellId, formerCellId } = JSON.parse(restored.stdout) as { cellId: string; formerCellId: string };
  expect(cellId).not.toBe(formerCellId);
  const newCell = await startRestored(config);
  const reader = clientOf(newCell);
  for (let index = 0; index < 12; index++) {
    const { contents } = await reader.read(`/ls/local/docs/${index}`);
    expect(Buffer.from(contents).equals(large)).toBe(true);
  }
  for (const [path] of before) {
    const found = Number(Buffer.from((await reader.read(path)).contents).toString());
    expect(found).toBeGreaterThanOrEqual(after.get(path)!);
  }
  expect(await reasonOf(reader.read('/ls/local/here'))).toBe('NOT_FOUND');
  expect((await reader.checkSequencer(sequencer)).valid).toBe(false);
  const newHandle = await reader.open('/ls/local/docs/0', { write: true });
  expect(newHandle.stat.instanceNumber).toBeGreaterThan(handle.stat.instanceNumber);
  await newHandle.acquire();
  expect((await reader.checkSequencer(await newHandle.getSequencer())).valid).toBe(true);
  await reader.write('/ls/local/new', 'life');

  await newCell.kill();
  newCell.start();
  await newCell.waitForMaster(ELECTION_MS);
  expect(Buffer.from((await clientOf(newCell).read('/ls/local/new')).contents).toString()).toBe('life');
});

test('what cannot be restored is refused in one line with a remedy, and nothing is touched', async () => {
  const cell = await startCell({ size: 1, cell: 'one' });
  await cell.waitForMaster(ELECTION_MS);
  const { file: config, directory } = await newConfiguration('two');
  const file = join(directory, 'a.backup');
  const told = await chubby('backup', file, '--cell', cell.clientAddresses.join(','));
  expect(told).toMatchObject({ exitCode: 0, stderr: '' });
  expect(told.stdout).toMatch(/: revision \d+ of cell one, \d+ entries, \d+ bytes\n$/);

  const refused = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await chubby('restore', ...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
    return stderr;
  };
  expect(await refused(file, '--config', config)).toContain('--rename');
  const whole = readFileSync(file);
  const cut = join(directory, 'cut.backup');
  writeFileSync(cut, whole.subarray(0, whole.length - 3));
  expect(await refused(cut, '--config', config)).toContain('take another backup');
  expect(await refused(join(directory, 'none'), '--config', config)).toContain('check the path');
  expect((await chubby('restore', file)).exitCode).toBe(64);
  for (const id of [1, 2, 3]) expect(existsSync(join(directory, `replica-${id}`))).toBe(false);

  const into = join(directory, 'into');
  const made = await chubby('restore', file, '--config', config, '--rename', '--into', into);
  expect(made).toMatchObject({ exitCode: 0, stderr: '' });
  expect(made.stdout.trimEnd().split('\n').slice(1)).toEqual([1, 2, 3].map((id) => join(into, `replica-${id}`)));
  expect(await refused(file, '--config', config, '--rename', '--into', into)).toContain('is not empty');
});

test('a replica with an empty directory keeps restored ones from starting: it is not of their cell', async () => {
  const cell = await startCell({ size: 1 });
  await cell.waitForMaster(ELECTION_MS);
  const { file: config, directory } = await newConfiguration();
  const file = join(directory, 'a.backup');
  expect((await chubby('backup', file, '--cell', cell.clientAddresses.join(','))).exitCode).toBe(0);
  expect((await chubby('restore', file, '--config', config)).exitCode).toBe(0);
  rmSync(join(directory, 'replica-1'), { recursive: true });
  const restored = new LocalCell({ configFile: config });
  onTestFinished(() => restored.kill());
  restored.start();
  await eventually('the empty one has given up', () => restored.replica(1).process.pid === undefined);
  expect(restored.master).toBeUndefined();
});
