import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InvariantViolation } from '../../../src/common/assert.js';
import { NO_BALLOT } from '../../../src/paxos/ballot.js';
import { StorageFailure } from '../../../src/storage/storage-failure.js';
import type { ReplayLog } from '../../../src/storage/replay-log.js';
import { ballot, plain, record, records, slot, slotsOf, value } from './records.js';

/** One disk that logs are opened on, one after the other. */
export interface LogHarness {
  /** Opens the log of a fresh disk first, and what is on the disk from then on. The caller closes it. */
  open(): Promise<ReplayLog>;
  /** The next write meets an error of the disk. */
  failNextWrite(): void;
  dispose(): Promise<void>;
}

const ALL = slot(Number.MAX_SAFE_INTEGER);
const UNLIMITED = Number.MAX_SAFE_INTEGER;

/** What every replay log does, whatever it is stored on. */
export function replayLogSuite(name: string, makeHarness: () => Promise<LogHarness>): void {
  describe(`${name} as a replay log`, () => {
    let harness: LogHarness;
    let log: ReplayLog;

    beforeEach(async () => {
      harness = await makeHarness();
      log = await harness.open();
    });

    afterEach(async () => {
      await log.close();
      await harness.dispose();
    });

    /** The process ends and starts again; what the log then knows. */
    async function reopen() {
      await log.close();
      log = await harness.open();
      return log.recover();
    }

    const readAll = async (from = 1) => log.read(slot(from), ALL, UNLIMITED);

    it('knows nothing when it is new', async () => {
      const nothing = { promised: NO_BALLOT, lastRound: 0, chosenUpTo: 0, firstSlot: 1, lastSlot: 0 };
      expect(await log.recover()).toEqual(nothing);
      expect(await readAll()).toEqual([]);
      expect(await reopen()).toEqual(nothing);
    });

    it('recovers what the turns said last', async () => {
      await log.recover();
      await log.append({ accepted: [], promised: ballot(3) });
      await log.append({ accepted: [], lastRound: 7 });
      await log.append({ accepted: records(1, 3) });
      await log.append({ accepted: [], chosenUpTo: slot(2) });
      await log.append({ accepted: [], promised: ballot(9) });
      const expected = { promised: ballot(9), lastRound: 7, chosenUpTo: 2, firstSlot: 1, lastSlot: 3 };
      expect(await reopen()).toEqual(expected);
      expect(await reopen()).toEqual(expected);
    });

    it('recovers counters as large as they get', async () => {
      const largest = Number.MAX_SAFE_INTEGER;
      await log.recover();
      await log.append({ accepted: [record(1, largest)], promised: ballot(largest), lastRound: largest });
      expect(await reopen()).toMatchObject({ promised: ballot(largest), lastRound: largest });
      expect(plain(await readAll())).toEqual(plain([record(1, largest)]));
    });

    it('keeps a turn with everything in it together', async () => {
      await log.recover();
      await log.append({
        accepted: records(1, 50),
        promised: ballot(2),
        lastRound: 2,
        chosenUpTo: slot(40),
      });
      expect(await reopen()).toEqual({ promised: ballot(2), lastRound: 2, chosenUpTo: 40, firstSlot: 1, lastSlot: 50 });
      expect(plain(await readAll())).toEqual(plain(records(1, 50)));
    });

    it('takes an empty turn', async () => {
      await log.recover();
      await log.append({ accepted: [] });
      await log.append({ accepted: records(1, 1) });
      expect(await reopen()).toMatchObject({ lastSlot: 1 });
    });

    it('goes on after each reopening', async () => {
      await log.recover();
      for (let turn = 1; turn <= 5; turn++) {
        await log.append({ accepted: [record(turn, turn)], chosenUpTo: slot(turn) });
        expect(await reopen()).toMatchObject({ chosenUpTo: turn, lastSlot: turn });
      }
      expect(plain(await readAll())).toEqual(plain([1, 2, 3, 4, 5].map((turn) => record(turn, turn))));
    });

    it('shows a turn to readers as soon as it is appended', async () => {
      await log.recover();
      await log.append({ accepted: records(1, 2) });
      expect(slotsOf(await readAll())).toEqual([1, 2]);
    });

    it("replaces a slot's record by a later one", async () => {
      await log.recover();
      await log.append({ accepted: records(1, 5, 1, value('a')) });
      await log.append({ accepted: records(3, 4, 2, value('longer', 100)) });
      await log.append({ accepted: [record(4, 3, value('c', 0))] });
      const expected = plain([
        ...records(1, 2, 1, value('a')),
        record(3, 2, value('longer', 100)),
        record(4, 3, value('c', 0)),
        record(5, 1, value('a')),
      ]);
      expect(plain(await readAll())).toEqual(expected);
      expect(await reopen()).toMatchObject({ lastSlot: 5 });
      expect(plain(await readAll())).toEqual(expected);
    });

    it('keeps the last of several records of one slot in one turn', async () => {
      await log.recover();
      await log.append({ accepted: [record(1, 1, value('a')), record(1, 2, value('b'))] });
      await reopen();
      expect(plain(await readAll())).toEqual(plain([record(1, 2, value('b'))]));
    });

    it('keeps records in the order of their slots, not of their arrival', async () => {
      await log.recover();
      await log.append({ accepted: [record(300), record(2)] });
      await log.append({ accepted: [record(256), record(1)] });
      await reopen();
      expect(slotsOf(await readAll())).toEqual([1, 2, 256, 300]);
    });

    it('keeps gaps above the chosen watermark', async () => {
      await log.recover();
      await log.append({ accepted: [...records(1, 3), record(5), record(9)], chosenUpTo: slot(3) });
      expect(await reopen()).toMatchObject({ chosenUpTo: 3, lastSlot: 9 });
      expect(slotsOf(await readAll(2))).toEqual([2, 3, 5, 9]);
      expect(slotsOf(await log.read(slot(6), slot(8), UNLIMITED))).toEqual([]);
    });

    it('reads from a slot up to a slot', async () => {
      await log.recover();
      await log.append({ accepted: records(1, 10) });
      expect(slotsOf(await log.read(slot(4), slot(6), UNLIMITED))).toEqual([4, 5, 6]);
      expect(slotsOf(await log.read(slot(10), slot(10), UNLIMITED))).toEqual([10]);
      expect(slotsOf(await log.read(slot(9), slot(99), UNLIMITED))).toEqual([9, 10]);
      expect(slotsOf(await log.read(slot(11), slot(99), UNLIMITED))).toEqual([]);
      expect(slotsOf(await log.read(slot(6), slot(4), UNLIMITED))).toEqual([]);
    });

    it('reads at most the bytes of values asked for, but one record at least', async () => {
      await log.recover();
      await log.append({ accepted: [...records(1, 4, 1, value('v', 100)), record(5, 1, value('w', 1000))] });
      const upTo = async (maxBytes: number, from = 1) => slotsOf(await log.read(slot(from), ALL, maxBytes));
      expect(await upTo(250)).toEqual([1, 2]);
      expect(await upTo(300)).toEqual([1, 2, 3]);
      expect(await upTo(301)).toEqual([1, 2, 3]);
      expect(await upTo(0)).toEqual([1]);
      expect(await upTo(500, 5)).toEqual([5]);
      expect(await upTo(1399)).toEqual([1, 2, 3, 4]);
      expect(await upTo(1400)).toEqual([1, 2, 3, 4, 5]);
    });

    it('reads thousands of records piece by piece', async () => {
      await log.recover();
      for (let first = 1; first <= 3000; first += 1000) {
        await log.append({ accepted: records(first, first + 999, 1, value('v', 300)), chosenUpTo: slot(first + 999) });
      }
      await reopen();
      const seen: number[] = [];
      for (;;) {
        const piece = await log.read(slot(seen.length + 1), slot(2990), 100_000);
        if (piece.length === 0) break;
        seen.push(...slotsOf(piece));
      }
      expect(seen).toEqual(slotsOf(records(1, 2990)));
    });

    it('keeps values of no byte and of a megabyte', async () => {
      await log.recover();
      const large = value('', 1024 * 1024);
      for (let i = 0; i < large.length; i++) large[i] = (i * 31) % 251;
      await log.append({ accepted: [record(1, 1, value('', 0)), record(2, 1, large)] });
      await reopen();
      const [first, second] = await readAll();
      expect(first?.value.length).toBe(0);
      expect(Buffer.compare(second!.value, large)).toBe(0);
    });

    it('owns what it stores, and gives away copies', async () => {
      await log.recover();
      const mine = value('a');
      const appended = log.append({ accepted: [record(1, 1, mine)] });
      mine.fill(0x7a);
      await appended;
      const [read] = await readAll();
      read!.value.fill(0x78);
      const expected = plain([record(1, 1, value('a'))]);
      expect(plain(await readAll())).toEqual(expected);
      await reopen();
      expect(plain(await readAll())).toEqual(expected);
    });

    it('begins at its first slot once it is truncated, and keeps all above it', async () => {
      await log.recover();
      await log.append({ accepted: records(1, 10), promised: ballot(3), lastRound: 2, chosenUpTo: slot(8) });
      await log.append({ accepted: records(11, 12), firstSlot: slot(5) });
      const expected = { promised: ballot(3), lastRound: 2, chosenUpTo: 8, firstSlot: 5, lastSlot: 12 };
      expect(slotsOf(await readAll())).toEqual([5, 6, 7, 8, 9, 10, 11, 12]);
      expect(await reopen()).toEqual(expected);
      await log.reclaim();
      expect(plain(await readAll())).toEqual(plain(records(5, 12)));
      expect(await reopen()).toEqual(expected);
      expect(plain(await readAll())).toEqual(plain(records(5, 12)));
    });

    it('goes on above all that it holds, where a snapshot does', async () => {
      await log.recover();
      await log.append({ accepted: records(1, 3), promised: ballot(3), chosenUpTo: slot(2) });
      await log.append({ accepted: [], chosenUpTo: slot(50), firstSlot: slot(51) });
      expect(await readAll()).toEqual([]);
      const expected = { promised: ballot(3), chosenUpTo: 50, firstSlot: 51, lastSlot: 50 };
      expect(await reopen()).toMatchObject(expected);
      await log.reclaim();
      await log.append({ accepted: records(51, 52), chosenUpTo: slot(51) });
      expect(await reopen()).toMatchObject({ ...expected, chosenUpTo: 51, lastSlot: 52 });
      expect(slotsOf(await readAll())).toEqual([51, 52]);
    });

    it('keeps what is accepted above the slot that a snapshot goes up to', async () => {
      await log.recover();
      await log.append({ accepted: [...records(1, 3), record(60), record(61)] });
      await log.append({ accepted: [], chosenUpTo: slot(50), firstSlot: slot(51) });
      expect(await reopen()).toMatchObject({ firstSlot: 51, lastSlot: 61 });
      expect(slotsOf(await readAll())).toEqual([60, 61]);
    });

    it('is truncated again and again while it grows, and recovers each time', async () => {
      await log.recover();
      for (let round = 1; round <= 6; round++) {
        const last = round * 20;
        for (let at = last - 19; at <= last; at += 5) {
          await log.append({ accepted: records(at, at + 4, round), chosenUpTo: slot(at + 4) });
        }
        await log.append({ accepted: [], lastRound: round, firstSlot: slot(last - 9) });
        const reclaiming = log.reclaim();
        await log.append({ accepted: [record(last + 100)] });
        await reclaiming;
        expect(await reopen()).toMatchObject({ firstSlot: last - 9, chosenUpTo: last, lastSlot: last + 100 });
        expect(slotsOf(await log.read(slot(1), slot(last), UNLIMITED))).toEqual(slotsOf(records(last - 9, last)));
      }
    });

    it('reads while a turn is on its way', async () => {
      await log.recover();
      await log.append({ accepted: records(1, 3), chosenUpTo: slot(3) });
      const appended = log.append({ accepted: records(4, 6), chosenUpTo: slot(6) });
      expect(slotsOf(await log.read(slot(1), slot(3), UNLIMITED))).toEqual([1, 2, 3]);
      await appended;
      expect(slotsOf(await readAll())).toEqual([1, 2, 3, 4, 5, 6]);
    });

    it('refuses every turn after one that the disk refused', async () => {
      await log.recover();
      await log.append({ accepted: records(1, 1) });
      harness.failNextWrite();
      const refused = log.append({ accepted: records(2, 2) });
      await expect(refused).rejects.toThrow(StorageFailure);
      await expect(refused).rejects.toMatchObject({ cause: { message: 'input/output error' } });
      await expect(log.append({ accepted: records(3, 3) })).rejects.toThrow(StorageFailure);
      await expect(log.append({ accepted: [] })).rejects.toThrow(StorageFailure);
      expect(slotsOf(await readAll())).toEqual([1]);
    });

    it('refuses a turn after it was closed', async () => {
      await log.recover();
      await log.close();
      await expect(log.append({ accepted: records(1, 1) })).rejects.toThrow(StorageFailure);
    });

    it('may be closed twice', async () => {
      await log.close();
      await log.close();
    });

    it.each<[string, () => Promise<unknown>]>([
      ['a turn before the recovery', () => log.append({ accepted: [] })],
      ['a read before the recovery', () => readAll()],
      ['a second recovery', async () => [await log.recover(), await log.recover()]],
      [
        'two turns at a time',
        async () => {
          await log.recover();
          return Promise.all([log.append({ accepted: [] }), log.append({ accepted: [] })]);
        },
      ],
      ['a slot before the first', async () => [await log.recover(), await log.append({ accepted: [record(0)] })]],
      [
        'a chosen slot beyond every record',
        async () => [await log.recover(), await log.append({ accepted: records(1, 2), chosenUpTo: slot(3) })],
      ],
      [
        'a watermark that falls',
        async () => {
          await log.recover();
          await log.append({ accepted: records(1, 2), chosenUpTo: slot(2) });
          await log.append({ accepted: [], chosenUpTo: slot(1) });
        },
      ],
    ])('takes %s for a broken invariant', async (_, act) => {
      await expect(act()).rejects.toThrow(InvariantViolation);
    });
  });
}
