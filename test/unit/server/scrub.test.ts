import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Slot } from '../../../src/paxos/ballot.js';
import { Scrub } from '../../../src/server/scrub.js';
import { MemoryDisk } from '../../../src/storage/memory/memory-disk.js';
import { MemorySnapshotStore } from '../../../src/storage/memory/memory-snapshot-store.js';
import { DamagedLog } from '../../../src/storage/replay-log.js';
import { TestClock, TestTime } from '../replica/test-clock.js';
import { chunksOf, handleOf } from '../storage/snapshots.js';

const PIECE_BYTES = 64 * 1024;

/** A scrub of a log in so many pieces, and of a snapshot of one chunk. */
async function newScrub(pieces: number, failure?: Error) {
  const time = new TestTime();
  const disk = new MemoryDisk((done) => done());
  const snapshots = new MemorySnapshotStore(disk);
  await snapshots.write(handleOf(7), chunksOf('abc'));
  const damaged: Slot[] = [];
  const failures: unknown[] = [];
  const scrub = new Scrub({
    log: {
      async *reread() {
        for (let n = 0; n < pieces; n++) yield PIECE_BYTES;
        if (failure !== undefined) throw failure;
      },
    },
    snapshots,
    clock: new TestClock(time),
    bytesPerSecond: PIECE_BYTES,
    snapshotDamaged: (slot) => damaged.push(slot),
    failed: (error) => failures.push(error),
  });
  const pass = async (seconds: number): Promise<void> => {
    for (let n = 0; n < seconds; n++) {
      await time.pass(1000);
      await setImmediate();
    }
  };
  return { scrub, disk, damaged, failures, pass };
}

describe('a scrub', () => {
  it('reads everything again and again, no faster than it is told to', async () => {
    const { scrub, damaged, failures, pass } = await newScrub(9);
    scrub.start();
    await pass(10);
    expect(scrub.rounds).toBe(0);
    await pass(13);
    expect(scrub.rounds).toBe(2);
    expect(scrub.readBytes).toBeLessThan(21 * PIECE_BYTES);
    scrub.stop();
    await pass(20);
    expect(scrub.rounds).toBe(2);
    expect([damaged, failures]).toEqual([[], []]);
  });

  it('tells of a damaged snapshot, and goes on', async () => {
    const { scrub, disk, damaged, failures, pass } = await newScrub(1);
    const bytes = Buffer.from(disk.durable.snapshots.get(7 as Slot)!);
    bytes[bytes.length - 3]! ^= 1;
    disk.putSnapshot(7 as Slot, bytes);
    scrub.start();
    await pass(6);
    expect(scrub.rounds).toBeGreaterThan(1);
    expect(new Set(damaged)).toEqual(new Set([7]));
    expect(failures).toEqual([]);
    scrub.stop();
  });

  it('ends with a damaged log', async () => {
    const error = new DamagedLog('torn');
    const { scrub, failures, pass } = await newScrub(2, error);
    scrub.start();
    await pass(10);
    expect(failures).toEqual([error]);
    expect(scrub.rounds).toBe(0);
  });
});
