// A downgrade: files of a later version are refused by a line that says so, and none of them changes. (docs/UPGRADES.md)
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { checksum } from '../../../src/common/checksum.js';
import { SeededRng } from '../../../src/common/rng.js';
import type { ReplicaId } from '../../../src/paxos/ballot.js';
import { openDataDirectory } from '../../../src/storage/level/data-directory.js';
import { DamagedSnapshot } from '../../../src/storage/snapshot-store.js';
import { FileSnapshotStore } from '../../../src/storage/level/file-snapshot-store.js';
import { records, slot } from './records.js';
import { chunksOf, encoded, handleOf } from './snapshots.js';
import { temporaryDirectory } from './temporary-directory.js';

const NEWER = 9;
const PAGE_BYTES = 4096;
const SNAPSHOT = 'snapshots/0000000000000002.snapshot';

let directory: string;
const open = () => openDataDirectory(directory, 1 as ReplicaId, new SeededRng(1));

/** Every file of the directory, by its path. */
async function contents(): Promise<Record<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const pairs = paths.sort().map(async (path) => [path, (await readFile(path)).toString('hex')] as const);
  return Object.fromEntries(await Promise.all(pairs));
}

beforeEach(async () => {
  directory = await temporaryDirectory();
  const { identity, identityStore, replayLog, snapshots } = await open();
  const { cellId } = handleOf(2);
  await identityStore.save({ ...identity, state: 'member', cellId, founders: [identity.self] });
  await replayLog.recover();
  await replayLog.append({ accepted: records(1, 3), chosenUpTo: slot(3) });
  await snapshots.write(handleOf(2), chunksOf('one', 'two'));
  await replayLog.close();
});

/** Changes bytes of a file in their place. */
async function patch(file: string, change: (bytes: Buffer) => Buffer | void): Promise<void> {
  const path = join(directory, file);
  const bytes = await readFile(path);
  await writeFile(path, change(bytes) ?? bytes);
}

/** One page of the proof of the tail as a later version writes it. */
function newerMark(page: Buffer): void {
  const stored = page.subarray(1, 1 + page[0]!);
  stored[0] = NEWER;
  stored.writeUInt32LE(checksum(stored.subarray(0, -4), checksum(Buffer.from('tail'))), stored.length - 4);
}

/** The header of a snapshot likewise: length, sum, kind, version. */
function newerSnapshot(bytes: Buffer): void {
  bytes[9] = NEWER;
  bytes.writeUInt32LE(checksum(bytes.subarray(8, 8 + bytes.readUInt32LE(0))), 4);
}

test.each([
  [
    'identity.json',
    2,
    (bytes: Buffer) => Buffer.from(bytes.toString().replace(/"formatVersion": \d+/, `"formatVersion": ${NEWER}`)),
  ],
  ['log.tail', 1, (bytes: Buffer) => newerMark(bytes.subarray(0, PAGE_BYTES))],
  ['log.tail', 1, (bytes: Buffer) => newerMark(bytes.subarray(PAGE_BYTES))],
  [SNAPSHOT, 1, newerSnapshot],
])(
  '%s of a later version is refused by a line that says what to do, and nothing is touched',
  async (file, known, change) => {
    await patch(file, change);
    const before = await contents();
    const opened = open();
    await expect(opened).rejects.toMatchObject({ name: 'UnusableDirectory', reason: 'newer-format' });
    const path = join(directory, file);
    await expect(opened).rejects.toThrow(
      new RegExp(`${path} is of a later version: .* format ${NEWER}, .* knows ${known}: start`),
    );
    expect(await contents()).toEqual(before);
  },
);

test('a damaged snapshot is no newer one: the directory opens, and whoever reads it finds the damage', async () => {
  await patch(SNAPSHOT, (bytes) => void (bytes[9] = NEWER));
  const { replayLog, snapshots } = await open();
  await expect(snapshots.open(slot(2))).rejects.toThrow(DamagedSnapshot);
  await replayLog.close();
});

test('a peer of a later version, which sends its snapshot, ends nobody', async () => {
  const store = await FileSnapshotStore.open(join(directory, 'snapshots'));
  const incoming = await store.receive(slot(8));
  const bytes = encoded(8, 'one');
  newerSnapshot(bytes);
  await expect(incoming.append(bytes)).rejects.toThrow(DamagedSnapshot);
  await incoming.discard();
  expect(await store.list()).toEqual([2]);
});
