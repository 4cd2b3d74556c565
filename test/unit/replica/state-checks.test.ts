import { describe, expect, it } from 'vitest';
import { birthConfiguration } from '../../../src/paxos/configuration.js';
import { DigestTally } from '../../../src/replica/digest-tally.js';
import { DEFAULT_SNAPSHOT_SCHEDULE } from '../../../src/replica/snapshot-keeper.js';
import type { SnapshotSchedule } from '../../../src/replica/snapshot-keeper.js';
import { StateDiverged } from '../../../src/replica/state-diverged.js';
import { identityOf, slot } from '../paxos/ids.js';
import { TestCell } from './test-cell.js';
import type { Place } from './test-cell.js';

const SNAPSHOTS_EVERY_TEN = { afterLogBytes: Infinity, afterSlots: 10, kept: 2 };
const EVERY_FIVE = { afterSlots: 5, afterMs: 60_000 };
const EVERY_SECOND = { afterSlots: Infinity, afterMs: 1_000 };

async function openCell(
  size = 3,
  schedule = EVERY_FIVE,
  snapshots: SnapshotSchedule = SNAPSHOTS_EVERY_TEN,
): Promise<{ cell: TestCell; master: Place; others: Place[] }> {
  const cell = new TestCell(size, {}, 0, snapshots, schedule);
  const master = await cell.open();
  return { cell, master, others: cell.places.filter((place) => place !== master) };
}

/** One value for each word, chosen and applied by the master at least. */
async function submitEach(cell: TestCell, prefix: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    cell.master?.notebook?.submit(`${prefix}-${n}`);
    await cell.time.until(() => cell.master?.notebook?.applied.includes(`${prefix}-${n}`) === true, 500);
  }
}

const checksOf = (place: Place) => place.replica!.status().checks!;
const requestsIn = (place: Place): string[] => place.notebook!.lines.filter((line) => line.endsWith(' checksum'));
/** Something that the log does not say. */
const damage = (place: Place, what = 'damage'): unknown => place.notebook!.applied.unshift(what);
const holdNoDamage = (cell: TestCell): boolean =>
  cell.places.every(({ notebook }) => notebook?.applied.includes('damage') === false);

async function startAgain(place: Place): Promise<void> {
  place.kill();
  place.fatal.length = 0;
  await place.start();
}

describe('a master', () => {
  it('has the states compared after so many values', async () => {
    const { cell } = await openCell();
    await submitEach(cell, 'w', 11);
    expect(await cell.time.until(() => cell.places.every((place) => requestsIn(place).length === 2))).toBe(true);
    await cell.time.pass(50);
    for (const place of cell.places) {
      expect(`${checksOf(place).verifiedSlot} checksum`).toBe(requestsIn(place).at(-1));
      expect(place.checks).toEqual([]);
    }
  });

  it('has them compared after some time, and not while nothing is written', async () => {
    const { cell, master } = await openCell(3, EVERY_SECOND);
    await cell.time.pass(5_000);
    expect(requestsIn(master)).toHaveLength(0);
    await submitEach(cell, 'w', 1);
    await cell.time.pass(5_000);
    expect(requestsIn(master)).toHaveLength(1);
  });

  it('hears of those who report late, whose reports were lost', async () => {
    const { cell, others } = await openCell();
    let lost = 0;
    const [late] = others as [Place];
    cell.wires.passes = ({ from, messages }) =>
      from.replicaId !== late.id || !messages.some(({ type }) => type === 'digestReport') || ++lost > 2;
    await submitEach(cell, 'w', 6);
    expect(await cell.time.until(() => checksOf(late).verifiedSlot > 0, 5_000)).toBe(true);
    expect(lost).toBe(3);
  });

  it('asks again where its predecessor died before it said what came of it', async () => {
    const { cell, master, others } = await openCell();
    cell.wires.passes = ({ messages }) => !messages.some(({ type }) => type === 'digestVerdict');
    await submitEach(cell, 'w', 6);
    await cell.time.until(() => others.every((place) => requestsIn(place).length === 1));
    master.kill();
    cell.wires.passes = () => true;
    expect(await cell.time.until(() => others.every((place) => checksOf(place).verifiedSlot > 0), 10_000)).toBe(true);
  });
});

