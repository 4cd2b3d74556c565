import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SeededRng } from '../../../src/common/rng.js';
import { BackupExists, DamagedBackup, NewBackup, readBackup } from '../../../src/offline/backup-file.js';
import { restoreCell } from '../../../src/offline/restore-cell.js';
import type { Restore } from '../../../src/offline/restore-cell.js';
import { RestoreRefused } from '../../../src/offline/restore-refused.js';
import { verifyDirectory } from '../../../src/offline/verify-directory.js';
import type { ReplicaId } from '../../../src/paxos/ballot.js';
import { FileIdentityStore } from '../../../src/storage/level/identity-file.js';
import { openDataDirectory } from '../../../src/storage/level/data-directory.js';
import { begun, readAll } from '../service/taken-backup.js';
import { byName, TestCell } from '../service/test-cell.js';

let directory = '';
let file = '';
let pieces: readonly Uint8Array[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chubby-restore-'));
  file = join(directory, 'a.backup');
  const cell = TestCell.reigning();
  const session = cell.session();
  for (let index = 0; index < 3; index++) {
    const contents = Buffer.alloc(1_000, index);
    session.do('setContents', { ...byName(`/ls/test/${index}`), contents, create: true });
  }
  ({ pieces } = readAll(begun(cell)));
  writeFileSync(file, Buffer.concat(pieces));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

const directoryOf = (replicaId: number): string => join(directory, `replica-${replicaId}`);

const restored = async (changes: Partial<Restore> = {}) => {
  const { handle, state } = await readBackup(file);
  return restoreCell({
    origin: { what: file, cellId: handle.cellId, state },
    cellName: 'test',
    rename: false,
    replicas: [3, 1, 2].map((replicaId) => ({ replicaId, directory: directoryOf(replicaId) })),
    rng: new SeededRng(5),
    ...changes,
  });
};

/** Nothing was made. */
const untouched = (): boolean => readdirSync(directory).every((name) => !name.startsWith('replica-'));

describe('restoring', () => {
  it('makes replicas of one new cell, that agree on its founders and begin with the same state', async () => {
    const { cellId, formerCellId, slot, entries } = await restored();
    expect(cellId).not.toBe(formerCellId);
    const digests = new Set<string>();
    const incarnations = new Set<string>();
    const founders = new Set<string>();
    for (const replicaId of [1, 2, 3]) {
      const opened = await openDataDirectory(directoryOf(replicaId), replicaId as ReplicaId, new SeededRng(1));
      expect(opened.identity).toMatchObject({ state: 'forming', cellId, self: { replicaId } });
      founders.add(JSON.stringify(opened.identity.founders));
      incarnations.add(opened.identity.self.incarnation);
      await opened.replayLog.close();
      const found = await verifyDirectory(directoryOf(replicaId));
      expect(found).toMatchObject({ problems: [], cellId, state: { slot, entries } });
      digests.add(found!.state!.digest);
    }
    expect([digests.size, incarnations.size, founders.size]).toEqual([1, 3, 1]);
  });

  it('makes another cell each time', async () => {
    const first = await restored();
    for (const replicaId of [1, 2, 3]) rmSync(directoryOf(replicaId), { recursive: true });
    const incarnation = async () => (await new FileIdentityStore(directoryOf(1)).load())!.self.incarnation;
    const second = await restored({ rng: new SeededRng(6) });
    expect(second.cellId).not.toBe(first.cellId);
    expect(await incarnation()).toMatch(/^[0-9a-f]{16}$/);
  });

  it('refuses a directory that is not empty, and touches none', async () => {
    mkdirSync(directoryOf(3));
    writeFileSync(join(directoryOf(3), 'mine'), 'mine');
    await expect(restored()).rejects.toThrow(RestoreRefused);
    expect(readdirSync(directoryOf(3))).toEqual(['mine']);
    expect(existsSync(directoryOf(1))).toBe(false);
  });

  it('takes an empty directory as it is', async () => {
    mkdirSync(join(directoryOf(3), 'lost+found'), { recursive: true });
    await restored();
    expect(readdirSync(directoryOf(3)).sort()).toEqual(['identity.json', 'lost+found', 'snapshots']);
  });

  it('restores under another name only when told so', async () => {
    await expect(restored({ cellName: 'other' })).rejects.toThrow(/cell "test".*cell "other"/);
    expect(untouched()).toBe(true);
    expect(await restored({ cellName: 'other', rename: true })).toMatchObject({ cellName: 'other' });
  });

  it('leaves nothing behind when a directory cannot be written', async () => {
    writeFileSync(join(directory, 'a-file'), '');
    const replicas = [
      { replicaId: 1, directory: directoryOf(1) },
      { replicaId: 2, directory: join(directory, 'a-file', 'replica-2') },
    ];
    await expect(restored({ replicas })).rejects.toThrow();
    expect(existsSync(directoryOf(1)) ? readdirSync(directoryOf(1)) : []).toEqual([]);
  });

  it('refuses a file that was cut anywhere', async () => {
    const whole = readFileSync(file);
    for (let length = 0; length < whole.length; length += 97) {
      writeFileSync(file, whole.subarray(0, length));
      await expect(restored()).rejects.toThrow(DamagedBackup);
    }
    expect(untouched()).toBe(true);
  });

  it('refuses a file of which any byte was changed, or to which one was added', async () => {
    const whole = readFileSync(file);
    for (let offset = 0; offset < whole.length; offset += 53) {
      const changed = Buffer.from(whole);
      changed[offset]! ^= 0x10;
      writeFileSync(file, changed);
      await expect(restored()).rejects.toThrow(DamagedBackup);
    }
    writeFileSync(file, Buffer.concat([whole, Buffer.alloc(1)]));
    await expect(restored()).rejects.toThrow(DamagedBackup);
    expect(untouched()).toBe(true);
  });
});

describe('a backup that is being written', () => {
  const target = (): string => join(directory, 'b.backup');

  it('appears when it is whole', async () => {
    const backup = await NewBackup.at(target(), false);
    await backup.begin();
    for (const piece of pieces) await backup.append(piece);
    expect(existsSync(target())).toBe(false);
    const { revision, fileBytes } = await backup.complete();
    await backup.discard();
    expect(readFileSync(target()).length).toBe(fileBytes);
    expect((await readBackup(target())).revision).toBe(revision);
    expect(existsSync(`${target()}.new`)).toBe(false);
  });

  it('begins anew with nothing of what came before', async () => {
    const backup = await NewBackup.at(target(), false);
    await backup.begin();
    await backup.append(Buffer.alloc(100));
    await backup.begin();
    for (const piece of pieces) await backup.append(piece);
    await backup.complete();
    expect(readFileSync(target())).toEqual(readFileSync(file));
  });

  it('does not appear when it is not whole, and takes no other’s place', async () => {
    writeFileSync(target(), 'mine');
    await expect(NewBackup.at(target(), false)).rejects.toThrow(BackupExists);
    const backup = await NewBackup.at(target(), true);
    await backup.begin();
    for (const piece of pieces.slice(0, -1)) await backup.append(piece);
    await expect(backup.complete()).rejects.toThrow(DamagedBackup);
    await backup.discard();
    expect(readFileSync(target(), 'utf8')).toBe('mine');
    expect(readdirSync(directory).sort()).toEqual(['a.backup', 'b.backup']);
  });

  it('is not put over a file that came meanwhile', async () => {
    const backup = await NewBackup.at(target(), false);
    await backup.begin();
    for (const piece of pieces) await backup.append(piece);
    writeFileSync(target(), 'mine');
    await expect(backup.complete()).rejects.toThrow(BackupExists);
    expect(readFileSync(target(), 'utf8')).toBe('mine');
  });
});
