import { link, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MalformedBytes } from '../../common/bytes.js';
import type { Identity } from '../../paxos/ballot.js';
import { EMPTY_LOG } from '../log-state.js';
import { NewerFormat } from '../newer-format.js';
import { StorageFailure } from '../storage-failure.js';
import { damagedLog } from './damage.js';
import { asideOf, exists, hasCode, syncDirectory, writeAside } from './durable-files.js';
import { expectOwner } from './log-owner.js';
import { PAGE_BYTES, putMark, takeMark } from './tail-mark.js';
import { newerFormat } from './unusable-directory.js';
import type { TailMark } from './tail-mark.js';

/** Where the tail of the log in `directory` is proved: beside LevelDB, which must not be able to lose both. */
export const tailProofOf = (directory: string): string => `${directory}.tail`;

/** How long a mark waits for its sync: some ten syncs a second under load, and none while nothing is written. */
const SYNC_AFTER_MS = 100;
/** One holds what is durable, one may be under way to the disk, and one takes the next marks. */
const PAGES = 3;

/**
 * The proof that a log has not lost its newest writes. LevelDB drops the damaged end of its newest file in silence, and
 * what is left is a whole log, only shorter: the replica would forget what it promised and accepted. So each write is
 * also marked in this file, once it is durable in LevelDB and before anything that rests on it is spoken: a log that
 * ends before a mark has lost its tail. (DESIGN 3.10)
 *
 * Marks are synced in the background, since a second sync would double what a turn costs. With each sync the next ones
 * go to another page, so that a mark which is known to be durable stays until a newer one is: a crash may leave all others
 * torn, lost or old. The proof is then weaker, and never wrong.
 *
 * What it cannot prove, and only other replicas can know: writes of the last tenth of a second, when a power failure
 * comes upon a disk that said "synced" of what it lost; the newest writes, when their mark is damaged too and another
 * counts; that not the whole data directory, this file included, is an old copy.
 *
 * One `note` at a time.
 */
export class TailProof {
  readonly #handle: FileHandle;
  readonly #owner: Identity;
  readonly #contents = Buffer.alloc(PAGE_BYTES);
  /** Where the next mark goes. */
  #page: number;
  /** At first because of what a process that was killed may have noted. */
  #unsynced = true;
  #noting = false;
  #syncTimer: NodeJS.Timeout | undefined;
  #syncing: Promise<void> | undefined;
  #failure: StorageFailure | undefined;
  #closed: Promise<void> | undefined;

  private constructor(
    readonly path: string,
    /** What it said when it was opened, the newest first; never nothing. */
    readonly marks: readonly TailMark[],
    handle: FileHandle,
    newestPage: number,
    owner: Identity,
  ) {
    this.#handle = handle;
    this.#owner = owner;
    this.#page = newestPage;
  }

  /**
   * Makes the file of a log without turns, which appears whole under its name; durable when this resolves. One that is
   * there stays: an earlier attempt was cut short behind this point, or it knows of turns that the log has lost. All its
   * pages are written at once, so that no mark ever needs more space. (DESIGN 3.11)
   */
  static async create(path: string, owner: Identity, headerSum: number): Promise<void> {
    const aside = asideOf(path);
    if (!(await exists(path))) {
      const page = Buffer.alloc(PAGE_BYTES);
      const { promised, lastRound } = EMPTY_LOG;
      putMark(page, { owner, writeNumber: 0, sum: headerSum, promised, lastRound });
      await writeAside(aside, Buffer.concat(Array<Buffer>(PAGES).fill(page)));
      await link(aside, path);
    }
    await rm(aside, { force: true });
    await syncDirectory(dirname(path));
  }