describe('a replica whose state is not that of a majority', () => {
  it('takes itself out, and comes back with the right one, as who it was', async () => {
    const { cell, master, others } = await openCell();
    const [other] = others as [Place];
    await submitEach(cell, 'w', 30);
    const { self } = other.disk.durable.identity!;
    damage(other);
    await submitEach(cell, 'x', 12);
    expect(other.fatal).toEqual([expect.any(StateDiverged)]);
    expect(other.fatal[0]!.message).toMatch(/has the state [0-9a-f]{32} after slot \d+, a majority has [0-9a-f]{32}/);
    expect([...other.disk.durable.snapshots]).toEqual([]);
    expect(master.checks).toContainEqual(expect.objectContaining({ type: 'differs', identity: self }));
    expect(checksOf(master).mismatches).toBe(1);
    const { promised } = other.disk.durable.log;

    await startAgain(other);
    expect(await cell.applied('x-11')).toBe(true);
    await submitEach(cell, 'y', 12);
    expect(await cell.applied('y-11')).toBe(true);
    expect(holdNoDamage(cell)).toBe(true);
    expect(other.fatal).toEqual([]);
    expect(other.disk.durable.identity!.self).toEqual(self);
    expect(other.disk.durable.log.promised.round).toBeGreaterThanOrEqual(promised.round);
    expect(checksOf(other).verifiedSlot).toBe(checksOf(cell.master!).verifiedSlot);
  });

  it('and that is master hands over first', async () => {
    const { cell, master } = await openCell();
    await submitEach(cell, 'w', 3);
    damage(master);
    await submitEach(cell, 'x', 3);
    expect(await cell.time.until(() => master.fatal.length > 0)).toBe(true);
    expect(master.fatal).toEqual([expect.any(StateDiverged)]);
    expect(master.notebook!.lines.at(-1)).toBe('reign ended: its state is not that of a majority');
    expect(master.isMaster).toBe(false);
    // Released, the others do not wait for its lease.
    expect(await cell.time.until(() => cell.master !== undefined, 450)).toBe(true);
    await startAgain(master);
    await submitEach(cell, 'y', 12);
    expect(await cell.applied('y-11')).toBe(true);
    expect(holdNoDamage(cell)).toBe(true);
  });

  it('leaves no snapshot that it was just taking', async () => {
    const { cell, others } = await openCell(3, { afterSlots: 20, afterMs: 60_000 });
    const [other] = others as [Place];
    await submitEach(cell, 'w', 10);
    damage(other);
    // What it learns it applies, though nothing reaches its disk.
    other.holdsSyncs = true;
    await submitEach(cell, 'x', 12);
    await cell.time.pass(500);
    expect(requestsIn(other)).toHaveLength(1);
    expect(other.fatal).toEqual([]);
    other.holdsSyncs = false;
    other.releaseSyncs();
    expect(await cell.time.until(() => other.fatal.length > 0)).toBe(true);
    await cell.time.pass(500);
    expect([...other.disk.durable.snapshots]).toEqual([]);
  });
});

describe('where no majority agrees', () => {
  it('nothing is written, nobody takes himself out, and what is written goes on once a majority agrees', async () => {
    const { cell, master, others } = await openCell(3, EVERY_FIVE, DEFAULT_SNAPSHOT_SCHEDULE);
    await submitEach(cell, 'w', 2);
    damage(others[0]!, 'damage');
    damage(others[1]!, 'other damage');
    await submitEach(cell, 'x', 6);
    expect(await cell.time.until(() => checksOf(master).disputed)).toBe(true);
    const before = master.notebook!.applied.length;
    master.notebook!.submit('held');
    await cell.time.pass(10_000);
    expect(master.notebook!.applied).toHaveLength(before);
    expect(cell.places.flatMap(({ fatal }) => fatal)).toEqual([]);
    expect(cell.places.every((place) => checksOf(place).disputed)).toBe(true);
    expect(master.isMaster).toBe(true);

    // Its state is made anew at its start.
    await startAgain(others[0]!);
    const isWritten = (): boolean => master.notebook!.applied.some((text) => text.endsWith('held'));
    expect(await cell.time.until(isWritten, 10_000)).toBe(true);
    expect(checksOf(master).disputed).toBe(false);
    expect(await cell.time.until(() => others[1]!.fatal.length > 0)).toBe(true);
    expect(master.checks.map(({ type }) => type)).toEqual(['disputed', 'differs', 'settled']);
  });

  it('the next master writes nothing either', async () => {
    const { cell, master, others } = await openCell(5);
    await submitEach(cell, 'w', 2);
    for (const [index, place] of others.slice(0, 3).entries()) damage(place, `damage-${index}`);
    await submitEach(cell, 'x', 6);
    expect(await cell.time.until(() => others.every((place) => checksOf(place).disputed))).toBe(true);
    master.kill();
    expect(await cell.time.until(() => cell.master !== undefined, 10_000)).toBe(true);
    cell.master!.notebook!.submit('held');
    await cell.time.pass(10_000);
    expect(cell.master!.notebook!.applied).not.toContain('held');
    expect(cell.places.flatMap(({ fatal }) => fatal)).toEqual([]);
  });
});

describe('a tally of digests', () => {
  const [a, b, c, stranger] = [1, 2, 3, 4].map((id) => identityOf(id)) as [
    ReturnType<typeof identityOf>,
    ReturnType<typeof identityOf>,
    ReturnType<typeof identityOf>,
    ReturnType<typeof identityOf>,
  ];

  it('counts voters only, each for what it said last', () => {
    const configuration = { ...birthConfiguration([a, b, c]), learners: [stranger] };
    const tally = new DigestTally(slot(7), configuration);
    tally.report(a, 'x');
    tally.report(stranger, 'x');
    expect([tally.agreed, tally.disputed]).toEqual([undefined, false]);
    tally.report(b, 'y');
    expect([tally.agreed, tally.disputed]).toEqual([undefined, true]);
    tally.report(b, 'x');
    expect([tally.agreed, tally.disputed]).toEqual(['x', false]);
    tally.report(identityOf(9), 'z');
    expect(tally.reported).toHaveLength(3);
  });
});
