import { assert } from '../common/assert.js';
import { below } from '../common/rng.js';
import type { Rng } from '../common/rng.js';
import type { Slot } from '../paxos/ballot.js';
import { MemoryDisk } from '../storage/memory/memory-disk.js';
import type { SimProcess } from '../testing/sim-process.js';

export const HEALTHY_SYNC_MS = 0.3;

/** Which write a crash waits for: any, or the next that carries a promise. */
export type AwaitedWrite = 'any' | 'promise';

export interface SimDiskOptions {
  readonly rng: Rng;
  /** The process that writes at this moment. */
  readonly process: () => SimProcess | undefined;
  /** A crash that waited for a write is due. */
  readonly crash: (moment: 'beforeSync' | 'betweenSyncAndSend') => void;
  /** A write was refused: its process must end. */
  readonly refused: () => void;
}

/** A disk that takes its time, hangs, refuses writes, and has its process crash at the worst moments of a write. */
export class SimDisk {
  readonly contents: MemoryDisk;
  /** How long a sync takes on average; raised by a slow disk. */
  syncMs = HEALTHY_SYNC_MS;
  readonly #options: SimDiskOptions;
  #crashBeforeSync: { readonly write: AwaitedWrite; skip: number } | undefined;
  #crashAfterSync = false;
  #refusesNext = false;
  #hangs = false;
  readonly #hanging: (() => void)[] = [];
  #writes: AwaitedWrite = 'any';

  constructor(options: SimDiskOptions) {
    this.#options = options;
    this.contents = new MemoryDisk((done) => this.#sync(done));
  }

  /** The newest slot that it holds something for. */
  get newestSlot(): Slot {
    return this.contents.durable.log.lastSlot;
  }

  /** What is about to be written. */
  announce(write: AwaitedWrite): void {
    this.#writes = write;
  }

  /**
   * The process will end within such a write: what it spoke before the write was durable is out, the write is lost.
   *
   * @param skip how many such writes go well before
   */
  crashBeforeSync(write: AwaitedWrite, skip = 0): void {
    this.#crashBeforeSync = { write, skip };
  }

  /** The process will end right after its next sync: what it wrote is there, what it would have sent is not. */
  crashAfterNextSync(): void {
    this.#crashAfterSync = true;
  }

  refuseNextWrite(): void {
    this.#refusesNext = true;
  }

  /** Nothing that is written comes to an end. */
  hang(): void {
    this.#hangs = true;
  }

  unhang(): void {
    this.#hangs = false;
    for (const finish of this.#hanging.splice(0)) finish();
  }

  /** The process ended; of its unfinished writes `keeps` says which are there. */
  processEnded(keeps: () => boolean): void {
    this.#crashBeforeSync = undefined;
    this.#crashAfterSync = false;
    this.#refusesNext = false;
    this.#hanging.length = 0;
    this.contents.crash(keeps);
  }

  heal(): void {
    this.syncMs = HEALTHY_SYNC_MS;
    this.#crashBeforeSync = undefined;
    this.#crashAfterSync = false;
    this.#refusesNext = false;
    this.unhang();
  }

  #sync(done: (failure?: Error) => void): void {
    const { rng, process, crash, refused } = this.#options;
    const writer = process();
    assert(writer !== undefined, 'only a running process writes');
    const write = this.#writes;
    this.#writes = 'any';
    const latencyMs = this.syncMs * (0.5 + rng.next());
    if (this.#isWorstMoment(write)) {
      writer.after(latencyMs * rng.next(), () => crash('beforeSync'));
      return;
    }
    const finish = (): void => {
      if (this.#hangs) {
        this.#hanging.push(() => void writer.after(0, finish));
      } else if (this.#refusesNext) {
        this.#refusesNext = false;
        done(new Error('input/output error'));
        refused();
      } else if (this.#crashAfterSync) {
        crash('betweenSyncAndSend');
      } else {
        done();
      }
    };
    // Where a real disk waits for its turn, a healthy one now and then takes several times as long.
    const hiccup = below(rng, 50) === 0 ? 10 : 1;
    writer.after(latencyMs * hiccup, finish);
  }

  #isWorstMoment(write: AwaitedWrite): boolean {
    const awaited = this.#crashBeforeSync;
    if (awaited === undefined || (awaited.write !== 'any' && awaited.write !== write)) return false;
    return awaited.skip-- <= 0;
  }
}
