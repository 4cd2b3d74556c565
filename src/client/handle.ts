import type { Clock } from '../common/clock.js';
import type { AclNames } from './acl.js';
import { badArgument, bufferFrom } from './arguments.js';
import type { CachedNode } from './cache/cached.js';
import { readContents, readListing, readStat } from './cache/reads.js';
import type { Readable } from './cache/reads.js';
import { shown } from './cache/session-cache.js';
import { ChubbyError } from './chubby-error.js';
import type { Deadlines } from './deadlines.js';
import type { EventQueue, HandleEvent } from './events/event-queue.js';
import { OpenHandle } from './events/open-handle.js';
import type { HandleEvents } from './events/open-handle.js';
import { KeptHandles } from './kept-handles.js';
import type { Listings } from './listing.js';
import { acquireResultOf, nothingOf, statOfAnswer } from './node-results.js';
import type { AcquireResult, ContentsAndStat, DirectoryEntry } from './node-results.js';
import { openRequest } from './open-request.js';
import type { OpenOptions } from './open-request.js';
import type { CallOptions } from './options.js';
import type { CallTerms } from './pending-call.js';
import {
  acquireRequest,
  byHandle,
  readRequest,
  REQUEST_BYTES,
  sequencerRequest,
  setAclRequest,
  setContentsRequest,
  sizeOfTarget,
  tryAcquireRequest,
} from './requests.js';
import type { AclOptions, Mode, Target, WriteOptions } from './requests.js';
import type { Session } from './session.js';
import { statOf } from './stat.js';
import type { Stat } from './stat.js';

export interface LockOptions {
  /** `exclusive` unless given. */
  readonly mode?: Mode;
}

export interface AcquireOptions extends LockOptions, CallOptions {
  /** How long to wait for the lock at most, in milliseconds; as long as the session lives unless given. */
  readonly waitMs?: number;
}

export interface SequencerOptions extends CallOptions {
  /** Other handles of the client that hold locks: one sequencer for all of them and this one. */
  readonly furtherHandles?: readonly Handle[];
}

/** What handles of one session have in common. */
export interface HandleSurroundings {
  readonly session: Session;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly listings: Listings;
}

/** What an Open came to. */
interface Opened {
  readonly created: boolean;
  readonly stat: Stat;
  readonly mayShow: boolean;
  readonly mayKeep?: boolean;
}

export interface EventOptions {
  /** Ends the loop: it throws CANCELLED. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * An open node, bound to the very node that was opened: once that is deleted every call fails as INSTANCE_GONE, whatever
 * has its name by then. It lives as long as the session. ([CH] 2.2)
 *
 * Every method rejects with {@link ChubbyError}; but for {@link close}, also when the session has expired
 * (SESSION_EXPIRED) and after {@link poison} (HANDLE_POISONED).
 */
export class Handle implements AsyncDisposable {
  /** The node's whole name, as the cell calls itself: `/ls/<cell>/...`. */
  readonly name: string;
  /** Whether opening it created the node. */
  readonly created: boolean;
  /** Of the node when it was opened. */
  readonly stat: Stat;
  readonly #target: Target;
  readonly #bytes: Buffer;
  readonly #open: OpenHandle;
  readonly #around: HandleSurroundings;
  readonly #sizeBytes: number;
  /** What the node is called in the cache. */
  readonly #key: string | undefined;
  /** Whether what is cached may be shown through this handle: not where each use is to be judged by the cell. */
  readonly #mayShow: boolean;
  /** Whether another user may have it when this one closes it. */
  readonly #mayKeep: boolean;
  #kept = false;
  #poisoned: Promise<void> | undefined;

  private constructor(
    around: HandleSurroundings,
    open: OpenHandle,
    { created, stat, mayShow, mayKeep = false }: Opened,
  ) {
    this.#around = around;
    this.#open = open;
    this.name = open.name;
    this.created = created;
    this.stat = stat;
    this.#bytes = open.bytes;
    this.#target = byHandle(open.bytes);
    this.#key = around.session.cache?.names.keyOf(open.name);
    this.#mayShow = mayShow;
    this.#mayKeep = mayKeep;
    around.session.handles.opened(open);
    this.#sizeBytes = sizeOfTarget(this.#target);
  }