  /**
   * Opens the file of an identity's log, whose lock keeps other processes out. Never creates one.
   *
   * @throws DamagedLog when it is not there, or no mark in it is what was written
   * @throws UnusableDirectory when it belongs to another identity or is of a later format
   * @throws StorageFailure when it cannot be read
   */
  static async open(path: string, owner: Identity): Promise<TailProof> {
    let handle: FileHandle;
    try {
      handle = await open(path, 'r+');
    } catch (error) {
      if (hasCode(error, 'ENOENT')) throw damagedLog(path, 'it is gone, and with it the proof of where the log ends');
      throw new StorageFailure(`cannot open ${path}`, error);
    }
    try {
      const pages = await readPages(path, handle, owner);
      const marks = pages.filter((mark) => mark !== undefined).sort((a, b) => b.writeNumber - a.writeNumber);
      const [newest] = marks;
      if (newest === undefined) throw damagedLog(path, 'none of its marks is what was written');
      return new TailProof(path, marks, handle, pages.indexOf(newest), owner);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /**
   * Marks the last write of a log that was found whole: a crash may have left it without a mark, or with one unsynced.
   * Durable when this resolves.
   *
   * @throws StorageFailure when the disk refuses
   */
  async renew(mark: TailMark): Promise<void> {
    await this.#syncNow();
    await this.note(mark);
    await this.#syncNow();
  }

  /**
   * Marks a write that is durable in LevelDB. Not by a synchronous call, though that takes a tenth of the time: behind
   * the writes of others it may wait for the disk, and the event loop must turn meanwhile.
   *
   * @throws StorageFailure for this mark and every later one, once a mark or a sync was refused
   */
  async note(mark: TailMark): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    putMark(this.#contents, mark);
    this.#noting = true;
    try {
      const { bytesWritten } = await this.#handle.write(this.#contents, 0, PAGE_BYTES, this.#page * PAGE_BYTES);
      if (bytesWritten !== PAGE_BYTES) throw new Error(`it took ${bytesWritten} of ${PAGE_BYTES} bytes`);
    } catch (error) {
      throw this.#fail(error);
    } finally {
      this.#noting = false;
    }
    this.#unsynced = true;
    this.#syncSoon();
  }

  /**
   * Reads what the file says now.
   *
   * @returns how many bytes it has
   * @throws DamagedLog when no mark in it is what was written; StorageFailure when it cannot be read
   */
  async reread(): Promise<number> {
    // One that is just being written may be seen half; the others are whole.
    const pages = await readPages(this.path, this.#handle, this.#owner);
    if (pages.every((mark) => mark === undefined)) throw damagedLog(this.path, 'none of its marks is what was written');
    return pages.length * PAGE_BYTES;
  }

  /** Syncs what was noted. Idempotent. @throws StorageFailure once a mark or a sync was refused */
  close(): Promise<void> {
    this.#closed ??= this.#syncNow().finally(() => this.#handle.close());
    return this.#closed;
  }

  /** Resolves when all that was noted has reached the disk. @throws StorageFailure once a mark or a sync was refused */
  async #syncNow(): Promise<void> {
    await this.#syncing;
    clearTimeout(this.#syncTimer);
    this.#syncTimer = undefined;
    if (this.#unsynced && this.#failure === undefined) await this.#sync();
    if (this.#failure !== undefined) throw this.#failure;
  }

  #syncSoon(): void {
    const underWay = this.#syncTimer ?? this.#syncing;
    const over = this.#closed ?? this.#failure;
    if (underWay !== undefined || over !== undefined) return;
    this.#syncTimer = setTimeout(() => {
      this.#syncTimer = undefined;
      void this.#sync();
    }, SYNC_AFTER_MS);
    // A process that ends in order need not stay for it: closing the log syncs, too.
    this.#syncTimer.unref();
  }

  /** Never rejects: a failure is for the next who notes or closes. */
  #sync(): Promise<void> {
    this.#syncing = this.#dataSync().finally(() => {
      this.#syncing = undefined;
      if (this.#unsynced) this.#syncSoon();
    });
    return this.#syncing;
  }

  async #dataSync(): Promise<void> {
    this.#unsynced = false;
    // A mark that is just being written may miss this sync: its page is not left before one that covers it.
    if (!this.#noting) this.#page = (this.#page + 1) % PAGES;
    try {
      await this.#handle.datasync();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): StorageFailure {
    this.#failure ??= new StorageFailure(`cannot write ${this.path}`, error);
    return this.#failure;
  }
}

/** What each page says; nothing for one that is not what was written. */
async function readPages(path: string, handle: FileHandle, owner: Identity): Promise<(TailMark | undefined)[]> {
  const pages = Buffer.alloc(PAGES * PAGE_BYTES);
  try {
    await handle.read(pages, 0, pages.length, 0);
  } catch (error) {
    throw new StorageFailure(`cannot read ${path}`, error);
  }
  return Array.from({ length: PAGES }, (_, number) => {
    const mark = wholeMark(path, pages.subarray(number * PAGE_BYTES, (number + 1) * PAGE_BYTES));
    if (mark !== undefined) expectOwner(path, mark.owner, owner);
    return mark;
  });
}

function wholeMark(path: string, page: Uint8Array): TailMark | undefined {
  try {
    return takeMark(page);
  } catch (error) {
    if (error instanceof NewerFormat) throw newerFormat(path, error);
    if (error instanceof MalformedBytes) return undefined;
    throw error;
  }
}
