// A log that is open is read again: damage that came after it was verified is found, and going on is none.
import { closeSync, openSync, readdirSync, readSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { slotKey, writeKey } from '../../../src/storage/level/keys.js';
import { LevelReplayLog } from '../../../src/storage/level/level-replay-log.js';
import { tailProofOf } from '../../../src/storage/level/tail-proof.js';
import { DamagedLog } from '../../../src/storage/replay-log.js';
import { records, REPLICA_2, slot, value } from './records.js';
import { temporaryDirectory } from './temporary-directory.js';

const SLOTS = 60;

afterEach(() => {
  vi.restoreAllMocks();
});

/** An open log of as many turns as slots, whose entries are in LevelDB's tables, not in its memory. */
async function openLog(slotsPerTurn = 1): Promise<{ directory: string; log: LevelReplayLog }> {
  const directory = join(await temporaryDirectory(), 'log');
  const first = await LevelReplayLog.create(directory, REPLICA_2);
  await first.recover();
  for (let upTo = slotsPerTurn; upTo <= SLOTS * slotsPerTurn; upTo += slotsPerTurn) {
    const contents = value('v', 4096 / slotsPerTurn);
    await first.append({ accepted: records(upTo - slotsPerTurn + 1, upTo, 1, contents), chosenUpTo: slot(upTo) });
  }
  await first.close();
  const log = await LevelReplayLog.open(directory, REPLICA_2);
  await log.recover();
  return { directory, log };
}

async function reread(log: LevelReplayLog): Promise<number> {
  let sizeBytes = 0;
  for await (const piece of log.reread()) sizeBytes += piece;
  return sizeBytes;
}

/** Changes a byte where it is: LevelDB has the file mapped. */
function flip(path: string, at: number): void {
  const file = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, at);
  byte[0]! ^= 1;
  writeSync(file, byte, 0, 1, at);
  closeSync(file);
}

describe('an open log that is read again', () => {
  it('is sound, in small pieces, as long as nothing happens to it', async () => {
    const { log } = await openLog();
    const pieces: number[] = [];
    for await (const piece of log.reread()) pieces.push(piece);
    expect(pieces.reduce((a, b) => a + b)).toBeGreaterThan(SLOTS * 4096);
    expect(Math.max(...pieces)).toBeLessThanOrEqual(2 * 64 * 1024);
    await log.close();
  });

  it('and that is written and truncated meanwhile is sound', async () => {
    const { log } = await openLog();
    let n = SLOTS;
    for await (const _piece of log.reread()) {
      n++;
      await log.append({ accepted: records(n, n), chosenUpTo: slot(n), firstSlot: slot(2 * n - 2 * SLOTS) });
      await log.reclaim();
      await log.append({ accepted: [], lastRound: n });
      await log.reclaim();
    }
    expect(n).toBeGreaterThan(SLOTS + 4);
    await log.close();
  });

  it('and whose journal is truncated while it is read is sound', async () => {
    const { log } = await openLog(256);
    let total = 0;
    for await (const _piece of log.reread()) total++;
    let read = 0;
    for await (const _piece of log.reread()) {
      // The journal has more than two pieces, and they are the last.
      if (++read !== total - 1) continue;
      await log.append({ accepted: [], firstSlot: slot(SLOTS * 256 + 1) });
      await log.reclaim();
      await log.append({ accepted: [], lastRound: 2 });
      await log.reclaim();
    }
    expect(read).toBe(total);
    await log.close();
  });

  it('and of which every table has a changed byte is damaged', async () => {
    const { directory, log } = await openLog();
    const tables = readdirSync(directory).filter((name) => name.endsWith('.ldb'));
    expect(tables.length).toBeGreaterThan(0);
    for (const name of tables) {
      const path = join(directory, name);
      flip(path, statSync(path).size >> 1);
    }
    await expect(reread(log)).rejects.toThrow(DamagedLog);
    await log.close();
  });

  it.each([
    ['a record', slotKey(slot(17)), 'the record of slot 17 is missing'],
    ['a journal entry', writeKey(33), 'the journal entry of write 33 is missing'],
  ])('and lost %s is damaged', async (_what, key, complaint) => {
    const opened = vi.spyOn(ClassicLevel.prototype, 'open');
    const { log } = await openLog();
    const db = opened.mock.contexts.at(-1) as ClassicLevel<Uint8Array, Uint8Array>;
    await db.del(key);
    await expect(reread(log)).rejects.toThrow(complaint);
    await log.close();
  });

  it('and whose proof of the tail is gone to pieces is damaged', async () => {
    const { directory, log } = await openLog();
    const path = tailProofOf(directory);
    for (let at = 10; at < statSync(path).size; at += 64) flip(path, at);
    await expect(reread(log)).rejects.toThrow(/none of its marks is what was written/);
    await log.close();
  });
});
