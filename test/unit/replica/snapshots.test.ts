import { describe, expect, it } from 'vitest';
import type { PeerFrame } from '../../../src/replica/transport.js';
import { DamagedSnapshot } from '../../../src/storage/snapshot-store.js';
import { slot } from '../paxos/ids.js';
import { TestCell } from './test-cell.js';
import type { Place } from './test-cell.js';

const EVERY_TEN = { afterLogBytes: Infinity, afterSlots: 10, kept: 2 };

/** A cell of three that takes snapshots often, and its master. */
async function openCell(): Promise<{ cell: TestCell; master: Place; behind: Place }> {
  const cell = new TestCell(3, {}, 0, EVERY_TEN);
  const master = await cell.open();
  return { cell, master, behind: cell.places.find((place) => place !== master)! };
}

/** One value for each word, chosen and applied by all who run. */
async function submitEach(cell: TestCell, words: readonly string[]): Promise<void> {
  for (const word of words) {
    cell.master!.notebook!.submit(word);
    expect(await cell.applied(word)).toBe(true);
  }
}

const words = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
const slotsOf = (place: Place): number[] => [...place.disk.durable.snapshots.keys()].sort((a, b) => a - b);

async function restart(cell: TestCell, ...places: readonly Place[]): Promise<void> {
  for (const place of places) place.kill();
  for (const place of places) await place.start();
  expect(await cell.time.until(() => cell.master !== undefined)).toBe(true);
}

/** Everybody's memory of old values is gone, and the log on disk begins after them. */
async function leaveBehind({ cell, behind }: { cell: TestCell; behind: Place }): Promise<Place[]> {
  behind.kill();
  const others = cell.places.filter((place) => place !== behind);
  await submitEach(cell, words('missed', 45));
  await restart(cell, ...others);
  expect(behind.disk.durable.log.chosenUpTo).toBeLessThan(others[0]!.disk.durable.log.firstSlot);
  return others;
}

const holdsAll = (place: Place, count: number): boolean =>
  words('missed', count).every((word) => place.notebook?.applied.includes(word));

describe('snapshots', () => {
  it('are taken as the log grows, the last few are kept, and the log from the oldest of them on', async () => {
    const { cell } = await openCell();
    // The log is truncated with the next value after a snapshot.
    await submitEach(cell, words('w', 49));
    for (const place of cell.places) {
      const slots = slotsOf(place);
      expect(slots).toHaveLength(2);
      expect(place.disk.durable.log.firstSlot).toBe(slots[0]! + 1);
      expect(Math.min(...place.disk.durable.records.keys())).toBe(slots[0]! + 1);
      expect(place.fatal).toEqual([]);
    }
  });

  it('are what a restart begins with; the log after it is all that is applied again', async () => {
    const { cell, behind } = await openCell();
    await submitEach(cell, words('w', 35));
    const applied = [...behind.notebook!.applied];
    const newest = Math.max(...slotsOf(behind));
    await restart(cell, behind);
    expect(await cell.applied('w-34')).toBe(true);
    expect(behind.notebook!.lines[0]).toBe(`snapshot of ${newest}`);
    expect(behind.notebook!.lines[1]).toMatch(new RegExp(`^${newest + 1} `));
    expect(behind.notebook!.applied).toEqual(applied);
  });

  it('are taken though nobody waits for them: values are chosen while one is written', async () => {
    const { cell, master } = await openCell();
    await submitEach(cell, words('w', 8));
    master.holdsSyncs = true;
    master.notebook!.submit('x');
    await cell.time.pass(100);
    master.notebook!.submit('y');
    await cell.time.pass(100);
    master.holdsSyncs = false;
    master.releaseSyncs();
    expect(await cell.applied('y')).toBe(true);
  });

  it('hold the state of their slot, whatever is applied while they are written', async () => {
    const { cell, behind } = await openCell();
    await submitEach(cell, words('w', 6));
    behind.syncMs = 30;
    await submitEach(cell, words('x', 12));
    await cell.time.pass(100);
    const newest = Math.max(...slotsOf(behind));
    behind.syncMs = 0;
    behind.kill();
    await behind.start();
    expect(await cell.applied('x-11')).toBe(true);
    expect(behind.notebook!.lines[0]).toBe(`snapshot of ${newest}`);
    expect(behind.notebook!.applied).toEqual(cell.master!.notebook!.applied);
  });
});

