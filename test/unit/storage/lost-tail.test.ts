import { cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClassicLevel } from 'classic-level';
import { sealJournalEntry } from '../../../src/storage/level/journal-entry.js';
import { slotKey, writeKey } from '../../../src/storage/level/keys.js';
import type { LevelDb } from '../../../src/storage/level/level-database.js';
import { LevelReplayLog } from '../../../src/storage/level/level-replay-log.js';
import { sumIn } from '../../../src/storage/level/sealed-entry.js';
import { PAGE_BYTES } from '../../../src/storage/level/tail-mark.js';
import { DamagedLog } from '../../../src/storage/replay-log.js';
import type { RecoveredLog } from '../../../src/storage/replay-log.js';
import { UnusableDirectory } from '../../../src/storage/level/unusable-directory.js';
import { giveFirstHeader, toFirstFormat } from './first-format.js';
import { ballot, record, REPLICA_2, slot, value } from './records.js';
import { temporaryDirectory } from './temporary-directory.js';

/** Turns of each of the two lives of the log that is damaged: enough for several of LevelDB's blocks of 32 KiB. */
const TURNS = 300;
const OFFSETS = 24;

/** A log on the disk, and the proof of its tail beside it. */
class StoredLog {
  constructor(readonly directory: string) {}

  get proof(): string {
    return `${this.directory}.tail`;
  }

  /** A copy of the log as it is now, to be damaged; of one that is open, what a killed process would leave. */
  async copy(): Promise<StoredLog> {
    const copy = new StoredLog(join(await temporaryDirectory(), 'log'));
    await this.copyLevelTo(copy);
    await cp(this.proof, copy.proof);
    return copy;
  }

  async copyLevelTo(other: StoredLog): Promise<void> {
    await rm(other.directory, { recursive: true, force: true });
    await cp(this.directory, other.directory, { recursive: true });
  }

  /** The newest file of LevelDB's own log. */
  async newestFile(): Promise<string> {
    const files = (await readdir(this.directory)).filter((name) => name.endsWith('.log'));
    return join(this.directory, files.sort().at(-1)!);
  }

  async open(): Promise<LevelReplayLog> {
    return LevelReplayLog.open(this.directory, REPLICA_2);
  }

  async recover(): Promise<RecoveredLog> {
    const log = await this.open();
    try {
      return await log.recover();
    } finally {
      await log.close();
    }
  }

  /** Looks into LevelDB behind the log's back. */
  async inLevel<T>(act: (db: LevelDb) => Promise<T>): Promise<T> {
    const db: LevelDb = new ClassicLevel(this.directory, { keyEncoding: 'view', valueEncoding: 'view' });
    try {
      return await act(db);
    } finally {
      await db.close();
    }
  }
}

/** The turn by its number: every one changes what the log knows. */
const append = (log: LevelReplayLog, turn: number) =>
  log.append({
    accepted: [record(turn, 1, value('v', 150))],
    promised: ballot(turn),
    lastRound: turn,
    ...(turn > 1 && { chosenUpTo: slot(turn - 1) }),
  });

/** What the log knows after so many turns. */
const after = (turns: number): RecoveredLog => ({
  promised: ballot(turns),
  lastRound: turns,
  chosenUpTo: slot(turns - 1),
  firstSlot: slot(1),
  lastSlot: slot(turns),
});

async function appendTurns(log: LevelReplayLog, from: number, upTo: number): Promise<void> {
  for (let turn = from; turn <= upTo; turn++) await append(log, turn);
}

async function newLog(turns: number): Promise<{ stored: StoredLog; log: LevelReplayLog }> {
  const stored = new StoredLog(join(await temporaryDirectory(), 'log'));
  const log = await LevelReplayLog.create(stored.directory, REPLICA_2);
  await log.recover();
  await appendTurns(log, 1, turns);
  return { stored, log };
}

/**
 * What comes of a damaged log of so many acknowledged turns: it knows them all, or says where it is damaged. Anything
 * else is a failure, above all that it knows less and says nothing.
 */
async function outcomeOf(stored: StoredLog, turns: number): Promise<'whole' | 'tail gone' | 'damaged'> {
  try {
    expect(await stored.recover()).toEqual(after(turns));
    return 'whole';
  } catch (error) {
    expect(error).toBeInstanceOf(DamagedLog);
    const { message } = error as DamagedLog;
    expect(message).toMatch(/ is damaged: .* A replica must not vote on a damaged log: move its data directory aside/);
    expect(message.startsWith(stored.directory)).toBe(true);
    return message.includes('its newest writes are gone') ? 'tail gone' : 'damaged';
  }
}

