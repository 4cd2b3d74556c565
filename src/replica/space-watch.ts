import type { Space } from '../paxos/space.js';
import type { DiskSpace } from '../storage/disk-space.js';

/** Of the reserve, where a configuration says nothing else: what a cell writes that only frees space, for a long time. */
export const DEFAULT_RESERVE_BYTES = 64 * 1024 * 1024;

/** Below this part of the reserve's size in free space a disk is short of it: room for what LevelDB writes on its own. */
const SHORT_BELOW = 1 / 2;
/** Below this part some of the reserve is given up before anything is written. */
const SPEND_BELOW = 1 / 4;
/** With so much free, and the reserve whole, for so long, it is short no more: between the two no state flaps. */
const AMPLE_FROM = 1;
const CALM_MS = 1_000;
/** What is taken for the reserve at a time. */
const RESTORE_BYTES = 4 * 1024 * 1024;

/** How much room there is, and how much the reserve holds. */
export interface SpaceNotice {
  readonly space: Space;
  readonly freeBytes: number;
  readonly heldBytes: number;
}

/** What a watch works with. */
export interface SpaceWatchPorts {
  /** Left out where there is always room. */
  readonly disk: DiskSpace | undefined;
  readonly changed: (notice: SpaceNotice) => void;
  /** Goes on when the work is done, unless the replica was stopped; whatever fails is the end of it. */
  readonly then: <Result>(work: Promise<Result>, goOn: (result: Result) => void) => void;
}

/**
 * Knows how much room the disk of a replica has, so that a full one is never met in the middle of a write, and looks
 * after the reserve: it is given up step by step when what may use it finds no other room, and taken again when there is
 * room for all of it. (DESIGN 3.11)
 */
export class SpaceWatch {
  readonly #ports: SpaceWatchPorts;
  #space: Space = 'ample';
  #busy = false;
  /** Since when there is room enough for a state of {@link AMPLE_FROM}. */
  #calmSinceMs = Infinity;

  constructor(ports: SpaceWatchPorts) {
    this.#ports = ports;
  }

  get space(): Space {
    return this.#space;
  }

  /** What a change would be told with now. */
  get notice(): SpaceNotice {
    const { disk } = this.#ports;
    return { space: this.#space, freeBytes: disk?.freeBytes ?? Infinity, heldBytes: disk?.heldBytes ?? 0 };
  }

  /** Looks, and takes a piece for the reserve where one is missing; to be called every 20 ms or so. */
  tick(nowMs: number): void {
    const { disk, then } = this.#ports;
    if (disk === undefined || this.#busy) return;
    const { freeBytes, heldBytes, reserveBytes } = disk;
    this.#judge(disk, freeBytes, nowMs);
    const missingBytes = Math.min(reserveBytes - heldBytes, RESTORE_BYTES);
    if (missingBytes <= 0 || freeBytes - missingBytes < reserveBytes * AMPLE_FROM) return;
    this.#busy = true;
    then(disk.restore(missingBytes), () => (this.#busy = false));
  }

  /** Looks before a write. Whether {@link spend} has to come first. */
  mustSpend(nowMs: number): boolean {
    const { disk } = this.#ports;
    if (disk === undefined) return false;
    const { freeBytes, heldBytes, reserveBytes } = disk;
    this.#judge(disk, freeBytes, nowMs);
    return !this.#busy && heldBytes > 0 && freeBytes < reserveBytes * SPEND_BELOW;
  }

  /** Gives up some of the reserve. */
  async spend(): Promise<void> {
    const { disk } = this.#ports;
    if (disk === undefined) return;
    this.#busy = true;
    await disk.spend(disk.reserveBytes * SPEND_BELOW);
    this.#busy = false;
  }

  /** Whether so much can be written without what is left for the log coming to an end. */
  fits(sizeBytes: number): boolean {
    const { disk } = this.#ports;
    return disk === undefined || disk.freeBytes - sizeBytes >= disk.reserveBytes * SPEND_BELOW;
  }

  #judge({ reserveBytes, heldBytes }: DiskSpace, freeBytes: number, nowMs: number): void {
    const calm = heldBytes >= reserveBytes && freeBytes >= reserveBytes * AMPLE_FROM;
    this.#calmSinceMs = calm ? Math.min(this.#calmSinceMs, nowMs) : Infinity;
    const short = freeBytes < reserveBytes * SHORT_BELOW;
    const ample = this.#space === 'ample' ? !short : nowMs - this.#calmSinceMs >= CALM_MS;
    const space = ample ? 'ample' : heldBytes < reserveBytes / 2 ? 'spent' : 'short';
    if (space === this.#space) return;
    this.#space = space;
    this.#ports.changed({ space, freeBytes, heldBytes });
  }
}