describe('a replica that is too far behind for the log', () => {
  it('is sent a snapshot, and the log after it', async () => {
    const opened = await openCell();
    const { cell, behind } = opened;
    await leaveBehind(opened);
    await behind.start();
    expect(await cell.time.until(() => holdsAll(behind, 45), 10_000)).toBe(true);
    expect(behind.notebook!.lines.some((line) => line.startsWith('snapshot of'))).toBe(true);
    expect(behind.notebook!.applied).toEqual(cell.master!.notebook!.applied);
    await submitEach(cell, ['later']);
    expect(behind.fatal).toEqual([]);
  });

  it('keeps what it promised and what it accepted above the snapshot', async () => {
    const opened = await openCell();
    const { cell, behind } = opened;
    await leaveBehind(opened);
    const { promised } = behind.disk.durable.log;
    await behind.start();
    expect(await cell.time.until(() => holdsAll(behind, 45), 10_000)).toBe(true);
    expect(behind.disk.durable.log.promised.round).toBeGreaterThanOrEqual(promised.round);
    await restart(cell, behind);
    expect(await cell.time.until(() => holdsAll(behind, 45), 10_000)).toBe(true);
  });

  it('asks again for pieces that are lost, and takes none twice', async () => {
    const opened = await openCell();
    const { cell, behind } = opened;
    await submitEach(cell, [`large-${'x'.repeat(600_000)}`]);
    await leaveBehind(opened);
    let pieces = 0;
    cell.wires.passes = (frame) => !hasPiece(frame) || ++pieces % 2 === 0;
    await behind.start();
    expect(await cell.time.until(() => holdsAll(behind, 45), 60_000)).toBe(true);
    expect(pieces).toBeGreaterThan(5);
    expect(behind.fatal).toEqual([]);
  });

  it('goes on with another peer when its source dies half-way', async () => {
    const opened = await openCell();
    const { cell, behind } = opened;
    await submitEach(cell, [`large-${'x'.repeat(600_000)}`]);
    const others = await leaveBehind(opened);
    let source: Place | undefined;
    cell.wires.passes = (frame) => {
      if (!hasPiece(frame)) return true;
      source ??= others.find(({ id }) => id === frame.from.replicaId);
      return (
        frame.from.replicaId !== source?.id || frame.messages.every((m) => m.type !== 'snapshotPiece' || m.offset === 0)
      );
    };
    await behind.start();
    expect(await cell.time.until(() => source !== undefined, 10_000)).toBe(true);
    source!.kill();
    expect(await cell.time.until(() => holdsAll(behind, 45), 60_000)).toBe(true);
    expect(behind.fatal).toEqual([]);
  });

  it('begins anew when its source has thrown the snapshot away meanwhile', async () => {
    const opened = await openCell();
    const { cell, behind } = opened;
    await submitEach(cell, [`large-${'x'.repeat(600_000)}`]);
    await leaveBehind(opened);
    const offered = new Set<number>();
    cell.wires.passes = (frame) => {
      for (const message of frame.messages) {
        if (message.type !== 'snapshotPiece') continue;
        offered.add(message.slot);
        if (offered.size === 1 && message.offset > 0) return false;
      }
      return true;
    };
    await behind.start();
    expect(await cell.time.until(() => offered.size === 1, 10_000)).toBe(true);
    // The one who is behind runs, and cannot apply any of this yet.
    for (const word of words('more', 40)) {
      cell.master!.notebook!.submit(word);
      await cell.time.until(() => cell.master?.notebook?.applied.includes(word) === true);
    }
    expect(await cell.time.until(() => holdsAll(behind, 45), 60_000)).toBe(true);
    expect(offered.size).toBeGreaterThan(1);
    expect(await cell.applied('more-39')).toBe(true);
  });

  it('does not believe a snapshot that was damaged on its way', async () => {
    const opened = await openCell();
    const { cell, behind } = opened;
    await leaveBehind(opened);
    let damaged = 0;
    cell.wires.passes = (frame) => {
      for (const message of frame.messages) {
        if (message.type === 'snapshotPiece' && damaged++ === 0) message.bytes[message.bytes.length - 20]! ^= 1;
      }
      return true;
    };
    await behind.start();
    expect(await cell.time.until(() => holdsAll(behind, 45), 60_000)).toBe(true);
    expect(damaged).toBeGreaterThan(1);
    expect(behind.fatal).toEqual([]);
    expect(behind.notebook!.applied).toEqual(cell.master!.notebook!.applied);
  });
});