describe("a log of two lives whose LevelDB's files are damaged", () => {
  const ALL = 2 * TURNS;
  let whole: StoredLog;
  let sizeBytes: number;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const { stored, log } = await newLogThatStays();
    await appendTurns(log, 1, TURNS);
    await log.close();
    const second = await stored.open();
    await second.recover();
    await appendTurns(second, TURNS + 1, ALL);
    await second.close();
    whole = stored;
    sizeBytes = (await stat(await whole.newestFile())).size;
  });

  afterAll(() => remove());

  /** As {@link newLog}, for all tests of this group. */
  async function newLogThatStays() {
    const parent = await mkdtemp(join(tmpdir(), 'chubby-storage-'));
    remove = () => rm(parent, { recursive: true });
    const stored = new StoredLog(join(parent, 'log'));
    const log = await LevelReplayLog.create(stored.directory, REPLICA_2);
    await log.recover();
    return { stored, log };
  }

  /** How often each outcome came of a damage, done at offsets all over LevelDB's newest file. */
  async function damageAt(offsets: readonly number[], damage: (file: string, at: number) => Promise<void>) {
    const outcomes = { whole: 0, 'tail gone': 0, damaged: 0 };
    for (const at of offsets) {
      const damaged = await whole.copy();
      await damage(await damaged.newestFile(), at);
      outcomes[await outcomeOf(damaged, ALL)]++;
      // What LevelDB made of the damage is no better the second time.
      if (at % 5 === 0) await outcomeOf(damaged, ALL);
    }
    return outcomes;
  }

  const allOver = () =>
    Array.from({ length: OFFSETS }, (_, index) => Math.floor(((index + 0.5) * sizeBytes) / OFFSETS));
  const end = () => Array.from({ length: 20 }, (_, index) => sizeBytes - 1 - index * 17);

  const flip = async (file: string, at: number): Promise<void> => {
    const bytes = await readFile(file);
    bytes[at]! ^= 1 << (at % 8);
    await writeFile(file, bytes);
  };

  it('is whole before that', async () => {
    expect(sizeBytes).toBeGreaterThan(2 * 32 * 1024);
    expect(await outcomeOf(await whole.copy(), ALL)).toBe('whole');
  });

  it('is never taken for a shorter one when a bit is flipped', async () => {
    const outcomes = await damageAt([...allOver(), ...end()], flip);
    expect(outcomes.whole).toBe(0);
    expect(outcomes['tail gone']).toBeGreaterThan(OFFSETS / 4);
  });

  it('is never taken for a shorter one when the file is cut short', async () => {
    const outcomes = await damageAt([0, 1, ...allOver(), ...end()], (file, at) => truncate(file, at));
    expect(outcomes.whole).toBe(0);
    expect(outcomes['tail gone']).toBeGreaterThan(OFFSETS);
  });

  it('is never taken for a shorter one when the file ends in zeros', async () => {
    const outcomes = await damageAt([0, ...allOver(), ...end()], async (file, at) => {
      await truncate(file, at);
      await truncate(file, sizeBytes);
    });
    expect(outcomes.whole).toBe(0);
    expect(outcomes['tail gone']).toBeGreaterThan(OFFSETS);
  });

  it('is never taken for a shorter one when there are zeros in the middle', async () => {
    const outcomes = await damageAt(allOver(), async (file, at) => {
      const bytes = await readFile(file);
      bytes.fill(0, at, Math.min(at + 3000, sizeBytes));
      await writeFile(file, bytes);
    });
    expect(outcomes.whole).toBe(0);
  });

  it('is never taken for a shorter one when the file is gone', async () => {
    const damaged = await whole.copy();
    await rm(await damaged.newestFile());
    expect(await outcomeOf(damaged, ALL)).toBe('tail gone');
    expect(await outcomeOf(damaged, ALL)).toBe('tail gone');
  });

  it('is never taken for a shorter one when any of the files is gone', async () => {
    const outcomes: Record<string, string> = {};
    for (const name of await readdir(whole.directory)) {
      const damaged = await whole.copy();
      await rm(join(damaged.directory, name));
      outcomes[name.replace(/\d+/, 'N')] = await outcomeOf(damaged, ALL);
    }
    expect(outcomes).toEqual({
      CURRENT: 'damaged',
      LOCK: 'whole',
      LOG: 'whole',
      'LOG.old': 'whole',
      'MANIFEST-N': 'damaged',
      'N.ldb': 'damaged',
      'N.log': 'tail gone',
    });
  });

  it('says in which file the newest writes are gone, which file says so, and what they were', async () => {
    const damaged = await whole.copy();
    await rm(await damaged.newestFile());
    await expect(damaged.recover()).rejects.toThrow(
      `${damaged.directory} is damaged: its last write is ${TURNS}, but ${damaged.proof} knows of write ${ALL} (promised: round ${ALL}): its newest writes are gone`,
    );
  });
});

