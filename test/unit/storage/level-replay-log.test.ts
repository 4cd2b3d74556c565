import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ClassicLevel } from 'classic-level';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sameBytes } from '../../../src/common/bytes.js';
import { checksum } from '../../../src/common/checksum.js';
import type { Identity, Incarnation, ReplicaId, Slot } from '../../../src/paxos/ballot.js';
import { describeKey, HEADER_KEY, slotKey, writeKey } from '../../../src/storage/level/keys.js';
import { openDatabase } from '../../../src/storage/level/level-database.js';
import type { LevelDb } from '../../../src/storage/level/level-database.js';
import { LevelReplayLog } from '../../../src/storage/level/level-replay-log.js';
import { LogVerifier } from '../../../src/storage/level/log-verifier.js';
import { TailProof } from '../../../src/storage/level/tail-proof.js';
import { UnusableDirectory } from '../../../src/storage/level/unusable-directory.js';
import { DamagedLog } from '../../../src/storage/replay-log.js';
import { StorageFailure } from '../../../src/storage/storage-failure.js';
import { ballot, plain, record, records, REPLICA_2, slot, slotsOf, value } from './records.js';
import { replayLogSuite } from './replay-log-conformance.js';
import { temporaryDirectory } from './temporary-directory.js';

const failNextBatch = (): void => {
  const refused = () => Promise.reject(new Error('input/output error'));
  const batch = { put: () => batch, write: refused };
  vi.spyOn(ClassicLevel.prototype, 'batch').mockReturnValueOnce(batch as never);
};

afterEach(() => {
  vi.restoreAllMocks();
});

replayLogSuite('LevelReplayLog', async () => {
  const directory = join(await temporaryDirectory(), 'log');
  let created = false;
  return {
    async open() {
      const log = await (created
        ? LevelReplayLog.open(directory, REPLICA_2)
        : LevelReplayLog.create(directory, REPLICA_2));
      created = true;
      return log;
    },
    failNextWrite: failNextBatch,
    dispose: async () => undefined,
  };
});

type Stored = [key: Uint8Array, value: Uint8Array];

/** A closed log, to be looked at and changed behind its back. */
class ClosedLog {
  constructor(readonly directory: string) {}

  async entries(): Promise<Stored[]> {
    return this.#in((db) => db.iterator().all());
  }

  async get(key: Uint8Array): Promise<Uint8Array> {
    return (await this.#in((db) => db.get(key)))!;
  }

  async put(key: Uint8Array, stored: Uint8Array): Promise<void> {
    await this.#in((db) => db.put(key, stored));
  }

  async remove(key: Uint8Array): Promise<void> {
    await this.#in((db) => db.del(key));
  }

  /** Opens and recovers it; what it says. */
  async recover() {
    const log = await LevelReplayLog.open(this.directory, REPLICA_2);
    try {
      return await log.recover();
    } finally {
      await log.close();
    }
  }

  async #in<T>(act: (db: ClassicLevel<Uint8Array, Uint8Array>) => Promise<T>): Promise<T> {
    const db = new ClassicLevel<Uint8Array, Uint8Array>(this.directory, { keyEncoding: 'view', valueEncoding: 'view' });
    try {
      return await act(db);
    } finally {
      await db.close();
    }
  }
}

/** Four turns: slots 1 to 6, of which 3 was overwritten and all up to 4 are chosen. */
async function writeTurns(directory: string): Promise<ClosedLog> {
  const log = await LevelReplayLog.create(directory, REPLICA_2);
  await log.recover();
  await log.append({ accepted: records(1, 3), promised: ballot(1), lastRound: 1 });
  await log.append({ accepted: [record(3, 2, value('newer'))], promised: ballot(2), chosenUpTo: slot(3) });
  await log.append({ accepted: records(4, 6, 2) });
  await log.append({ accepted: [], chosenUpTo: slot(4) });
  await log.close();
  return new ClosedLog(directory);
}

