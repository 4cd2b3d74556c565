import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { SeededRng } from '../../../src/common/rng.js';
import type { Value } from '../../../src/paxos/value.js';
import { LevelReplayLog } from '../../../src/storage/level/level-replay-log.js';
import { verifyTables } from '../../../src/storage/level/table-file.js';
import { DamagedLog } from '../../../src/storage/replay-log.js';
import { record, REPLICA_2 } from './records.js';
import { temporaryDirectory } from './temporary-directory.js';

const OPENINGS = 3;
const SLOTS = 30;

describe('a table of LevelDB', () => {
  let directory: string;
  let table: string;

  /** What was written before an opening is in a table after it; half of it can be compressed. */
  beforeEach(async () => {
    directory = join(await temporaryDirectory(), 'log');
    const rng = new SeededRng(1);
    const created = await LevelReplayLog.create(directory, REPLICA_2);
    await created.close();
    for (let opening = 0; opening < OPENINGS; opening++) {
      const log = await LevelReplayLog.open(directory, REPLICA_2);
      const { lastSlot } = await log.recover();
      for (let slot = lastSlot + 1; slot <= lastSlot + SLOTS; slot++) {
        const value = Buffer.alloc(4_000).fill(rng.bytes(2_000), 0, slot % 2 === 0 ? 2_000 : 4_000);
        await log.append({ accepted: [record(slot, 1, value as Uint8Array as Value)] });
      }
      await log.close();
    }
    const tables = (await readdir(directory)).filter((name) => name.endsWith('.ldb'));
    table = join(directory, tables.sort().at(-1)!);
  });

  it('is sound as LevelDB wrote it', async () => {
    await verifyTables(directory);
  });

  it('is damaged when any bit of it differs, but for the padding of its end', async () => {
    const sound = await readFile(table);
    const rng = new SeededRng(2);
    for (let n = 0; n < 60; n++) {
      // The footer has unused bytes between its two handles and its magic number.
      const at = Math.floor(rng.next() * (sound.length - 48));
      const damaged = Buffer.from(sound);
      damaged[at]! ^= 1 << (n % 8);
      await writeFile(table, damaged);
      await expect(verifyTables(directory), `byte ${at}`).rejects.toThrow(DamagedLog);
      if (n === 0) await expect(verifyTables(directory)).rejects.toThrow(table);
    }
  });

  it.each([0, 10, 47, 48, 5_000])('is damaged when it is cut to %d bytes', async (sizeBytes) => {
    await truncate(table, sizeBytes);
    await expect(verifyTables(directory)).rejects.toThrow(DamagedLog);
  });

  it('is not looked at when it belongs to nothing: a crash, or a closing in the middle of a compaction, left it', async () => {
    await writeFile(join(directory, '999999.ldb'), 'half');
    await verifyTables(directory);
  });

  it('that is gone is left to LevelDB, which tells of it', async () => {
    await rm(table);
    await verifyTables(directory);
    await expect(LevelReplayLog.open(directory, REPLICA_2)).rejects.toThrow(DamagedLog);
  });

  // LevelDB says of some of these what it says of a disk that does not answer: the replica was started again for ever.
  it.each(['', 'MANIFEST', '\rANIFEST-000004\n', 'MANIFEST\r000004\n', '\0\0\0IFEST-000004\n'])(
    'is of no use where CURRENT names no manifest: %j',
    async (current) => {
      await writeFile(join(directory, 'CURRENT'), current);
      await expect(LevelReplayLog.open(directory, REPLICA_2)).rejects.toThrow(DamagedLog);
    },
  );
});