describe('a log and the proof of its tail', () => {
  it('is not replaced by an older copy of LevelDB', async () => {
    const { stored, log } = await newLog(10);
    const older = await stored.copy();
    await append(log, 11);
    await log.close();
    await older.copyLevelTo(stored);
    expect(await outcomeOf(stored, 11)).toBe('tail gone');
  });

  it('is whole with an older copy of the proof', async () => {
    const { stored, log } = await newLog(10);
    const older = await stored.copy();
    await appendTurns(log, 11, 20);
    await log.close();
    await cp(older.proof, stored.proof);
    expect(await outcomeOf(stored, 20)).toBe('whole');
    // From then on the proof is as new as the log again.
    await older.copyLevelTo(stored);
    expect(await outcomeOf(stored, 20)).toBe('tail gone');
  });

  it('is not replaced by a log of another history, however long', async () => {
    const { stored, log } = await newLog(10);
    const other = await stored.copy();
    await appendTurns(log, 11, 13);
    await log.close();
    const branch = await other.open();
    await branch.recover();
    for (let turn = 11; turn <= 20; turn++) await branch.append({ accepted: [record(turn, 2)] });
    await branch.close();
    await other.copyLevelTo(stored);
    await expect(stored.recover()).rejects.toThrow(
      `${stored.directory} is damaged: its write 13 is not the one that ${stored.proof} knows of`,
    );
  });

  it("is not believed with another identity's proof", async () => {
    const { stored, log } = await newLog(3);
    await log.close();
    const other = new StoredLog(`${stored.directory}-other`);
    const stranger = await LevelReplayLog.create(other.directory, { ...REPLICA_2, replicaId: 3 as never });
    await stranger.close();
    await cp(other.proof, stored.proof);
    await expect(stored.recover()).rejects.toThrow(UnusableDirectory);
    await expect(stored.recover()).rejects.toThrow(`${stored.proof} is the log of replica 3`);
  });

  it.each([0, 1, 5])('is not believed without the proof, after %i turns', async (turns) => {
    const { stored, log } = await newLog(turns);
    await log.close();
    await rm(stored.proof);
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(stored.recover()).rejects.toThrow(DamagedLog);
      await expect(stored.recover()).rejects.toThrow(`${stored.proof} is damaged: it is gone`);
    }
    expect(await readdir(join(stored.directory, '..'))).toEqual([basename(stored.directory)]);
  });

  it('is whole as long as one mark is', async () => {
    const { stored, log } = await newLog(30);
    await log.close();
    const whole = await readFile(stored.proof);
    const pages = whole.length / PAGE_BYTES;
    /** The file, with the pages damaged that a number says in binary. */
    const damaged = (which: number, damage: (page: Buffer) => void): Buffer => {
      const bytes = Buffer.from(whole);
      for (let page = 0; page < pages; page++) {
        if ((which & (1 << page)) !== 0) damage(bytes.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES));
      }
      return bytes;
    };
    const all = 2 ** pages - 1;
    const damages = [
      (page: Buffer) => void (page[2]! ^= 1),
      (page: Buffer) => void page.fill(0),
      (page: Buffer) => void page.copy(page, 0, 1),
    ];
    for (const damage of damages) {
      for (let which = 0; which <= all; which++) {
        await writeFile(stored.proof, damaged(which, damage));
        expect(await outcomeOf(stored, 30)).toBe(which === all ? 'damaged' : 'whole');
      }
    }
    for (const sizeBytes of [0, 1, 30, PAGE_BYTES - 1, PAGE_BYTES, 2 * PAGE_BYTES + 1, whole.length + 1]) {
      await writeFile(stored.proof, Buffer.concat([whole, Buffer.alloc(1)]).subarray(0, sizeBytes));
      expect(await outcomeOf(stored, 30)).toBe(sizeBytes <= 30 ? 'damaged' : 'whole');
    }
  });

  it('is whole when its process ends between the write and its mark', async () => {
    const { stored, log } = await newLog(5);
    const unmarked = await readFile(stored.proof);
    await append(log, 6);
    const killed = await stored.copy();
    await writeFile(killed.proof, unmarked);
    await log.close();
    expect(await outcomeOf(killed, 6)).toBe('whole');
    const next = await killed.open();
    await next.recover();
    await append(next, 7);
    await next.close();
    expect(await outcomeOf(killed, 7)).toBe('whole');
  });

  it('loses what was never acknowledged in silence, and nothing else', async () => {
    const { stored, log } = await newLog(5);
    const file = await stored.newestFile();
    const acknowledged = (await stat(file)).size;
    const marked = await readFile(stored.proof);
    await append(log, 6);
    const end = (await stat(file)).size;
    const killed = await stored.copy();
    await log.close();
    expect(end).toBeGreaterThan(acknowledged + 150);
    for (let sizeBytes = acknowledged - 20; sizeBytes <= end; sizeBytes += 7) {
      const torn = await killed.copy();
      await writeFile(torn.proof, marked);
      await truncate(await torn.newestFile(), sizeBytes);
      if (sizeBytes >= acknowledged) {
        expect(await torn.recover()).toEqual(after(sizeBytes === end ? 6 : 5));
        expect(await torn.recover()).toEqual(after(sizeBytes === end ? 6 : 5));
      } else {
        expect(await outcomeOf(torn, 5)).toBe('tail gone');
      }
    }
  });

  it('is whole when a power failure left the proof older than the log, or torn', async () => {
    const { stored, log } = await newLog(5);
    const old = await readFile(stored.proof);
    await appendTurns(log, 6, 9);
    await log.close();
    const newer = await readFile(stored.proof);
    expect(newer.equals(old)).toBe(false);
    for (let torn = 0; torn <= newer.length; torn += torn % PAGE_BYTES < 64 ? 4 : 256) {
      await writeFile(stored.proof, Buffer.concat([newer.subarray(0, torn), old.subarray(torn)]));
      expect(await outcomeOf(stored, 9)).toBe('whole');
    }
  });
});