describe('a damaged snapshot', () => {
  const damage = (place: Place, at: number): void => {
    const bytes = Buffer.from(place.disk.durable.snapshots.get(slot(at))!);
    bytes[bytes.length >> 1]! ^= 1;
    place.disk.putSnapshot(slot(at), bytes);
  };

  it('is passed over for the one before it, and told of', async () => {
    const { cell, behind } = await openCell();
    await submitEach(cell, words('w', 35));
    const [older, newest] = slotsOf(behind) as [number, number];
    behind.kill();
    damage(behind, newest);
    await behind.start();
    expect(await cell.applied('w-34')).toBe(true);
    expect(behind.notebook!.lines[0]).toBe(`snapshot of ${older}`);
    expect(behind.damagedSnapshots).toEqual([expect.stringContaining(`the snapshot of slot ${newest} is damaged`)]);
    expect(behind.notebook!.applied).toEqual(cell.master!.notebook!.applied);
  });

  it('is made up for by a peer where no sound one leads up to the log, and nothing promised is forgotten', async () => {
    const { cell, behind } = await openCell();
    await submitEach(cell, words('w', 35));
    const before = behind.disk.durable.log;
    const { self } = behind.disk.durable.identity!;
    behind.kill();
    for (const at of slotsOf(behind)) damage(behind, at);
    await behind.start();
    expect(behind.replica!.status().node).toBeUndefined();
    expect(await cell.applied('w-34')).toBe(true);
    expect(behind.disk.durable.log.promised.round).toBeGreaterThanOrEqual(before.promised.round);
    expect(behind.disk.durable.identity!.self).toEqual(self);
    expect(behind.damagedSnapshots).toHaveLength(2);
    await submitEach(cell, ['later']);
    expect(behind.fatal).toEqual([]);
  });

  it('that is found while it is kept is given to nobody, and replaced by a new one at once', async () => {
    const { cell, behind } = await openCell();
    await submitEach(cell, words('w', 34));
    const [older, newest] = slotsOf(behind) as [number, number];
    damage(behind, newest);
    behind.replica!.snapshotDamaged(slot(newest), new DamagedSnapshot('flipped'));
    await cell.time.pass(100);
    const now = slotsOf(behind);
    expect(now).toHaveLength(2);
    expect(now).not.toContain(newest);
    expect(now[0]).toBe(older);
    expect(now[1]).toBeGreaterThan(newest);
    expect(behind.damagedSnapshots).toEqual(['flipped']);
    expect(behind.fatal).toEqual([]);
  });

  it('of another cell is not taken', async () => {
    const { cell, behind } = await openCell();
    await submitEach(cell, words('w', 35));
    const other = new TestCell(1, {}, 99, EVERY_TEN);
    await other.open();
    await submitEach(other, words('foreign', 60));
    const foreign = [...other.place(1).disk.durable.snapshots].at(-1)!;
    behind.kill();
    behind.disk.putSnapshot(...foreign);
    await behind.start();
    expect(await cell.applied('w-34')).toBe(true);
    expect(behind.notebook!.applied.some((word) => word.startsWith('foreign'))).toBe(false);
    expect(behind.damagedSnapshots).toHaveLength(1);
  });
});

const hasPiece = (frame: PeerFrame): boolean => frame.messages.some(({ type }) => type === 'snapshotPiece');
