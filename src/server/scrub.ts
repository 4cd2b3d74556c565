import type { Clock, Timer } from '../common/clock.js';
import type { Slot } from '../paxos/ballot.js';
import type { Rereadable } from '../storage/rereadable.js';
import { DamagedSnapshot } from '../storage/snapshot-store.js';
import type { SnapshotStore } from '../storage/snapshot-store.js';

export interface ScrubOptions {
  readonly log: Rereadable;
  readonly snapshots: SnapshotStore;
  readonly clock: Clock;
  readonly bytesPerSecond: number;
  /** Told each time that it is read, until it is gone. */
  readonly snapshotDamaged: (slot: Slot, error: DamagedSnapshot) => void;
  /** The log is damaged, or the disk does not answer. Told once: the scrub is over. */
  readonly failed: (error: unknown) => void;
}

/** What reading a small piece costs beside its bytes, so that a small directory is not read all the time. */
const PIECE_BYTES = 64 * 1024;

/**
 * Reads the durable files of a running replica again and again, slowly, so that damage is found while other replicas have
 * what it took, and not when all are asked for it: the log, the proof of its tail, and the snapshots. (The identity file
 * is read every second by `identity-watch.ts`.) One small read at a time, with a pause after it: of libuv's four threads
 * three are always free of it, and no write waits behind more than one piece.
 *
 * It reads as everybody reads: what the system still holds in memory as it was written looks sound. What has lain on the
 * disk for long, where damage gathers, has mostly left memory.
 */
export class Scrub {
  readonly #options: ScrubOptions;
  #timer: Timer | undefined;
  #goOn: (() => void) | undefined;
  #stopped = false;
  #rounds = 0;
  #readBytes = 0;

  constructor(options: ScrubOptions) {
    this.#options = options;
  }

  /** How often everything was read. */
  get rounds(): number {
    return this.#rounds;
  }

  get readBytes(): number {
    return this.#readBytes;
  }

  start(): void {
    this.#run().catch((error: unknown) => {
      if (!this.#stopped) this.#options.failed(error);
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#goOn?.();
  }

  async #run(): Promise<void> {
    const { log, snapshots } = this.#options;
    for (;;) {
      await this.#paused(0);
      if (this.#stopped) return;
      for await (const pieceBytes of log.reread()) {
        await this.#paused(pieceBytes);
        if (this.#stopped) return;
      }
      for (const slot of await snapshots.list()) {
        await this.#rereadSnapshot(slot);
        if (this.#stopped) return;
      }
      this.#rounds++;
    }
  }

  async #rereadSnapshot(slot: Slot): Promise<void> {
    const { snapshots, snapshotDamaged } = this.#options;
    try {
      const { chunks } = await snapshots.open(slot);
      for await (const chunk of chunks) {
        await this.#paused(chunk.length);
        if (this.#stopped) return;
      }
    } catch (error) {
      if (!(error instanceof DamagedSnapshot)) throw error;
      // One that is not kept any more went before it was opened.
      if ((await snapshots.list()).includes(slot)) snapshotDamaged(slot, error);
    }
  }

  #paused(pieceBytes: number): Promise<void> {
    const { clock, bytesPerSecond } = this.#options;
    this.#readBytes += pieceBytes;
    return new Promise((resolve) => {
      this.#goOn = resolve;
      this.#timer = clock.after((1000 * Math.max(pieceBytes, PIECE_BYTES)) / bytesPerSecond, resolve);
    });
  }
}
