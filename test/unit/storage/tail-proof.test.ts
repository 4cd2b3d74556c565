import { open, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MalformedBytes } from '../../../src/common/bytes.js';
import { checksum } from '../../../src/common/checksum.js';
import type { Incarnation, ReplicaId } from '../../../src/paxos/ballot.js';
import { PAGE_BYTES, putMark, takeMark } from '../../../src/storage/level/tail-mark.js';
import type { TailMark } from '../../../src/storage/level/tail-mark.js';
import { TailProof } from '../../../src/storage/level/tail-proof.js';
import { DamagedLog } from '../../../src/storage/replay-log.js';
import { StorageFailure } from '../../../src/storage/storage-failure.js';
import { ballot, REPLICA_2 } from './records.js';
import { temporaryDirectory } from './temporary-directory.js';

/** What the proof does with its open file. */
interface OpenFile {
  write(bytes: Uint8Array, from: number, sizeBytes: number, at: number): Promise<{ bytesWritten: number }>;
  datasync(): Promise<void>;
}

const HEADER_SUM = 0x12345678;
const PAGES = [0, 1, 2];

const mark = (writeNumber: number): TailMark => ({
  owner: REPLICA_2,
  writeNumber,
  sum: 0xf0000000 + writeNumber,
  promised: ballot(writeNumber + 7),
  lastRound: writeNumber + 8,
});

const pageOf = (one: TailMark): Buffer => {
  const page = Buffer.alloc(PAGE_BYTES, 0xff);
  putMark(page, one);
  return page;
};

const inputOutputError = () => Promise.reject(Object.assign(new Error('input/output error'), { code: 'EIO' }));

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('a tail mark', () => {
  it('is read as it was written, small or large', () => {
    const largest = Number.MAX_SAFE_INTEGER;
    const huge = { ...mark(largest - 8), owner: { ...REPLICA_2, replicaId: largest as ReplicaId }, sum: 0xffffffff };
    for (const one of [mark(0), mark(1), mark(300), huge]) expect(takeMark(pageOf(one))).toEqual(one);
  });

  it('is not read once any of its bytes has changed', () => {
    const page = pageOf(mark(300));
    const sizeBytes = page.findLastIndex((byte) => byte !== 0) + 1;
    expect(sizeBytes).toBeGreaterThan(30);
    for (let at = 0; at < sizeBytes; at++) {
      const flipped = Buffer.from(page);
      flipped[at]! ^= 1 << (at % 8);
      expect(() => takeMark(flipped)).toThrow(MalformedBytes);
    }
  });

  it('is not read when the page is empty, of zeros, or of ones', () => {
    for (const page of [Buffer.alloc(0), Buffer.alloc(PAGE_BYTES), Buffer.alloc(PAGE_BYTES, 0xff)]) {
      expect(() => takeMark(page)).toThrow(MalformedBytes);
    }
  });
});

