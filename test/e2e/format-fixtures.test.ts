// What earlier commits wrote is read by this one. test/fixtures/formats/vN/replica is the data directory of a stopped
// replica, a cell of its own, as written when N was the newest; `npm run fixtures` writes that of FORMATS anew, and is to be
// called, for a new FORMATS, when a format changes. (docs/UPGRADES.md)
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyDirectory } from '../../src/offline/verify-directory.js';
import type { Client } from '../../src/client/index.js';
import { clientOf, ELECTION_MS, eventually, startCell, temporaryDirectory } from './running-cell.js';

const FORMATS = 'v1';
const FIXTURES = join(import.meta.dirname, '../fixtures/formats');
const OFTEN = { CHUBBYD_SNAPSHOTS_AFTER_SLOTS: '100' };
/** What LevelDB tells people, what keeps processes and a full disk away: no part of the contents. */
const NO_CONTENTS = ['LOG', 'LOG.old', 'LOCK', 'reserve'];
const ROUNDS = 13;
const FILES = 10;

const nameOf = (file: number): string => `/ls/local/dir/file-${file}`;

/** Of everything a little: files, a directory, an access list, a lock that is held, an ephemeral file, a MultiOp's result. */
async function writeContents(client: Client): Promise<void> {
  await client.mkdir('/ls/local/dir');
  for (let round = 0; round < ROUNDS; round++) {
    for (let file = 0; file < FILES; file++) await client.write(nameOf(file), `${round} of ${file}`);
  }
  await client.open('/ls/local/ephemeral', { write: true, create: 'must', ephemeral: true });
  const lock = await client.open('/ls/local/lock', { write: true, create: 'must' });
  await lock.acquire();
}

async function expectContents(client: Client): Promise<void> {
  for (let file = 0; file < FILES; file++) {
    const { contents } = await client.read(nameOf(file));
    expect(Buffer.from(contents).toString()).toBe(`${ROUNDS - 1} of ${file}`);
  }
  const lock = await client.open('/ls/local/lock', { read: true });
  expect((await lock.getStat()).lockGeneration).toBe(1);
}

/** What stands in the files, as `chubby verify` computes it. */
async function judged(directory: string): Promise<unknown> {
  const { cellId, log, snapshots, state, problems } = (await verifyDirectory(directory))!;
  return { cellId, log, snapshots, state, problems };
}

async function writeFixture(target: string): Promise<void> {
  const cell = await startCell({ size: 1, environment: OFTEN });
  const replica = await cell.waitForMaster(ELECTION_MS);
  await writeContents(clientOf(cell));
  const { dataDir } = replica.config;
  await eventually('a snapshot is there', () =>
    readdirSync(join(dataDir, 'snapshots')).some((name) => /\d/.test(name)),
  );
  // Killed, so that session, lock and ephemeral file are still there.
  await cell.kill();
  rmSync(target, { recursive: true, force: true });
  cpSync(dataDir, target, { recursive: true, filter: (path) => !NO_CONTENTS.includes(basename(path)) });
  writeFileSync(join(target, '../expected.json'), `${JSON.stringify(await judged(target), null, 2)}\n`);
}

if (process.env['WRITE_FIXTURES'] === '1') {
  test('the fixture of the present formats is written', () => writeFixture(join(FIXTURES, FORMATS, 'replica')));
}

test('the present formats have a fixture', () => {
  expect(existsSync(join(FIXTURES, FORMATS, 'expected.json'))).toBe(true);
});

test.each(readdirSync(FIXTURES))('what %s wrote is whole, and is served', async (formats) => {
  const directory = temporaryDirectory();
  const dataDir = join(directory, 'replica-1');
  cpSync(join(FIXTURES, formats, 'replica'), dataDir, { recursive: true });
  const expected: unknown = JSON.parse(readFileSync(join(FIXTURES, formats, 'expected.json'), 'utf8'));
  expect(expected).toMatchObject({ problems: [], snapshots: [{ problem: null }] });
  expect(await judged(dataDir)).toEqual(expected);
  const cell = await startCell({ directory, size: 1 });
  await cell.waitForMaster(ELECTION_MS);
  await expectContents(clientOf(cell));
});
