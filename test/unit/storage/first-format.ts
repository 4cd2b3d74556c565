import { rm } from 'node:fs/promises';
import { ClassicLevel } from 'classic-level';
import { checksum } from '../../../src/common/checksum.js';
import { HEADER_KEY } from '../../../src/storage/level/keys.js';
import type { LevelDb } from '../../../src/storage/level/level-database.js';

/** Gives a closed log the header that it had before there was a proof of its tail. */
export async function giveFirstHeader(directory: string): Promise<void> {
  const db: LevelDb = new ClassicLevel(directory, { keyEncoding: 'view', valueEncoding: 'view' });
  const header = Buffer.from((await db.get(HEADER_KEY))!);
  header[0] = 1;
  header.writeUInt32LE(checksum(header.subarray(0, -4), checksum(HEADER_KEY)), header.length - 4);
  await db.put(HEADER_KEY, header);
  await db.close();
}

/** Makes a closed log one of the first format. */
export async function toFirstFormat(directory: string): Promise<void> {
  await giveFirstHeader(directory);
  await rm(`${directory}.tail`);
}
