import { describe, expect, it } from 'vitest';
import { SpaceWatch } from '../../../src/replica/space-watch.js';
import { MemoryDiskSpace } from '../../../src/storage/memory/memory-disk-space.js';

const MIB = 1024 * 1024;
const RESERVE = 64 * MIB;

/** A watch over a disk with so much room; ticked every 20 ms of a time that the test lets pass. */
class Watched {
  readonly disk: MemoryDiskSpace;
  readonly told: string[] = [];
  readonly watch: SpaceWatch;
  #nowMs = 0;

  constructor(freeBytes: number) {
    this.disk = new MemoryDiskSpace(RESERVE, freeBytes);
    this.watch = new SpaceWatch({
      disk: this.disk,
      changed: ({ space }) => this.told.push(space),
      then: (work, goOn) => void work.then(goOn),
    });
  }

  async pass(ms: number): Promise<void> {
    for (const endMs = this.#nowMs + ms; this.#nowMs < endMs; this.#nowMs += 20) {
      this.watch.tick(this.#nowMs);
      for (let turns = 0; turns < 10; turns++) await Promise.resolve();
    }
  }
}

describe('a disk', () => {
  it('is short with less than half a reserve free, and well again with a whole one for a while', async () => {
    const watched = new Watched(RESERVE / 2);
    await watched.pass(200);
    expect(watched.watch.space).toBe('ample');
    watched.disk.freeBytes = RESERVE / 2 - 1;
    await watched.pass(100);
    expect(watched.watch.space).toBe('short');
    watched.disk.freeBytes = RESERVE - 1;
    await watched.pass(5_000);
    expect(watched.watch.space).toBe('short');
    watched.disk.freeBytes = RESERVE;
    await watched.pass(900);
    watched.disk.freeBytes = RESERVE - 1;
    await watched.pass(500);
    watched.disk.freeBytes = RESERVE;
    await watched.pass(900);
    expect(watched.watch.space).toBe('short');
    await watched.pass(300);
    expect(watched.watch.space).toBe('ample');
    expect(watched.told).toEqual(['short', 'ample']);
  });

  it('gives up its reserve step by step for what is written on it, and takes it again once there is room', async () => {
    const watched = new Watched(RESERVE / 4);
    expect(watched.watch.mustSpend(0)).toBe(false);
    for (const left of [0.75, 0.5, 0.25]) {
      watched.disk.freeBytes = 0;
      expect(watched.watch.mustSpend(0)).toBe(true);
      await watched.watch.spend();
      expect(watched.disk.heldBytes).toBe(RESERVE * left);
      expect(watched.watch.mustSpend(0)).toBe(false);
    }
    expect(watched.watch.space).toBe('spent');
    watched.disk.freeBytes = 2 * RESERVE;
    await watched.pass(3_000);
    expect(watched.disk.heldBytes).toBe(RESERVE);
    expect(watched.watch.space).toBe('ample');
    expect(watched.told).toEqual(['short', 'spent', 'short', 'ample']);
  });

  it('takes no reserve from what is hardly enough for the log', async () => {
    const watched = new Watched(RESERVE);
    watched.disk.heldBytes = 0;
    await watched.pass(1_000);
    expect(watched.disk.heldBytes).toBe(0);
    expect(watched.watch.space).toBe('ample');
    watched.disk.freeBytes = RESERVE + 10 * MIB;
    await watched.pass(1_000);
    expect(watched.disk.heldBytes).toBe(8 * MIB);
  });

  it('has room for a snapshot only beside what the log needs', async () => {
    const watched = new Watched(RESERVE);
    await watched.pass(50);
    expect(watched.watch.fits(RESERVE * 0.75)).toBe(true);
    expect(watched.watch.fits(RESERVE * 0.75 + 1)).toBe(false);
  });
});

it('a replica without a disk to ask about has always room', () => {
  const watch = new SpaceWatch({ disk: undefined, changed: () => undefined, then: () => undefined });
  watch.tick(0);
  expect(watch.fits(Number.MAX_SAFE_INTEGER)).toBe(true);
  expect(watch.mustSpend(0)).toBe(false);
});
