import type { Clock } from '../common/clock.js';
import type { ReadDirResponse } from '../wire/types.js';
import { ChubbyError } from './chubby-error.js';
import type { Deadlines } from './deadlines.js';
import type { Listings } from './listing.js';
import { acquireResultOf, contentsAndStatOf, nothingOf, statOfAnswer } from './node-results.js';
import type { AcquireResult, ContentsAndStat, DirectoryEntry } from './node-results.js';
import type { CallOptions } from './options.js';
import type { CallTerms } from './pending-call.js';
import {
  acquireRequest,
  byHandle,
  readRequest,
  REQUEST_BYTES,
  setContentsRequest,
  sizeOfTarget,
  tryAcquireRequest,
} from './requests.js';
import type { Mode, Target, WriteOptions } from './requests.js';
import type { Session } from './session.js';
import type { Stat } from './stat.js';

export interface LockOptions {
  /** `exclusive` unless given. */
  readonly mode?: Mode;
}

export interface AcquireOptions extends LockOptions, CallOptions {
  /** How long to wait for the lock at most, in milliseconds; as long as the session lives unless given. */
  readonly waitMs?: number;
}

/**
 * An open node, bound to the very node that was opened: once that is deleted every call fails as INSTANCE_GONE, whatever
 * has its name by then. It lives as long as the session. ([CH] 2.2)
 *
 * Every method rejects with {@link ChubbyError}; but for {@link close}, also when the session has expired.
 */
export class Handle implements AsyncDisposable {
  /** As it was opened. */
  readonly name: string;
  /** Whether opening it created the node. */
  readonly created: boolean;
  /** Of the node when it was opened. */
  readonly stat: Stat;
  readonly #target: Target;
  readonly #bytes: Buffer;
  readonly #session: Session;
  readonly #clock: Clock;
  readonly #deadlines: Deadlines;
  readonly #listings: Listings;
  readonly #sizeBytes: number;

  /** Made by Client.open. */
  constructor(
    session: Session,
    clock: Clock,
    deadlines: Deadlines,
    listings: Listings,
    opened: { readonly name: string; readonly bytes: Buffer; readonly created: boolean; readonly stat: Stat },
  ) {
    this.#session = session;
    this.#clock = clock;
    this.#deadlines = deadlines;
    this.#listings = listings;
    this.name = opened.name;
    this.created = opened.created;
    this.stat = opened.stat;
    this.#bytes = opened.bytes;
    this.#target = byHandle(opened.bytes);
    this.#sizeBytes = sizeOfTarget(this.#target);
  }

  /** The whole file and its stat, of one moment. */
  async getContentsAndStat(options: CallOptions = {}): Promise<ContentsAndStat> {
    return this.#session.call('getContentsAndStat', readRequest(this.#target), this.#terms(options), contentsAndStatOf);
  }

  async getStat(options: CallOptions = {}): Promise<Stat> {
    return this.#session.call('getStat', readRequest(this.#target), this.#terms(options), statOfAnswer);
  }

  /** The directory's children, in the byte order of their names. */
  async readDir(options: CallOptions = {}): Promise<DirectoryEntry[]> {
    const terms = this.#terms(options);
    const wholePage = (page: ReadDirResponse): ReadDirResponse => page;
    return this.#listings.read(this.#target, terms, (request) =>
      this.#session.call('readDir', request, terms, wholePage),
    );
  }

  /**
   * Replaces the contents of the file.
   *
   * @param contents at most 262,144 bytes; must not change before the answer
   */
  async setContents(contents: Uint8Array | string, options: CallOptions & WriteOptions = {}): Promise<Stat> {
    const request = setContentsRequest(this.#target, contents, options, false);
    const terms = this.#deadlines.termsOf(options, this.#sizeBytes + contents.length);
    return this.#session.call('setContents', request, terms, statOfAnswer);
  }

  /** Deletes the node if it has no children. */
  async delete(options: CallOptions = {}): Promise<void> {
    return this.#session.call('delete', readRequest(this.#target), this.#terms(options), nothingOf);
  }

  /**
   * Waits in a fair queue for the node's lock. Aborted or out of time, it is withdrawn, and a lock that it was granted
   * meanwhile is released.
   *
   * @returns `granted: false` when `waitMs` ran out
   */
  async acquire(options: AcquireOptions = {}): Promise<AcquireResult> {
    const { mode = 'exclusive', waitMs } = options;
    const request = acquireRequest(this.#bytes, mode, Math.ceil(waitMs ?? 0));
    const terms = this.#deadlines.termsOfWait(options, waitMs, this.#sizeBytes);
    if (waitMs === undefined) return this.#session.call('acquire', request, terms, acquireResultOf);
    if (!(waitMs > 0)) throw new ChubbyError('BAD_ARGUMENT', 'waitMs is above 0: to wait for nothing call tryAcquire');
    return this.#session.acquire(this.#clock.monotonicMs() + waitMs, request, terms, acquireResultOf);
  }

  /** As {@link acquire}, answered at once. */
  async tryAcquire(options: LockOptions & CallOptions = {}): Promise<AcquireResult> {
    const request = tryAcquireRequest(this.#bytes, options.mode ?? 'exclusive');
    return this.#session.call('tryAcquire', request, this.#terms(options), acquireResultOf);
  }

  /** @returns whether the handle held the lock */
  async release(options: CallOptions = {}): Promise<boolean> {
    const request = { context: null, handle: this.#bytes };
    return this.#session.call('release', request, this.#terms(options), ({ released }) => released);
  }

  /** What proves to others that the lock is held: opaque, signed by the cell, at most 2,048 bytes. */
  async getSequencer(options: CallOptions = {}): Promise<Buffer> {
    const request = { context: null, handle: this.#bytes, furtherHandles: [] };
    const terms = this.#terms(options);
    return this.#session.call('getSequencer', request, terms, ({ sequencer }) => Buffer.from(sequencer));
  }

  /**
   * Gives the handle back, and with it its lock and its hold on an ephemeral node. Closing twice, or after the session
   * ended, is no error; it rejects only when it is given up before the cell has answered.
   */
  async close(options: CallOptions = {}): Promise<void> {
    if (this.#isOver()) return;
    const request = { context: null, handle: this.#bytes };
    try {
      await this.#session.call('close', request, this.#terms(options), nothingOf);
    } catch (error) {
      if (!this.#isOver()) throw error;
    }
  }

  /** {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #isOver(): boolean {
    return this.#session.state === 'expired';
  }

  #terms(options: CallOptions): CallTerms {
    return this.#deadlines.termsOf(options, this.#sizeBytes + REQUEST_BYTES);
  }
}