describe('LevelReplayLog', () => {
  let directory: string;
  let closed: ClosedLog;

  beforeEach(async () => {
    directory = join(await temporaryDirectory(), 'log');
    closed = await writeTurns(directory);
  });

  const damage = (where: string) => new RegExp(`${directory} is damaged: ${where}.*A replica must not vote`, 's');

  /** What is said of the log now, by the error that opening and recovering it ends with. */
  async function expectDamage(where: string): Promise<void> {
    const recovered = closed.recover();
    await expect(recovered).rejects.toThrow(DamagedLog);
    await expect(recovered).rejects.toThrow(damage(where));
  }

  it('is whole before it is damaged', async () => {
    expect(await closed.recover()).toEqual({
      promised: ballot(2),
      lastRound: 1,
      chosenUpTo: 4,
      firstSlot: 1,
      lastSlot: 6,
    });
    expect((await closed.entries()).map(([key]) => describeKey(key))).toEqual([
      ...[1, 2, 3, 4, 5, 6].map((n) => `the record of slot ${n}`),
      'the header',
      ...[1, 2, 3, 4].map((n) => `the journal entry of write ${n}`),
    ]);
  });

  it('notices a flipped bit in every byte of every record and journal entry, and says in which', async () => {
    await changeEach(function* (stored) {
      for (let at = 0; at < stored.length; at++) {
        const flipped = Buffer.from(stored);
        flipped[at]! ^= 1 << (at % 8);
        yield flipped;
      }
    });
  });

  it('notices records and journal entries cut short, emptied and grown', async () => {
    await changeEach((stored) => [stored.subarray(0, -1), new Uint8Array(0), Buffer.concat([stored, Buffer.of(0)])]);
  });

  /** Every one of the changes, to every record and journal entry, is noticed. */
  async function changeEach(changes: (stored: Uint8Array) => Iterable<Uint8Array>): Promise<void> {
    const { db, headerSum } = await openDatabase(directory, REPLICA_2);
    let noticed = 0;
    for (const [key, stored] of await db.iterator().all()) {
      if (sameBytes(key, HEADER_KEY)) continue;
      for (const changed of changes(stored)) {
        await db.put(key, changed);
        const verified = new LogVerifier(db, headerSum).verify();
        await expect(verified).rejects.toThrow(damage(`${describeKey(key)} is not what was written`));
        noticed++;
      }
      await db.put(key, stored);
    }
    expect(noticed).toBeGreaterThan(20);
    await new LogVerifier(db, headerSum).verify();
    await db.close();
  }

  it('notices a flipped bit in every byte of the header', async () => {
    const header = await closed.get(HEADER_KEY);
    for (let at = 0; at < header.length; at++) {
      const flipped = Buffer.from(header);
      flipped[at]! ^= 1 << (at % 8);
      await closed.put(HEADER_KEY, flipped);
      await expectDamage('the header is not what was written');
    }
  });

  it.each([1, 2, 3, 4, 5, 6])('notices that the record of slot %i is gone', async (number) => {
    await closed.remove(slotKey(slot(number)));
    await expectDamage(`the record of slot ${number} is missing`);
  });

  it.each([1, 2, 3])('notices that the journal entry of write %i is gone', async (number) => {
    await closed.remove(writeKey(number));
    await expectDamage(`the journal entry of write ${number} is missing`);
  });

  it('notices that the newest journal entry is gone and its records are there', async () => {
    await closed.remove(writeKey(4));
    await closed.remove(writeKey(3));
    await expectDamage('the record of slot 4 is there, but no turn stored it');
  });

  it('notices that the whole journal is gone', async () => {
    for (const number of [1, 2, 3, 4]) await closed.remove(writeKey(number));
    await expectDamage('the record of slot 1 is there, but no turn stored it');
  });

  it('notices that the header is gone', async () => {
    await closed.remove(HEADER_KEY);
    await expectDamage('its header is missing');
  });

  it('notices an old record in the place of a newer one', async () => {
    const other = await writeTurns(`${directory}-2`);
    const log = await LevelReplayLog.open(other.directory, REPLICA_2);
    await log.recover();
    await log.append({ accepted: [record(5, 1, value('older'))] });
    await log.close();
    await closed.put(slotKey(slot(5)), await other.get(slotKey(slot(5))));
    await expectDamage('the record of slot 5 is not the one stored last');
  });

  it('notices a record that stands under the key of another slot', async () => {
    await closed.put(slotKey(slot(6)), await closed.get(slotKey(slot(5))));
    await expectDamage('the record of slot 6 is not what was written');
  });

  it('notices a record that no turn stored', async () => {
    for (const number of [7, 2 ** 40]) {
      const key = slotKey(slot(number));
      await closed.put(key, await closed.get(slotKey(slot(6))));
      await expectDamage(`the record of slot ${number} is there, but no turn stored it`);
      await closed.remove(key);
    }
  });

  it('notices a key that is none of its own', async () => {
    await closed.put(Buffer.from('s?'), Buffer.from('x'));
    await expectDamage('the entry under the unknown key 733f is there, but no turn stored it');
    await closed.remove(Buffer.from('s?'));
    await closed.put(Buffer.from('w?'), Buffer.from('x'));
    await expectDamage('the entry under the unknown key 773f is not what was written');
  });

  it('notices journals of two histories in one', async () => {
    const other = new ClosedLog(`${directory}-2`);
    const log = await LevelReplayLog.create(other.directory, REPLICA_2);
    await log.recover();
    await log.append({ accepted: records(1, 3), promised: ballot(7) });
    await log.append({ accepted: records(3, 3) });
    await log.close();
    await closed.put(writeKey(2), await other.get(writeKey(2)));
    await expectDamage('the journal entry of write 2 does not follow the one before it');
    await closed.put(writeKey(1), await other.get(writeKey(1)));
    await expectDamage('the journal entry of write 3 does not follow the one before it');
  });

  it('notices damage that comes after the recovery, when it reads', async () => {
    const opened = vi.spyOn(ClassicLevel.prototype, 'open');
    const log = await LevelReplayLog.open(directory, REPLICA_2);
    await log.recover();
    const db = opened.mock.contexts[0] as LevelDb;
    const key = slotKey(slot(2));
    const original = (await db.get(key))!;

    await db.put(key, Buffer.from('damage'));
    await expect(log.read(slot(1), slot(6), 1000)).rejects.toThrow(
      damage('the record of slot 2 is not what was written'),
    );
    await db.del(key);
    await expect(log.read(slot(1), slot(6), 1000)).rejects.toThrow(damage('the record of slot 2 is missing'));
    await expect(log.read(slot(2), slot(2), 1000)).rejects.toThrow(damage('the record of slot 2 is missing'));
    expect(slotsOf(await log.read(slot(3), slot(6), 1000))).toEqual([3, 4, 5, 6]);
    await db.put(key, original);
    expect(slotsOf(await log.read(slot(1), slot(6), 1000))).toEqual([1, 2, 3, 4, 5, 6]);
    await log.close();
  });

  it('says that LevelDB gave up', async () => {
    await writeFile(join(directory, 'CURRENT'), 'MANIFEST-1');
    await expectDamage('LevelDB says "Corruption: CURRENT file does not end with newline"');
    await rm(join(directory, 'CURRENT'));
    await expectDamage('its file CURRENT is gone');
    expect(await readdir(directory)).not.toContain('CURRENT');
  });

  it('goes on after the disk refused a turn and the process started again', async () => {
    const log = await LevelReplayLog.open(directory, REPLICA_2);
    await log.recover();
    failNextBatch();
    await expect(log.append({ accepted: records(7, 7) })).rejects.toThrow(StorageFailure);
    await expect(log.append({ accepted: records(7, 7) })).rejects.toThrow(
      `cannot write ${directory}: input/output error`,
    );
    await log.close();
    expect(await closed.recover()).toMatchObject({ lastSlot: 6 });
  });

  it('refuses a turn when the database underneath was closed', async () => {
    const opened = vi.spyOn(ClassicLevel.prototype, 'open');
    const log = await LevelReplayLog.open(directory, REPLICA_2);
    await log.recover();
    await (opened.mock.contexts[0] as LevelDb).close();
    await expect(log.append({ accepted: records(7, 7) })).rejects.toThrow(StorageFailure);
    await expect(log.append({ accepted: records(7, 7) })).rejects.toThrow(StorageFailure);
    await expect(log.read(slot(1), slot(6), 1000)).rejects.toThrow(StorageFailure);
    await log.close();
  });

  it('asks for a sync at each write, small or large', async () => {
    const log = await LevelReplayLog.open(directory, REPLICA_2);
    await log.recover();
    const arrays = vi.spyOn(ClassicLevel.prototype, 'batch');
    await log.append({ accepted: [record(7, 2, value('v', 100_000))] });
    expect(arrays.mock.calls).toEqual([[expect.any(Array), { sync: true }]]);
    arrays.mockClear();

    const write = vi.fn(() => Promise.resolve());
    const batch = { put: () => batch, write };
    arrays.mockReturnValueOnce(batch as never);
    await log.append({ accepted: [record(8, 2, value('v', 100))] });
    expect(arrays.mock.calls).toEqual([[]]);
    expect(write.mock.calls).toEqual([[{ sync: true }]]);
    await log.close();
  });

  it('marks a turn once it is durable, and has not appended it before', async () => {
    const log = await LevelReplayLog.open(directory, REPLICA_2);
    await log.recover();
    const steps: string[] = [];
    let durable: () => void = () => undefined;
    let marked: () => void = () => undefined;
    const batch = { put: () => batch, write: () => new Promise<void>((resolve) => (durable = resolve)) };
    vi.spyOn(ClassicLevel.prototype, 'batch').mockReturnValueOnce(batch as never);
    const note = vi.spyOn(TailProof.prototype, 'note').mockImplementationOnce(({ writeNumber }) => {
      steps.push(`mark ${writeNumber}`);
      return new Promise<void>((resolve) => (marked = resolve));
    });
    const appended = log.append({ accepted: records(7, 7) }).then(() => steps.push('appended'));
    await setImmediate();
    expect(steps).toEqual([]);
    durable();
    await setImmediate();
    expect(steps).toEqual(['mark 5']);
    marked();
    await appended;
    expect(steps).toEqual(['mark 5', 'appended']);
    expect(note).toHaveBeenCalledTimes(1);
    await log.close();
  });

  it('refuses every turn after one whose mark the disk refused', async () => {
    const log = await LevelReplayLog.open(directory, REPLICA_2);
    await log.recover();
    const refused = new StorageFailure('cannot write the proof', 'input/output error');
    vi.spyOn(TailProof.prototype, 'note').mockRejectedValueOnce(refused);
    await expect(log.append({ accepted: records(7, 7) })).rejects.toBe(refused);
    await expect(log.append({ accepted: records(8, 8) })).rejects.toBe(refused);
    await log.close();
    expect(await closed.recover()).toMatchObject({ lastSlot: 7 });
  });

  it('gives up its lock even where the proof of its tail cannot be closed', async () => {
    const log = await LevelReplayLog.open(directory, REPLICA_2);
    vi.spyOn(TailProof.prototype, 'close').mockRejectedValueOnce(new StorageFailure('cannot write the proof', ''));
    await expect(log.close()).rejects.toThrow(StorageFailure);
    await closed.recover();
  });

  it('belongs to one identity', async () => {
    const stranger: Identity = { ...REPLICA_2, incarnation: 'aaaaaaaaaaaaaaaa' as Incarnation };
    for (const other of [stranger, { ...REPLICA_2, replicaId: 3 as ReplicaId }]) {
      const opened = LevelReplayLog.open(directory, other);
      await expect(opened).rejects.toMatchObject({ name: 'UnusableDirectory', reason: 'other-replica' });
      await expect(opened).rejects.toThrow(`${directory} is the log of replica 2, incarnation 0123456789abcdef`);
    }
    await closed.recover();
  });

  it('does not guess at a later format', async () => {
    for (const key of [HEADER_KEY, writeKey(2), slotKey(slot(2))]) {
      const original = await closed.get(key);
      const later = Buffer.from(original);
      later[0]! += 1;
      later.writeUInt32LE(checksum(later.subarray(0, -4), checksum(key)), later.length - 4);
      await closed.put(key, later);
      const recovered = closed.recover();
      await expect(recovered).rejects.toMatchObject({ name: 'UnusableDirectory', reason: 'newer-format' });
      await expect(recovered).rejects.toThrow('this version knows');
      await closed.put(key, original);
    }
  });

  it('is not opened twice in one process', async () => {
    const log = await LevelReplayLog.open(directory, REPLICA_2);
    const second = LevelReplayLog.open(directory, REPLICA_2);
    await expect(second).rejects.toThrow(UnusableDirectory);
    await expect(second).rejects.toMatchObject({ reason: 'in-use' });
    await log.close();
    await closed.recover();
  });

  it('is not opened while another process has it open', async () => {
    const holder = spawn(process.execPath, [
      '--input-type=module',
      '--eval',
      `import { ClassicLevel } from 'classic-level';
       await new ClassicLevel(${JSON.stringify(directory)}).open();
       process.stdout.write('open');
       process.stdin.resume();`,
    ]);
    try {
      await once(holder.stdout, 'data');
      const opened = LevelReplayLog.open(directory, REPLICA_2);
      await expect(opened).rejects.toMatchObject({ name: 'UnusableDirectory', reason: 'in-use' });
      await expect(opened).rejects.toThrow(`${directory} is in use by another process: stop that one`);
    } finally {
      holder.kill('SIGKILL');
      await once(holder, 'exit');
    }
    await closed.recover();
  });

  it('is never created by opening it', async () => {
    const missing = `${directory}-missing`;
    await expect(LevelReplayLog.open(missing, REPLICA_2)).rejects.toThrow(DamagedLog);
    await expect(stat(missing)).rejects.toMatchObject({ code: 'ENOENT' });
    await mkdir(missing);
    await expect(LevelReplayLog.open(missing, REPLICA_2)).rejects.toThrow(DamagedLog);
    expect(await readdir(missing)).toEqual([]);

    const opened = vi.spyOn(ClassicLevel.prototype, 'open');
    await closed.recover();
    expect(opened.mock.calls[0]).toEqual([{ createIfMissing: false, errorIfExists: false }]);
  });

  it('is not created where something is', async () => {
    await expect(LevelReplayLog.create(directory, REPLICA_2)).rejects.toMatchObject({ reason: 'exists' });
    expect(await closed.recover()).toMatchObject({ lastSlot: 6 });
    const empty = `${directory}-empty`;
    await mkdir(empty);
    await expect(LevelReplayLog.create(empty, REPLICA_2)).rejects.toMatchObject({ reason: 'exists' });
  });

  it('is created whole or not at all', async () => {
    const fresh = `${directory}-fresh`;
    await mkdir(`${fresh}.new`);
    await writeFile(join(`${fresh}.new`, 'CURRENT'), 'left by a crash');
    const log = await LevelReplayLog.create(fresh, REPLICA_2);
    expect(await log.recover()).toMatchObject({ lastSlot: 0 });
    await log.close();
    await expect(stat(`${fresh}.new`)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('says where it could not be created', async () => {
    const nowhere = join(directory, 'CURRENT', 'log');
    const created = LevelReplayLog.create(nowhere, REPLICA_2);
    await expect(created).rejects.toThrow(StorageFailure);
    await expect(created).rejects.toThrow(nowhere);
  });
});

describe('LogVerifier', () => {
  /** Slots in several stretches, some of which are empty. */
  const SLOTS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 40, 41, 2 ** 40];

  let directory: string;
  let closed: ClosedLog;

  beforeEach(async () => {
    directory = join(await temporaryDirectory(), 'log');
    closed = new ClosedLog(directory);
    const log = await LevelReplayLog.create(directory, REPLICA_2);
    await log.recover();
    for (const number of [...SLOTS].reverse()) await log.append({ accepted: [record(number)] });
    await log.append({ accepted: [record(4, 2), record(40, 2)], chosenUpTo: slot(11) });
    await log.close();
  });

  async function verify(stretchSlots: number) {
    const { db, headerSum } = await openDatabase(directory, REPLICA_2);
    try {
      return await new LogVerifier(db, headerSum, stretchSlots).verify();
    } finally {
      await db.close();
    }
  }

  it.each([1, 2, 3, 4, 11, 12, 100])('finds the same in stretches of %i slots', async (stretchSlots) => {
    expect(await verify(stretchSlots)).toMatchObject({
      log: { chosenUpTo: 11, firstSlot: 1, lastSlot: 2 ** 40 },
      firstWrite: 1,
      lastWrite: SLOTS.length + 1,
    });
  });

  it.each([1, 3, 4, 100])('finds damage in whatever stretch, of %i slots', async (stretchSlots) => {
    for (const number of SLOTS) {
      const key = slotKey(slot(number));
      const original = await closed.get(key);
      await closed.remove(key);
      await expect(verify(stretchSlots)).rejects.toThrow(`the record of slot ${number} is missing`);
      await closed.put(key, original);
    }
    for (const number of [12, 39, 42, 2 ** 40 - 1, 2 ** 40 + 1]) {
      const key = slotKey(number as Slot);
      await closed.put(key, Buffer.from('damage'));
      await expect(verify(stretchSlots)).rejects.toThrow(
        `the record of slot ${number} is there, but no turn stored it`,
      );
      await closed.remove(key);
    }
    await verify(stretchSlots);
  });

  it('finds a chosen slot that was never stored', async () => {
    const log = await LevelReplayLog.open(directory, REPLICA_2);
    await log.recover();
    await log.append({ accepted: [], chosenUpTo: slot(12) });
    await log.close();
    for (const stretchSlots of [1, 5, 11, 12, 100]) {
      await expect(verify(stretchSlots)).rejects.toThrow('slot 12 is chosen, but was never stored');
    }
  });

  it('keeps what it read', async () => {
    const log = await LevelReplayLog.open(directory, REPLICA_2);
    await log.recover();
    const read = await log.read(slot(1), slot(Number.MAX_SAFE_INTEGER), 1e9);
    expect(plain(read)).toEqual(plain(SLOTS.map((number) => record(number, number === 4 || number === 40 ? 2 : 1))));
    await log.close();
  });
});
