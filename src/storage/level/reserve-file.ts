import { randomBytes } from 'node:crypto';
import { statfsSync } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiskSpace } from '../disk-space.js';
import { StorageFailure } from '../storage-failure.js';
import { hasCode } from './durable-files.js';

export const RESERVE_FILE = 'reserve';

/** How large the blocks are in which a file says what it takes up. */
const STAT_BLOCK_BYTES = 512;
/** What is written and synced at a time: a sync of the log that comes behind it must not wait for long. */
const PIECE_BYTES = 1024 * 1024;
/** A disk with less room than this cannot be relied on to open a log: recovery writes, too. */
const TO_OPEN_BYTES = 16 * 1024 * 1024;

/** The reserve as a file beside the log, which holds nothing but its place. (DESIGN 3.11) */
export class ReserveFile implements DiskSpace {
  readonly reserveBytes: number;
  readonly #directory: string;
  readonly #path: string;
  #heldBytes: number;

  private constructor(directory: string, reserveBytes: number, heldBytes: number) {
    this.#directory = directory;
    this.#path = join(directory, RESERVE_FILE);
    this.reserveBytes = reserveBytes;
    this.#heldBytes = heldBytes;
  }

  /**
   * Looks how much of the reserve is there, and gives some of it up if the log could not be opened otherwise: whoever ran
   * out of space would not start again. The rest of it is for who uses it to take. To be called before the log is opened,
   * of a directory that need not be there yet.
   *
   * @throws StorageFailure when the disk refuses
   */
  static async open(directory: string, reserveBytes: number): Promise<ReserveFile> {
    const path = join(directory, RESERVE_FILE);
    const storedBytes = await attempt(path, 'look at', () => takenBy(path));
    const reserve = new ReserveFile(directory, reserveBytes, storedBytes);
    if (storedBytes > reserveBytes) await reserve.spend(storedBytes - reserveBytes);
    if (storedBytes === 0) return reserve;
    const missingBytes = TO_OPEN_BYTES - reserve.freeBytes;
    if (missingBytes > 0) await reserve.spend(missingBytes);
    return reserve;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Answered by the kernel from memory in 2 µs, a fifteenth of what a promise of it costs. */
  get freeBytes(): number {
    try {
      const { bavail, bsize } = statfsSync(this.#directory);
      return bavail * bsize;
    } catch (error) {
      throw failure(this.#directory, 'look at the space of', error);
    }
  }

  async spend(sizeBytes: number): Promise<void> {
    const heldBytes = Math.max(this.#heldBytes - sizeBytes, 0);
    await attempt(this.#path, 'shorten', () => truncate(this.#path, heldBytes));
    this.#heldBytes = heldBytes;
  }

  async restore(sizeBytes: number): Promise<void> {
    const toBytes = Math.min(this.#heldBytes + sizeBytes, this.reserveBytes);
    const from = this.#heldBytes;
    try {
      await extend(this.#path, from, toBytes);
      this.#heldBytes = toBytes;
    } catch (error) {
      // A limit upon the size of files is no reason to end: the log may never reach it.
      if (!hasCode(error, 'ENOSPC', 'EDQUOT', 'EFBIG')) throw failure(this.#path, 'extend', error);
      await this.spend(0);
    }
  }
}

/** Removes the reserve of a directory that nobody uses any more. */
export const removeReserve = (directory: string): Promise<void> => rm(join(directory, RESERVE_FILE), { force: true });

/** What the file really takes up; what is sparse in it is no room that anybody can count on. */
async function takenBy(path: string): Promise<number> {
  try {
    const { size, blocks } = await stat(path);
    return Math.min(size, blocks * STAT_BLOCK_BYTES);
  } catch (error) {
    // What is no directory is refused by who opens it.
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return 0;
    throw error;
  }
}

/** Writes what no file system can leave out or compress. */
async function extend(path: string, fromBytes: number, toBytes: number): Promise<void> {
  const piece = randomBytes(PIECE_BYTES);
  const handle = await open(path, 'a', 0o600);
  try {
    await handle.truncate(fromBytes);
    for (let at = fromBytes; at < toBytes; at += PIECE_BYTES) {
      await handle.writeFile(piece.subarray(0, Math.min(PIECE_BYTES, toBytes - at)));
      await handle.datasync();
    }
  } finally {
    await handle.close();
  }
}

async function truncate(path: string, sizeBytes: number): Promise<void> {
  const handle = await open(path, 'a', 0o600);
  try {
    await handle.truncate(sizeBytes);
  } finally {
    await handle.close();
  }
}

async function attempt<Result>(path: string, what: string, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    throw failure(path, what, error);
  }
}

const failure = (path: string, what: string, cause: unknown): StorageFailure =>
  new StorageFailure(`cannot ${what} ${path}`, cause);