describe('TailProof', () => {
  let path: string;

  beforeEach(async () => {
    path = join(await temporaryDirectory(), 'log.tail');
    await TailProof.create(path, REPLICA_2, HEADER_SUM);
  });

  const opened = () => TailProof.open(path, REPLICA_2);

  /** The newest write that the file knows of. */
  async function newest(): Promise<number> {
    const proof = await opened();
    await proof.close();
    return Math.max(...proof.marks.map(({ writeNumber }) => writeNumber));
  }

  /** What every open file does from now on is done by the spies. */
  async function spyOnFiles() {
    const handle = await open(path, 'r');
    await handle.close();
    const prototype = Object.getPrototypeOf(handle) as OpenFile;
    return { write: vi.spyOn(prototype, 'write'), datasync: vi.spyOn(prototype, 'datasync') };
  }

  it('knows of no turn when it is new', async () => {
    const proof = await opened();
    expect(proof.marks).toEqual(
      PAGES.map(() => ({
        owner: REPLICA_2,
        writeNumber: 0,
        sum: HEADER_SUM,
        promised: { round: 0, replicaId: 0, incarnation: '0000000000000000' },
        lastRound: 0,
      })),
    );
    await proof.close();
    const { mode, size } = await stat(path);
    expect({ mode: mode & 0o777, size }).toEqual({ mode: 0o600, size: PAGES.length * PAGE_BYTES });
  });

  it('knows the newest mark, however often it is opened', async () => {
    let writeNumber = 0;
    for (let life = 0; life < 7; life++) {
      const proof = await opened();
      await proof.renew(mark(writeNumber));
      for (let turn = 0; turn < life; turn++) await proof.note(mark(++writeNumber));
      await proof.close();
      expect(await newest()).toBe(writeNumber);
    }
  });

  it('is not made anew where it is', async () => {
    const proof = await opened();
    await proof.renew(mark(9));
    await proof.close();
    await TailProof.create(path, REPLICA_2, HEADER_SUM);
    expect(await newest()).toBe(9);
  });

  it('keeps a durable mark through whatever a power failure makes of what was not synced', async () => {
    const { write, datasync } = await spyOnFiles();
    const proof = await opened();
    await proof.renew(mark(1));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    write.mockClear();
    /** Pages that were written since the last sync that has ended began; those of them that the next one covers. */
    const unsynced = new Set<number>();
    let covered = new Set<number>();
    let newestNoted = 1;
    let newestCovered = 1;
    let newestDurable = 1;
    let endSync: (() => void) | undefined;
    datasync.mockImplementation(() => {
      covered = new Set(unsynced);
      newestCovered = newestNoted;
      return new Promise((resolve) => (endSync = resolve));
    });

    const torn = `${path}.torn`;
    const closers: (() => Promise<void>)[] = [];
    for (let turn = 2; turn < 60; turn++) {
      await proof.note(mark(turn));
      newestNoted = turn;
      const page = write.mock.lastCall![3] / PAGE_BYTES;
      unsynced.add(page);
      covered.delete(page);
      if (turn % 3 === 0) await vi.advanceTimersByTimeAsync(100);
      if (turn % 5 === 0 && endSync !== undefined) {
        for (const one of covered) unsynced.delete(one);
        newestDurable = newestCovered;
        endSync();
        endSync = undefined;
        await vi.advanceTimersByTimeAsync(0);
      }
      const contents = await readFile(path);
      for (const lost of unsynced) contents.fill(0xff, lost * PAGE_BYTES, (lost + 1) * PAGE_BYTES);
      await writeFile(torn, contents);
      const found = await TailProof.open(torn, REPLICA_2);
      closers.push(() => found.close());
      const numbers = found.marks.map(({ writeNumber }) => writeNumber);
      expect(Math.max(...numbers)).toBeGreaterThanOrEqual(newestDurable);
    }
    expect(newestDurable).toBeGreaterThan(40);
    expect(new Set(write.mock.calls.map((call) => call[3])).size).toBe(PAGES.length);
    endSync?.();
    datasync.mockRestore();
    await proof.close();
    for (const close of closers) await close();
  });

  it('stays on a page until a sync that covers all its marks', async () => {
    const { write, datasync } = await spyOnFiles();
    const proof = await opened();
    await proof.renew(mark(0));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    write.mockClear();
    datasync.mockResolvedValue(undefined);
    await proof.note(mark(1));
    let written: (result: { bytesWritten: number }) => void = () => undefined;
    write.mockReturnValueOnce(new Promise((resolve) => (written = resolve)));
    const noted = proof.note(mark(2));
    await vi.advanceTimersByTimeAsync(100);
    written({ bytesWritten: PAGE_BYTES });
    await noted;
    await proof.note(mark(3));
    await vi.advanceTimersByTimeAsync(100);
    await proof.note(mark(4));
    const pages = write.mock.calls.map((call) => call[3]);
    expect(pages.slice(1, 3)).toEqual([pages[0], pages[0]]);
    expect(pages[3]).not.toBe(pages[0]);
    await proof.close();
  });

  it('syncs in the background, ten times a second under load and not without a mark', async () => {
    const { datasync } = await spyOnFiles();
    const proof = await opened();
    await proof.renew(mark(0));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    datasync.mockClear().mockResolvedValue(undefined);
    for (let turn = 1; turn <= 1000; turn++) {
      await proof.note(mark(turn));
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(datasync.mock.calls.length).toBeGreaterThanOrEqual(9);
    expect(datasync.mock.calls.length).toBeLessThanOrEqual(11);
    await vi.advanceTimersByTimeAsync(200);
    const afterLoad = datasync.mock.calls.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(datasync).toHaveBeenCalledTimes(afterLoad);
    await proof.note(mark(1001));
    await vi.advanceTimersByTimeAsync(100);
    expect(datasync).toHaveBeenCalledTimes(afterLoad + 1);
    await proof.close();
    expect(datasync).toHaveBeenCalledTimes(afterLoad + 1);
  });

  it('takes marks while a sync is under way, and then syncs them', async () => {
    const { datasync } = await spyOnFiles();
    const proof = await opened();
    await proof.renew(mark(0));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let synced: () => void = () => undefined;
    datasync.mockClear().mockImplementationOnce(() => new Promise((resolve) => (synced = resolve)));
    await proof.note(mark(1));
    await vi.advanceTimersByTimeAsync(100);
    expect(datasync).toHaveBeenCalledTimes(1);
    for (let turn = 2; turn < 5; turn++) await proof.note(mark(turn));
    await vi.advanceTimersByTimeAsync(1000);
    expect(datasync).toHaveBeenCalledTimes(1);
    expect(await newest()).toBe(4);
    datasync.mockClear();
    synced();
    await vi.advanceTimersByTimeAsync(100);
    expect(datasync).toHaveBeenCalledTimes(1);
    await proof.close();
  });

  it('syncs what was noted last when it is closed', async () => {
    const proof = await opened();
    await proof.renew(mark(0));
    await proof.note(mark(1));
    const { datasync } = await spyOnFiles();
    await Promise.all([proof.close(), proof.close()]);
    expect(datasync).toHaveBeenCalledTimes(1);
  });

  it('refuses every mark after one that the disk refused, and does not sync any more', async () => {
    const { write, datasync } = await spyOnFiles();
    const proof = await opened();
    await proof.renew(mark(0));
    datasync.mockClear();
    write.mockImplementationOnce(inputOutputError);
    for (let turn = 1; turn < 4; turn++) {
      const noted = proof.note(mark(turn));
      await expect(noted).rejects.toThrow(StorageFailure);
      await expect(noted).rejects.toThrow(`cannot write ${path}: input/output error`);
    }
    await expect(proof.close()).rejects.toThrow(StorageFailure);
    expect(datasync).not.toHaveBeenCalled();
    expect(await newest()).toBe(0);
  });

  it('takes a mark that was written in part for a refused one', async () => {
    const { write } = await spyOnFiles();
    const proof = await opened();
    write.mockResolvedValueOnce({ bytesWritten: 512 });
    await expect(proof.note(mark(1))).rejects.toThrow(`cannot write ${path}: it took 512 of 4096 bytes`);
    await expect(proof.close()).rejects.toThrow(StorageFailure);
  });

  it('refuses every mark after a sync that failed, and never syncs again', async () => {
    const { datasync } = await spyOnFiles();
    const proof = await opened();
    await proof.renew(mark(0));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    datasync.mockClear().mockImplementationOnce(inputOutputError);
    await proof.note(mark(1));
    await vi.advanceTimersByTimeAsync(100);
    for (let turn = 2; turn < 4; turn++) {
      await expect(proof.note(mark(turn))).rejects.toThrow(`cannot write ${path}: input/output error`);
    }
    await vi.advanceTimersByTimeAsync(1000);
    await expect(proof.close()).rejects.toThrow(StorageFailure);
    expect(datasync).toHaveBeenCalledTimes(1);
  });

  it('says at its end that the last sync failed', async () => {
    const { datasync } = await spyOnFiles();
    const proof = await opened();
    datasync.mockImplementationOnce(inputOutputError);
    await expect(proof.close()).rejects.toThrow(`cannot write ${path}: input/output error`);
  });

  it('does without the marks that were damaged, and not without any', async () => {
    const proof = await opened();
    await proof.renew(mark(1));
    await proof.renew(mark(2));
    await proof.renew(mark(3));
    await proof.close();
    const whole = await readFile(path);
    const numbers = PAGES.map((page) => takeMark(whole.subarray(page * PAGE_BYTES)).writeNumber);
    for (const kept of PAGES) {
      const damaged = Buffer.from(whole);
      for (const page of PAGES) if (page !== kept) damaged[page * PAGE_BYTES + 3]! ^= 1;
      await writeFile(path, damaged);
      expect(await newest()).toBe(numbers[kept]);
      // What is left is kept until there is another one.
      const renewed = await opened();
      await renewed.renew(mark(10));
      await renewed.close();
      expect(renewed.marks.length).toBe(1);
      expect(takeMark((await readFile(path)).subarray(kept * PAGE_BYTES)).writeNumber).toBe(numbers[kept]);
      expect(await newest()).toBe(10);
    }
  });

  it.each<[string, (damaged: string) => Promise<void>]>([
    ['empty', (damaged) => truncate(damaged, 0)],
    ['cut short in its first mark', (damaged) => truncate(damaged, 20)],
    ['of zeros', (damaged) => writeFile(damaged, Buffer.alloc(PAGES.length * PAGE_BYTES))],
    ['of something else', (damaged) => writeFile(damaged, 'the tail of a log\n'.repeat(1000))],
  ])('is damaged when it is %s', async (_, damage) => {
    await damage(path);
    await expect(opened()).rejects.toThrow(DamagedLog);
    await expect(opened()).rejects.toThrow(
      `${path} is damaged: none of its marks is what was written. A replica must not vote`,
    );
  });

  it('belongs to one identity', async () => {
    const stranger = { ...REPLICA_2, incarnation: 'aaaaaaaaaaaaaaaa' as Incarnation };
    const found = TailProof.open(path, stranger);
    await expect(found).rejects.toMatchObject({ name: 'UnusableDirectory', reason: 'other-replica' });
    await expect(found).rejects.toThrow(`${path} is the log of replica 2, incarnation 0123456789abcdef`);
  });

  it('does not guess at a later format', async () => {
    const whole = await readFile(path);
    const stored = whole.subarray(1, 1 + whole[0]!);
    stored[0] = 2;
    stored.writeUInt32LE(checksum(stored.subarray(0, -4), checksum(Buffer.from('tail'))), stored.length - 4);
    await writeFile(path, whole);
    await expect(opened()).rejects.toMatchObject({ name: 'UnusableDirectory', reason: 'newer-format' });
  });

  it('says what it could not read', async () => {
    await expect(TailProof.open(join(path, 'nowhere'), REPLICA_2)).rejects.toThrow(StorageFailure);
    await expect(TailProof.open(join(path, '..'), REPLICA_2)).rejects.toThrow('cannot open');
  });
});