  /**
   * Opens a node.
   *
   * @param directory what `name` is relative to; without one `name` is absolute
   * @throws ChubbyError
   */
  static async open(
    around: HandleSurroundings,
    name: string,
    options: OpenOptions & CallOptions,
    directory?: Handle,
  ): Promise<Handle> {
    const request = openRequest(name, options, directory && Handle.bytesOf(directory));
    const sizeBytes = REQUEST_BYTES + name.length + request.directory.length + request.initialContents.length;
    const terms = around.deadlines.termsOf(options, sizeBytes);
    const kinds = options.events ?? [];
    const { session } = around;
    const { cache } = session;
    const key = cache?.names.keyOf(directory === undefined ? name : `${directory.name}/${name}`);
    const mayKeep = KeptHandles.serves(request) && key !== undefined;
    const kept = mayKeep && options.signal?.aborted !== true ? Handle.#reopened(around, key) : undefined;
    if (kept !== undefined) return kept;
    const opening = (): Promise<Handle> =>
      session.call('open', request, terms, ({ handle, created, stat: wireStat, name: wholeName }, id) => {
        const stat = statOf(wireStat);
        const open = new OpenHandle(id, Buffer.from(handle), wholeName, kinds, stat.revision);
        return new Handle(around, open, { created, stat, mayShow: request.read, mayKeep: mayKeep && !stat.ephemeral });
      });
    if (cache === undefined || (options.create ?? 'never') === 'never') return opening();
    return cache.whileChanging(key === undefined ? [] : [key], opening);
  }

  /** One that was closed, where the cache knows that it is as good as new. */
  static #reopened(around: HandleSurroundings, key: string): Handle | undefined {
    const { cache, keptHandles } = around.session;
    const cached = cache?.node(key);
    const open = cached?.kind === 'node' ? keptHandles.take(key, cached.stat) : undefined;
    if (open === undefined || cached?.kind !== 'node') return undefined;
    return new Handle(around, open, { created: false, stat: cached.stat, mayShow: true, mayKeep: true });
  }

  /**
   * What stands for a handle in a request. Static, so that users of the library do not meet it.
   *
   * @throws ChubbyError HANDLE_POISONED, or why it was lost
   */
  static bytesOf(handle: Handle): Buffer {
    if (!(handle instanceof Handle)) throw badArgument('a handle is what open gave');
    handle.#assertUsable();
    return handle.#bytes;
  }

