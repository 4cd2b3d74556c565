import { existsSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { RESERVE_FILE, ReserveFile } from '../../../src/storage/level/reserve-file.js';

const MIB = 1024 * 1024;

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'chubby-reserve-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const storedBytes = (directory: string): number => statSync(join(directory, RESERVE_FILE)).blocks * 512;

test('the reserve takes up real room, and gives it back piece by piece', async () => {
  const directory = temporaryDirectory();
  const reserve = await ReserveFile.open(directory, 3 * MIB);
  expect(reserve.heldBytes).toBe(0);
  expect(existsSync(join(directory, RESERVE_FILE))).toBe(false);
  await reserve.restore(2 * MIB);
  await reserve.restore(2 * MIB);
  expect(reserve.heldBytes).toBe(3 * MIB);
  expect(storedBytes(directory)).toBeGreaterThanOrEqual(3 * MIB);
  await reserve.spend(MIB);
  expect(reserve.heldBytes).toBe(2 * MIB);
  expect(statSync(join(directory, RESERVE_FILE)).size).toBe(2 * MIB);
  await reserve.spend(5 * MIB);
  expect(reserve.heldBytes).toBe(0);
});

test('a later process finds what is there, and takes less of it when less is wanted', async () => {
  const directory = temporaryDirectory();
  await (await ReserveFile.open(directory, 4 * MIB)).restore(4 * MIB);
  expect((await ReserveFile.open(directory, 4 * MIB)).heldBytes).toBe(4 * MIB);
  expect((await ReserveFile.open(directory, 2 * MIB)).heldBytes).toBe(2 * MIB);
  expect(statSync(join(directory, RESERVE_FILE)).size).toBe(2 * MIB);
});

test('what is sparse in the file is no room', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, RESERVE_FILE), '');
  truncateSync(join(directory, RESERVE_FILE), 4 * MIB);
  const reserve = await ReserveFile.open(directory, 4 * MIB);
  expect(reserve.heldBytes).toBe(0);
  await reserve.restore(4 * MIB);
  expect(storedBytes(directory)).toBeGreaterThanOrEqual(4 * MIB);
});

test('a directory that is gone ends in a storage failure that names it', async () => {
  const directory = temporaryDirectory();
  const reserve = await ReserveFile.open(join(directory, 'none'), MIB);
  expect(() => reserve.freeBytes).toThrow(`cannot look at the space of ${join(directory, 'none')}`);
  await expect(reserve.restore(MIB)).rejects.toThrow('cannot extend');
});
