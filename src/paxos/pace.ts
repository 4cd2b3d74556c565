import { assert } from '../common/assert.js';
import type { Slot } from './ballot.js';

/** Values that are compared: the newest so many ... */
const COMPARED = 16;
/** ... and no fewer than these, all of them from ... */
const ENOUGH = 8;
/** ... so long ago at the most. */
const LATELY_MS = 60_000;
/** What the others are faster by, before it counts ... */
const TIMES_SLOWER = 5;
/** ... and what a disk may take at any rate. */
const UNSUSPICIOUS_MS = 50;

/** How long a value took to be on the own disk, and on those of as many others as make a majority with it. */
export interface PaceOfDisks {
  readonly ownMs: number;
  readonly othersMs: number;
}

interface Timed extends PaceOfDisks {
  readonly atMs: number;
}

interface Running {
  readonly sentAtMs: number;
  ownMs: number | undefined;
  othersMs: number | undefined;
}

const median = (numbers: readonly number[]): number => {
  const middle = [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
  assert(middle !== undefined, 'there is a median of something only');
  return middle;
};

/**
 * Compares how fast a coordinator's own disk takes values with how fast those of the others do. A disk that fails slowly
 * fails no write, and yet it holds up the whole cell: the next value is begun when the last one is written. The others
 * are slowed down by the network besides; so who is slower than they is slow. (DESIGN 3.11)
 */
export class Pace {
  readonly #running = new Map<Slot, Running>();
  #newest: Timed[] = [];

  sent(slot: Slot, nowMs: number): void {
    this.#running.set(slot, { sentAtMs: nowMs, ownMs: undefined, othersMs: undefined });
  }

  /** How long ago a value was sent that is not on all the disks that it is timed on. */
  sinceSentMs(slot: Slot, nowMs: number): number | undefined {
    const running = this.#running.get(slot);
    return running && nowMs - running.sentAtMs;
  }

  ownDurable(slot: Slot, nowMs: number): void {
    const running = this.#running.get(slot);
    if (running === undefined) return;
    running.ownMs = nowMs - running.sentAtMs;
    this.#finish(slot, running, nowMs);
  }

  /** So many others have it that with this replica they are a majority. */
  othersDurable(slot: Slot, nowMs: number): void {
    const running = this.#running.get(slot);
    if (running === undefined || running.othersMs !== undefined) return;
    running.othersMs = nowMs - running.sentAtMs;
    this.#finish(slot, running, nowMs);
  }

  /** What is on its way is not timed any more. */
  forgetRunning(): void {
    this.#running.clear();
  }

  /** Over the last values; nothing where there were too few lately. */
  lately(nowMs: number): PaceOfDisks | undefined {
    this.#newest = this.#newest.filter(({ atMs }) => nowMs - atMs <= LATELY_MS);
    if (this.#newest.length < ENOUGH) return undefined;
    return {
      ownMs: median(this.#newest.map(({ ownMs }) => ownMs)),
      othersMs: median(this.#newest.map(({ othersMs }) => othersMs)),
    };
  }

  /** The pace, if the own disk is much slower than those of the others. */
  tooSlow(nowMs: number): PaceOfDisks | undefined {
    const pace = this.lately(nowMs);
    if (pace === undefined) return undefined;
    return pace.ownMs > UNSUSPICIOUS_MS && pace.ownMs > TIMES_SLOWER * pace.othersMs ? pace : undefined;
  }

  #finish(slot: Slot, { ownMs, othersMs }: Running, nowMs: number): void {
    if (ownMs === undefined || othersMs === undefined) return;
    this.#running.delete(slot);
    this.#newest.push({ ownMs, othersMs, atMs: nowMs });
    if (this.#newest.length > COMPARED) this.#newest.shift();
  }
}
