import { describe, expect, it } from 'vitest';
import { RESERVE_BYTES, TestCell } from './test-cell.js';
import type { Place } from './test-cell.js';

const isShort = ({ replica }: Place): boolean => replica?.room.space !== 'ample';

/** The disks of these are full, or have room again. */
async function fill(cell: TestCell, places: readonly Place[], freeBytes: number): Promise<void> {
  for (const { space } of places) space.freeBytes = freeBytes;
  const wanted = freeBytes < RESERVE_BYTES;
  expect(await cell.time.until(() => places.every((place) => isShort(place) === wanted))).toBe(true);
}

const has = ({ notebook }: Place, word: string): boolean => notebook?.applied.includes(word) === true;

/** Submits a word and waits until these have it. */
async function write(cell: TestCell, word: string, places: readonly Place[]): Promise<boolean> {
  cell.master!.notebook!.submit(word);
  return cell.time.until(() => places.every((place) => has(place, word)), 5_000);
}

describe('a cell with full disks (DESIGN 3.11)', () => {
  it('goes on without a minority, which writes nothing, and catches up when it has room', async () => {
    const cell = new TestCell(5);
    const master = await cell.open();
    const others = cell.places.filter((place) => place !== master);
    const full = others.slice(0, 2);
    const rest = [master, ...others.slice(2)];
    await fill(cell, full, 10);
    const written = full.map(({ disk }) => disk.durable.log.lastSlot);
    for (const word of ['a', 'b', 'c']) expect(await write(cell, word, rest)).toBe(true);
    expect(full.map(({ disk }) => disk.durable.log.lastSlot)).toEqual(written);
    expect(master.replica!.shortOfSpace()).toBe(false);
    expect(cell.master).toBe(master);
    await fill(cell, full, 10 * RESERVE_BYTES);
    expect(await cell.applied('c')).toBe(true);
  });

  it('has its master hand over to one with room, once', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    await fill(cell, [master], 10);
    expect(await cell.time.until(() => cell.master !== undefined && cell.master !== master)).toBe(true);
    expect(master.notebook!.lines).toContain('reign ended: its disk is short of space');
    const successor = cell.master!;
    expect(
      await write(
        cell,
        'x',
        cell.places.filter((place) => place !== master),
      ),
    ).toBe(true);
    await cell.time.pass(20_000);
    expect(cell.master).toBe(successor);
    expect(cell.places.flatMap(({ reigns }) => reigns).filter((type) => type === 'reignBegan')).toHaveLength(2);
  });

  it('knows when a majority is short, keeps its master, and has what frees space accepted on the reserve', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    await fill(cell, cell.places, 10);
    expect(await cell.time.until(() => cell.master?.replica?.shortOfSpace() === true)).toBe(true);
    expect(cell.master).toBe(master);
    // The application is asked to propose nothing else; what it proposes is taken.
    expect(await write(cell, 'delete', cell.places)).toBe(true);
    await cell.time.pass(10_000);
    expect(cell.master).toBe(master);
    expect(cell.places.flatMap(({ reigns }) => reigns)).toEqual(['reignBegan']);
    await fill(cell, cell.places, 10 * RESERVE_BYTES);
    expect(await cell.time.until(() => master.replica!.shortOfSpace() === false)).toBe(true);
    expect(cell.places.map(({ space }) => space.heldBytes)).toEqual(cell.places.map(() => RESERVE_BYTES));
  });

  it('elects a master though all are short, one is behind, and values are half accepted', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    const [behind, other] = cell.places.filter((place) => place !== master) as [Place, Place];
    await fill(cell, [behind], 10);
    expect(await write(cell, 'missed', [master, other])).toBe(true);
    await fill(cell, [master, other], 10);
    master.kill();
    expect(await cell.time.until(() => cell.master !== undefined, 20_000)).toBe(true);
    expect(await cell.time.until(() => has(behind, 'missed') && has(other, 'missed'), 10_000)).toBe(true);
    expect(await write(cell, 'delete', [behind, other])).toBe(true);
  });
});
