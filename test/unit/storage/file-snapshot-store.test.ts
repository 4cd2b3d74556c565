import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FileSnapshotStore } from '../../../src/storage/level/file-snapshot-store.js';
import { StorageFailure } from '../../../src/storage/storage-failure.js';
import { snapshotStoreSuite } from './snapshot-store-conformance.js';
import { chunksOf, handleOf, readAll } from './snapshots.js';
import { temporaryDirectory } from './temporary-directory.js';

const fileOf = (directory: string, slot: number): string =>
  join(directory, `${String(slot).padStart(16, '0')}.snapshot`);

snapshotStoreSuite('FileSnapshotStore', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'chubby-storage-'));
  const directory = join(parent, 'snapshots');
  return {
    open: () => FileSnapshotStore.open(directory),
    damage: async (slot, change) => writeFile(fileOf(directory, slot), change(await readFile(fileOf(directory, slot)))),
    dispose: () => rm(parent, { recursive: true }),
  };
});

it('a snapshot store passes over what a crash left, and whatever else lies there', async () => {
  const path = await temporaryDirectory();
  const store = await FileSnapshotStore.open(path);
  await store.write(handleOf(7), chunksOf('one'));
  for (const name of ['written.part', 'received.part', 'notes.txt', '12.snapshot'])
    await writeFile(join(path, name), 'x');
  expect(await store.list()).toEqual([7]);
  await store.write(handleOf(8), chunksOf('two'));
  const incoming = await store.receive(handleOf(9).slot);
  await incoming.discard();
  expect(await readAll(store, 8)).toEqual(['two']);
  expect((await readdir(path)).filter((name) => name.endsWith('.part'))).toEqual([]);
});

it('a snapshot store says what the disk refused', async () => {
  const path = await temporaryDirectory();
  await writeFile(join(path, 'file'), '');
  await expect(FileSnapshotStore.open(join(path, 'file', 'snapshots'))).rejects.toThrow(StorageFailure);
  const store = await FileSnapshotStore.open(join(path, 'snapshots'));
  await rm(join(path, 'snapshots'), { recursive: true });
  await expect(store.write(handleOf(7), chunksOf('one'))).rejects.toThrow(StorageFailure);
  await expect(store.list()).rejects.toThrow(StorageFailure);
});
