import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Slot } from '../../../src/paxos/ballot.js';
import { describeKey, slotKey, writeKey } from '../../../src/storage/level/keys.js';
import { openDatabase } from '../../../src/storage/level/level-database.js';
import { LevelReplayLog } from '../../../src/storage/level/level-replay-log.js';
import { DamagedLog } from '../../../src/storage/replay-log.js';
import { record, records, REPLICA_2, slot } from './records.js';
import { temporaryDirectory } from './temporary-directory.js';

describe('a truncated LevelReplayLog', () => {
  let directory: string;

  beforeEach(async () => {
    directory = join(await temporaryDirectory(), 'log');
    const log = await LevelReplayLog.create(directory, REPLICA_2);
    await log.recover();
    for (let at = 1; at <= 6; at++) await log.append({ accepted: [record(at)], chosenUpTo: slot(at) });
    await log.close();
  });

  async function onLog(work: (log: LevelReplayLog) => Promise<void>) {
    const log = await LevelReplayLog.open(directory, REPLICA_2);
    try {
      const recovered = await log.recover();
      await work(log);
      return recovered;
    } finally {
      await log.close();
    }
  }

  async function keys(): Promise<string[]> {
    const { db } = await openDatabase(directory, REPLICA_2);
    const all = await db.keys().all();
    await db.close();
    return all.map((key) => describeKey(key));
  }

  async function remove(key: Uint8Array): Promise<void> {
    const { db } = await openDatabase(directory, REPLICA_2);
    await db.del(key);
    await db.close();
  }

  const truncate = (firstSlot: Slot) =>
    onLog(async (log) => {
      await log.append({ accepted: [record(7)], firstSlot });
      await log.reclaim();
      await log.append({ accepted: [record(8)] });
      await log.reclaim();
    });

  it('keeps the records and the journal from the first slot on, and nothing else', async () => {
    await truncate(slot(5));
    expect(await keys()).toEqual([
      ...[5, 6, 7, 8].map((n) => `the record of slot ${n}`),
      'the header',
      ...[5, 6, 7, 8].map((n) => `the journal entry of write ${n}`),
    ]);
  });

  it('keeps its newest journal entry where a snapshot holds everything', async () => {
    await onLog(async (log) => {
      await log.append({ accepted: [], chosenUpTo: slot(20), firstSlot: slot(21) });
      await log.reclaim();
      await log.append({ accepted: [], lastRound: 9 });
      await log.reclaim();
    });
    expect(await keys()).toEqual(['the header', 'the journal entry of write 7', 'the journal entry of write 8']);
    expect(await onLog(async () => undefined)).toMatchObject({
      chosenUpTo: 20,
      firstSlot: 21,
      lastSlot: 20,
      lastRound: 9,
    });
  });

  it('keeps the journal from the oldest write that stored a record above the first slot', async () => {
    await onLog(async (log) => {
      await log.append({ accepted: [record(30)] });
      for (let at = 7; at <= 20; at++) await log.append({ accepted: [record(at)], chosenUpTo: slot(at) });
      await log.append({ accepted: [], firstSlot: slot(15) });
      await log.reclaim();
      await log.append({ accepted: [] });
      await log.reclaim();
    });
    expect((await keys()).find((key) => key.startsWith('the journal'))).toBe('the journal entry of write 7');
    expect(await onLog(async () => undefined)).toMatchObject({ firstSlot: 15, lastSlot: 30 });
  });

  it('recovers though a crash left part of what was to be freed', async () => {
    await onLog((log) => log.append({ accepted: [record(7)], firstSlot: slot(5) }));
    for (const key of [slotKey(slot(2)), slotKey(slot(4))]) await remove(key);
    expect(await onLog((log) => log.reclaim())).toMatchObject({ firstSlot: 5, lastSlot: 7 });
    await onLog(async (log) => {
      await log.append({ accepted: records(8, 8) });
      await log.reclaim();
    });
    expect((await keys())[0]).toBe('the record of slot 5');
  });

  it('is as damaged as any other when something is missing above the first slot', async () => {
    await truncate(slot(5));
    for (const [key, said] of [
      [slotKey(slot(5)), 'the record of slot 5 is missing'],
      [writeKey(6), 'the journal entry of write 6 is missing'],
      [writeKey(5), 'the journal entry of write 5 is missing'],
    ] as const) {
      const { db } = await openDatabase(directory, REPLICA_2);
      const stored = (await db.get(key))!;
      await db.close();
      await remove(key);
      const recovered = onLog(async () => undefined);
      await expect(recovered).rejects.toThrow(DamagedLog);
      await expect(recovered).rejects.toThrow(said);
      const again = await openDatabase(directory, REPLICA_2);
      await again.db.put(key, stored);
      await again.db.close();
    }
    await onLog(async () => undefined);
  });
});
