import { describe, expect, it } from 'vitest';
import { Stalls } from '../../../src/replica/stalls.js';
import { Yielding } from '../../../src/replica/yielding.js';
import { TestCell } from './test-cell.js';
import type { Place } from './test-cell.js';

const reignsOf = (cell: TestCell): number =>
  cell.places.flatMap(({ reigns }) => reigns).filter((type) => type === 'reignBegan').length;

/** The master is given words for so long. */
async function write(cell: TestCell, durationMs: number): Promise<void> {
  for (let passedMs = 0; passedMs < durationMs; passedMs += 50) {
    cell.master?.notebook?.submit(`word-${passedMs}`);
    await cell.time.pass(50);
  }
}

async function openCell(size: number, syncMs: number): Promise<{ cell: TestCell; master: Place }> {
  const cell = new TestCell(size);
  const master = await cell.open();
  for (const place of cell.places) place.syncMs = syncMs;
  return { cell, master };
}

describe('a master with a slow disk', () => {
  it('hands over to one with a fast disk, once, and says why', async () => {
    const { cell, master } = await openCell(5, 2);
    const alsoSlow = cell.places.find((place) => place !== master)!;
    master.syncMs = 300;
    alsoSlow.syncMs = 300;
    await write(cell, 30_000);
    expect(master.notebook!.lines.find((line) => line.startsWith('reign ended'))).toMatch(
      /^reign ended: its disk takes \d{3} ms for a value, those of the others \d{1,2} ms$/,
    );
    expect(master.replica!.timesYielded).toBe(1);
    expect([master, alsoSlow]).not.toContain(cell.master);
    expect(reignsOf(cell)).toBe(2);
  });

  it('stays where the others are no faster', async () => {
    const { cell, master } = await openCell(3, 2);
    for (const place of cell.places) place.syncMs = 200;
    await write(cell, 30_000);
    expect(cell.master).toBe(master);
    expect(reignsOf(cell)).toBe(1);
  });

  it('stays when its disk was slow for a moment', async () => {
    const { cell, master } = await openCell(3, 2);
    await write(cell, 2_000);
    master.syncMs = 300;
    await write(cell, 1_000);
    master.syncMs = 2;
    await write(cell, 10_000);
    expect(cell.master).toBe(master);
  });
});

describe('giving way', () => {
  it('happens at once, then after growing pauses, and begins anew after a long time without a reason', () => {
    const yielding = new Yielding();
    const pauses: number[] = [];
    let nowMs = 0;
    for (let times = 0; times < 9; times++) {
      expect(yielding.may(nowMs)).toBe(true);
      const untilMs = yielding.yielded(nowMs);
      pauses.push((untilMs - nowMs) / 1000);
      expect(yielding.may(untilMs - 1)).toBe(false);
      nowMs = untilMs;
    }
    expect(pauses).toEqual([10, 20, 40, 80, 160, 320, 600, 600, 600]);
    expect(yielding.yielded(nowMs + 600_001) - nowMs - 600_001).toBe(10_000);
    expect(yielding.times).toBe(10);
  });

  it('has a reason in a process that stalls again and again within a minute', () => {
    const stalls = new Stalls();
    let nowMs = 0;
    const tick = (afterMs: number): void => stalls.ticked((nowMs += afterMs), 20, 300);
    tick(20);
    for (let times = 0; times < 4; times++) tick(320);
    tick(319);
    expect(stalls.tooMany).toBeUndefined();
    tick(320);
    expect(stalls.tooMany).toBe(5);
    stalls.forget();
    expect(stalls.tooMany).toBeUndefined();
    for (let times = 0; times < 10; times++) {
      tick(320);
      for (let ticks = 0; ticks < 1_000; ticks++) tick(20);
    }
    expect(stalls.tooMany).toBeUndefined();
  });
});