describe('a log that was truncated', () => {
  /** Ten turns, of which only the newest journal entry is kept; the proof knows of the ninth. */
  async function truncated(promisedRound: number): Promise<StoredLog> {
    const { stored, log } = await newLog(9);
    await log.close();
    await stored.inLevel(async (db) => {
      const previousSum = sumIn((await db.get(writeKey(9)))!);
      const key = writeKey(10);
      const entry = sealJournalEntry(key, {
        previousSum,
        log: { ...after(9), promised: ballot(promisedRound), firstSlot: slot(10), chosenUpTo: slot(9) },
        firstWrite: 10,
        written: [],
      });
      const dropped = Array.from({ length: 9 }, (_, index) => index + 1);
      await db.batch([
        ...dropped.flatMap((turn) => [
          { type: 'del' as const, key: slotKey(slot(turn)) },
          { type: 'del' as const, key: writeKey(turn) },
        ]),
        { type: 'put' as const, key, value: entry.stored },
      ]);
    });
    return stored;
  }

  it('is whole, though nothing is kept to compare with the mark', async () => {
    const stored = await truncated(9);
    expect(await stored.recover()).toMatchObject({ firstSlot: 10, lastSlot: 9, promised: ballot(9) });
    const log = await stored.open();
    await log.recover();
    await append(log, 10);
    await log.close();
    expect(await stored.recover()).toMatchObject({ firstSlot: 10, lastSlot: 10 });
  });

  it('is not one whose promise fell', async () => {
    const stored = await truncated(8);
    await expect(stored.recover()).rejects.toThrow('its write 9 is not the one that');
  });
});

describe('a log of the first format', () => {
  /** What the version before this one left: the same log, a header of format 1, no proof. */
  async function firstFormat(turns: number): Promise<StoredLog> {
    const { stored, log } = await newLog(turns);
    await log.close();
    await toFirstFormat(stored.directory);
    return stored;
  }

  it.each([0, 7])('gets a proof when it is opened, which must then be there, after %i turns', async (turns) => {
    const stored = await firstFormat(turns);
    const before = await stored.recover();
    expect(before).toMatchObject({ lastSlot: turns });
    expect(await stored.recover()).toEqual(before);
    const log = await stored.open();
    await log.recover();
    await append(log, turns + 1);
    await log.close();
    expect(await stored.recover()).toMatchObject({ lastSlot: turns + 1 });
    await rm(stored.proof);
    await expect(stored.recover()).rejects.toThrow(`${stored.proof} is damaged: it is gone`);
  });

  it('goes on with a change of format that was cut short', async () => {
    const stored = await firstFormat(7);
    await stored.recover();
    await giveFirstHeader(stored.directory);
    expect(await outcomeOf(stored, 7)).toBe('whole');
    await rm(stored.proof);
    expect(await outcomeOf(stored, 7)).toBe('damaged');
  });

  it('does not forget what its proof knows when it is asked for the format once more', async () => {
    const stored = await firstFormat(7);
    const older = new StoredLog(`${stored.directory}-older`);
    await stored.copyLevelTo(older);
    await stored.recover();
    const log = await stored.open();
    await log.recover();
    await append(log, 8);
    await log.close();
    await older.copyLevelTo(stored);
    expect(await outcomeOf(stored, 8)).toBe('tail gone');
  });
});