  /** Opens a node below this directory; as {@link Client.open}, but `name` is `a` or `a/b`. */
  async open(name: string, options: OpenOptions & CallOptions = {}): Promise<Handle> {
    return Handle.open(this.#around, name, options, this);
  }

  /** The whole file and its stat, of one moment. Needs `read`. */
  async getContentsAndStat(options: CallOptions = {}): Promise<ContentsAndStat> {
    const cached = this.#cached(options);
    if (cached?.contents !== undefined) return shown(cached, cached.contents);
    return readContents(this.#session, this.#readable, this.#terms(options));
  }

  /** The node's metadata. Needs `read`. */
  async getStat(options: CallOptions = {}): Promise<Stat> {
    return this.#cached(options)?.stat ?? readStat(this.#session, this.#readable, this.#terms(options));
  }

  /** The directory's children with their metadata, of one moment, in the byte order of their names. Needs `read`. */
  async readDir(options: CallOptions = {}): Promise<DirectoryEntry[]> {
    const { listings } = this.#around;
    const cached = this.#cachedListing(options);
    return cached ?? readListing(this.#session, this.#readable, this.#terms(options), listings);
  }

  /**
   * Replaces the contents of the file. Needs `write`.
   *
   * @param contents at most 262,144 bytes; must not change before the answer
   * @throws ChubbyError STALE_GENERATION when the contents are not at `ifContentGeneration`
   */
  async setContents(contents: Uint8Array | string, options: CallOptions & WriteOptions = {}): Promise<Stat> {
    const request = setContentsRequest(this.#target, contents, options, false);
    const terms = this.#terms(options, contents.length);
    return this.#changing(() => this.#session.call('setContents', request, terms, statOfAnswer));
  }

  /**
   * Replaces the names of the node's access lists, all three: see {@link Client.setAcl}. Needs `changeAcl`.
   *
   * @throws ChubbyError STALE_GENERATION when the names are not at `ifAclGeneration`
   */
  async setAcl(acl: AclNames, options: CallOptions & AclOptions = {}): Promise<Stat> {
    const request = setAclRequest(this.#target, acl, options);
    const terms = this.#terms(options);
    return this.#changing(() => this.#session.call('setAcl', request, terms, statOfAnswer));
  }

  /** Deletes the node if it has no children. Needs `write`. */
  async delete(options: CallOptions = {}): Promise<void> {
    const terms = this.#terms(options);
    return this.#changing(() => this.#session.call('delete', readRequest(this.#target), terms, nothingOf));
  }

  /**
   * Waits in a fair queue for the node's lock. Aborted or out of time, it is withdrawn, and a lock that it was granted
   * meanwhile is released. Needs `write`.
   *
   * @returns `granted: false` when `waitMs` ran out. That it is granted is told only while the session's lease runs: a
   *   grant that comes later waits until the session is safe, or fails with it.
   */
  async acquire(options: AcquireOptions = {}): Promise<AcquireResult> {
    const { mode = 'exclusive', waitMs } = options;
    const { deadlines, clock } = this.#around;
    const request = acquireRequest(Handle.bytesOf(this), mode, Math.ceil(waitMs ?? 0));
    const terms = deadlines.termsOfWait(options, waitMs, this.#sizeBytes);
    if (waitMs === undefined) return this.#session.call('acquire', request, terms, acquireResultOf);
    if (!(waitMs > 0)) throw badArgument('waitMs is above 0: to wait for nothing call tryAcquire');
    return this.#session.callWithin(clock.monotonicMs() + waitMs, 'acquire', request, terms, acquireResultOf);
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

  /**
   * What proves to others that the lock is held, or several: opaque, signed by the cell. ([CH] 2.4)
   *
   * @throws ChubbyError LOCK_NOT_HELD
   */
  async getSequencer(options: SequencerOptions = {}): Promise<Buffer> {
    const further = (options.furtherHandles ?? []).map((handle) => Handle.bytesOf(handle));
    const request = sequencerRequest(this.#bytes, further);
    const terms = this.#terms(options, sizeOf(further));
    return this.#session.call('getSequencer', request, terms, ({ sequencer }) => Buffer.from(sequencer));
  }

  /**
   * Binds a lock to what is done from here on: a new handle on the same node, every use of which is refused as
   * STALE_SEQUENCER once the lock that the sequencer speaks of is lost. It is told of no events, and this one stays as it
   * is. ([CH] 2.4)
   */
  async setSequencer(sequencer: Uint8Array, options: CallOptions = {}): Promise<Handle> {
    const bytes = bufferFrom(sequencer, 'a sequencer is');
    const request = { context: null, handle: this.#bytes, sequencer: bytes };
    const terms = this.#terms(options, bytes.length);
    return this.#session.call('setSequencer', request, terms, ({ handle }, id) => {
      const open = new OpenHandle(id, Buffer.from(handle), this.name, [], this.#open.seenRevision);
      return new Handle(this.#around, open, { created: false, stat: this.stat, mayShow: false });
    });
  }

  /**
   * Calls `listener` at each event of this kind, in order, and never within a call of the library. What happens between
   * {@link Client.open} and the first listener is kept for it. A listener that throws stops nothing here: what it throws
   * ends the program as any uncaught exception does, unless the program has `process.on('uncaughtException')`.
   *
   * @param kind one that the handle was opened with, or `eventsLost`: read again what you follow
   * @returns stops it
   * @throws ChubbyError BAD_ARGUMENT for a kind that the handle was not opened with
   */
  on<Kind extends keyof HandleEvents>(kind: Kind, listener: (event: HandleEvents[Kind]) => void): () => void {
    return this.#open.on(kind, listener);
  }

  /**
   * The events of the handle, to be followed by `for await`, beginning with what nobody has listened to. A reader that
   * is more than 1,024 events behind is told `eventsLost` instead of what was thrown away. It ends after `handleInvalid`
   * and when the handle is closed; it throws SESSION_EXPIRED when the session ends.
   */
  events({ signal }: EventOptions = {}): AsyncIterableIterator<HandleEvent, undefined> {
    return this.#open.queue(signal) satisfies EventQueue;
  }

  /**
   * Ends every use of the handle without closing it, so that another part of the program can stop what goes through it:
   * at once, calls under way and all later ones fail as HANDLE_POISONED, and what waits for a lock is withdrawn. The
   * promise is of the cell having been told. Only {@link close} is left. ([CH] 2.4)
   */
  poison(options: CallOptions = {}): Promise<void> {
    return (this.#poisoned ??= this.#poison(options));
  }

  /**
   * Gives the handle back, and with it its lock and its hold on an ephemeral node. Closing twice, or after the session
   * ended, is no error; it rejects only when it is given up before the cell has answered.
   */
  async close(options: CallOptions = {}): Promise<void> {
    if (this.#isOver() || this.#kept) return;
    this.#session.handles.closed(this.#open);
    if (this.#mayKeep && this.#poisoned === undefined && this.#open.lost === undefined) {
      this.#kept = true;
      this.#session.keptHandles.keep(this.#key!, this.#open, this.stat);
      return;
    }
    const request = { context: null, handle: this.#bytes };
    try {
      await this.#session.call('close', request, this.#termsEvenPoisoned(options), nothingOf);
    } catch (error) {
      if (!this.#isOver()) throw error;
    }
  }

  /** {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The node as the cache knows it, if it is the one that was opened. */
  #cached({ signal }: CallOptions): CachedNode | undefined {
    if (!this.#mayLookUp(signal)) return undefined;
    const cached = this.#session.cache?.node(this.#key!);
    if (cached?.kind !== 'node') return undefined;
    return cached.stat.instanceNumber === this.stat.instanceNumber ? cached : undefined;
  }

  #cachedListing({ signal }: CallOptions): DirectoryEntry[] | undefined {
    if (!this.#mayLookUp(signal)) return undefined;
    const cached = this.#session.cache?.listing(this.#key!);
    return cached?.stat.instanceNumber === this.stat.instanceNumber ? [...cached.entries] : undefined;
  }

  #mayLookUp(signal: AbortSignal | undefined): boolean {
    if (this.#key === undefined || !this.#mayShow || this.#open.closed || signal?.aborted === true) return false;
    return this.#poisoned === undefined && this.#open.lost === undefined;
  }

  get #readable(): Readable {
    return { target: this.#target, key: this.#key };
  }

  /** Makes a call that changes the node. */
  #changing<Result>(call: () => Promise<Result>): Promise<Result> {
    const { cache } = this.#session;
    return cache === undefined || this.#key === undefined ? call() : cache.whileChanging([this.#key], call);
  }

  async #poison(options: CallOptions): Promise<void> {
    const terms = this.#termsEvenPoisoned(options);
    this.#session.giveUpThrough(this.#bytes, this.#poisonedError());
    return this.#session.call('poison', { context: null, handle: this.#bytes }, terms, nothingOf);
  }

  #poisonedError(): ChubbyError {
    return new ChubbyError('HANDLE_POISONED', `the handle on ${this.name} was poisoned`);
  }

  get #session(): Session {
    return this.#around.session;
  }

  #isOver(): boolean {
    return this.#session.state === 'expired';
  }

  /** @param extraBytes of the request beside the handle */
  #terms(options: CallOptions, extraBytes = 0): CallTerms {
    this.#assertUsable();
    return this.#termsEvenPoisoned(options, extraBytes);
  }

  #assertUsable(): void {
    if (this.#poisoned !== undefined) throw this.#poisonedError();
    if (this.#open.lost !== undefined) throw this.#open.lost;
    if (this.#kept) throw new ChubbyError('HANDLE_CLOSED', `the handle on ${this.name} was closed`);
  }

  #termsEvenPoisoned(options: CallOptions, extraBytes = 0): CallTerms {
    return this.#around.deadlines.termsOf(options, this.#sizeBytes + REQUEST_BYTES + extraBytes);
  }
}

const sizeOf = (handles: readonly Buffer[]): number => handles.reduce((sum, { length }) => sum + length, 0);
