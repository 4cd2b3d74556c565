import type { Clock } from '../common/clock.js';
import type { Rng } from '../common/rng.js';
import type { ReadDirResponse } from '../wire/types.js';
import { acquireAll } from './acquire-all.js';
import type { AcquireAllOptions, Wanted } from './acquire-all.js';
import type { AclNames } from './acl.js';
import { AddressBook } from './address-book.js';
import { Admin } from './admin.js';
import { bufferFrom } from './arguments.js';
import { LOCAL_CELL, parseCellAddress } from './cell-address.js';
import { StatusQuestion } from './cell-status.js';
import type { CellStatus } from './cell-status.js';
import { ChannelPool } from './channel-pool.js';
import type { UnaryCalls } from '../wire/calls.js';
import type { ChannelFactory } from './channel.js';
import { ChubbyError } from './chubby-error.js';
import { setClockOf } from './clock-of.js';
import { Deadlines } from './deadlines.js';
import { Handle } from './handle.js';
import type { HandleSurroundings } from './handle.js';
import { Listings } from './listing.js';
import { Listeners } from './listeners.js';
import { MasterLocator } from './master-locator.js';
import type { MasterAnswer } from './master-locator.js';
import { multiOpRequest, multiOpResultOf, sizeOfMultiOp } from './multi-op.js';
import type { MultiOp, MultiOpResult, Operation } from './multi-op.js';
import { contentsAndStatOf, nothingOf, sequencerCheckOf, statOfAnswer } from './node-results.js';
import type { AcquireAllResult, ContentsAndStat, DirectoryEntry, SequencerCheck } from './node-results.js';
import type { OpenOptions } from './open-request.js';
import { CLOSE_TIMEOUT_MS, settingsOf } from './options.js';
import type { CallOptions, ClientOptions } from './options.js';
import type { CallTerms, RequestOf, ResponseOf } from './pending-call.js';
import { byName, readRequest, REQUEST_BYTES, setAclRequest, setContentsRequest, sizeOfTarget } from './requests.js';
import type { AclOptions, WriteOptions } from './requests.js';
import type { Resolver } from './resolver.js';
import type { Session, SessionEvents, SessionSurroundings } from './session.js';
import type { SessionState } from './session-lease.js';
import { SessionStarter } from './session-starter.js';
import { signingKeyOf } from './signing-key.js';
import type { SigningKey } from './signing-key.js';
import type { Stat } from './stat.js';
import { UnaryCaller } from './unary-caller.js';
import { withLocks } from './with-lock.js';
import type { HeldLock, WithLockOptions } from './with-lock.js';

/** What a client needs of the world. */
export interface ClientPorts {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly resolver: Resolver;
  readonly channelTo: ChannelFactory;
}

export interface FileWriteOptions extends CallOptions, WriteOptions {
  /** Create a permanent file where there is none; true unless `ifContentGeneration` is given. */
  readonly create?: boolean;
}

export interface MkdirOptions extends CallOptions {
  /** A directory that is there already is no error. */
  readonly mayExist?: boolean;
}

export interface StatusOptions {
  /** Who has not answered by then is unreachable; 2,000 unless given. */
  readonly timeoutMs?: number;
}

const ASK_MASTER_MS = 1_000;
const STATUS_MS = 2_000;

type ReadName = 'getContentsAndStat' | 'getStat' | 'readDir' | 'checkSequencer';

/**
 * A client of one cell. It finds the master, follows it when it changes, and repeats what was lost on the way, so that
 * each call is executed once or fails; it has at most one session, which begins with the first call that needs one.
 *
 * Every method that returns a promise rejects with {@link ChubbyError}.
 */
export class Client {
  readonly #clock: Clock;
  readonly #book: AddressBook;
  readonly #channels: ChannelPool;
  readonly #locator: MasterLocator;
  readonly #caller: UnaryCaller;
  readonly #deadlines: Deadlines;
  readonly #listings: Listings;
  readonly #starter: SessionStarter;
  readonly #listeners = new Listeners<SessionEvents>();
  /** What operators ask of the cell. */
  readonly admin: Admin;
  #session: Session | undefined;
  #closed: Promise<void> | undefined;

  /** @throws ChubbyError BAD_ARGUMENT for a cell that cannot be one, or an option that makes no sense */
  constructor({ clock, rng, resolver, channelTo }: ClientPorts, options: ClientOptions = {}) {
    const settings = settingsOf(options);
    this.#clock = clock;
    setClockOf(this, clock);
    this.#book = new AddressBook(parseCellAddress(options.cell ?? LOCAL_CELL), resolver, rng);
    this.#channels = new ChannelPool(channelTo);
    this.#locator = new MasterLocator(this.#book, (address) => this.#askForMaster(address), clock, rng);
    this.#caller = new UnaryCaller(clock, rng, this.#locator, this.#channels);
    this.#deadlines = new Deadlines(clock, settings.timeoutMs);
    this.#listings = new Listings(clock, rng);
    this.admin = new Admin(this.#caller, settings.timeoutMs);
    const around: SessionSurroundings = {
      clock,
      rng,
      locator: this.#locator,
      channels: this.#channels,
      listeners: this.#listeners,
    };
    this.#starter = new SessionStarter(around, this.#caller, settings, settings.leaseMs);
  }

  /** `none` before the first call that needs a session. */
  get sessionState(): SessionState | 'none' {
    return this.#session?.state ?? 'none';
  }

  /** Eight bytes in hex; nothing before the first call that needs a session. */
  get sessionId(): string | undefined {
    return this.#session?.id;
  }

  /**
   * Calls `listener` whenever this happens to the session.
   *
   * @returns stops it
   */
  on<Name extends keyof SessionEvents>(event: Name, listener: () => void): () => void {
    return this.#listeners.on(event, listener);
  }

  // --- handles ---

  /**
   * Opens a node, and creates it where asked to. ([CH] 2.4)
   *
   * @param name absolute: `/ls/<cell>/...`, or `/ls/local/...` for the cell at hand
   */
  async open(name: string, options: OpenOptions & CallOptions = {}): Promise<Handle> {
    return Handle.open(this.#aroundHandles(await this.#needSession(options)), name, options);
  }

  // --- files and directories by name ---

  /** The whole file and its stat, of one moment. */
  async read(name: string, options: CallOptions = {}): Promise<ContentsAndStat> {
    const target = byName(name);
    const terms = this.#deadlines.termsOf(options, sizeOfTarget(target));
    return contentsAndStatOf(await this.#read('getContentsAndStat', readRequest(target), terms));
  }

  /** The node's metadata. */
  async stat(name: string, options: CallOptions = {}): Promise<Stat> {
    const target = byName(name);
    const terms = this.#deadlines.termsOf(options, sizeOfTarget(target));
    return statOfAnswer(await this.#read('getStat', readRequest(target), terms));
  }

  /** The directory's children, in the byte order of their names. */
  async list(name: string, options: CallOptions = {}): Promise<DirectoryEntry[]> {
    const target = byName(name);
    const terms = this.#deadlines.termsOf(options, sizeOfTarget(target));
    return this.#listings.read(target, terms, (request): Promise<ReadDirResponse> =>
      this.#read('readDir', request, terms),
    );
  }

  /**
   * Replaces the contents of a file.
   *
   * @param contents at most 262,144 bytes; must not change before the answer
   */
  async write(name: string, contents: Uint8Array | string, options: FileWriteOptions = {}): Promise<Stat> {
    const target = byName(name);
    const create = options.create ?? options.ifContentGeneration === undefined;
    const request = setContentsRequest(target, contents, options, create);
    const terms = this.#deadlines.termsOf(options, sizeOfTarget(target) + contents.length);
    const session = this.#session ?? (await this.#startSession(terms));
    return session.call('setContents', request, terms, statOfAnswer);
  }

  /** Creates a permanent directory. */
  async mkdir(name: string, options: MkdirOptions = {}): Promise<Stat> {
    const { mayExist = false, signal, timeoutMs } = options;
    const create = mayExist ? 'may' : 'must';
    const handle = await this.open(name, { create, kind: 'directory', signal, timeoutMs });
    await handle.close({ signal, timeoutMs });
    if (handle.stat.kind === 'directory') return handle.stat;
    throw new ChubbyError('NOT_A_DIRECTORY', `${name} is a file`);
  }

  /** Deletes a node that has no children. */
  async delete(name: string, options: CallOptions = {}): Promise<void> {
    const target = byName(name);
    const terms = this.#deadlines.termsOf(options, sizeOfTarget(target));
    const session = this.#session ?? (await this.#startSession(terms));
    return session.call('delete', readRequest(target), terms, nothingOf);
  }

  /**
   * Replaces the names of a node's access lists.
   *
   * @throws ChubbyError STALE_GENERATION when the names are not at `ifAclGeneration`
   */
  async setAcl(name: string, acl: AclNames, options: CallOptions & AclOptions = {}): Promise<Stat> {
    const target = byName(name);
    const request = setAclRequest(target, acl, options);
    const terms = this.#deadlines.termsOf(options, sizeOfTarget(target) + REQUEST_BYTES);
    const session = this.#session ?? (await this.#startSession(terms));
    return session.call('setAcl', request, terms, statOfAnswer);
  }

  /**
   * Tests guards, then does one of two lists of operations: all of them or none, under one revision. ([PML] 4)
   *
   * ```ts
   * const { held, results } = await client.multiOp({
   *   guards: [{ absent: '/ls/local/primary' }],
   *   then: [{ create: '/ls/local/primary', contents: 'me' }],
   *   else: [{ read: '/ls/local/primary' }],
   * });
   * ```
   *
   * @throws ChubbyError LIMIT_OPERATIONS beyond 128 guards and operations; what the single calls would be refused for
   */
  async multiOp<const Then extends readonly Operation[] = [], const Else extends readonly Operation[] = []>(
    wanted: MultiOp<Then, Else>,
    options: CallOptions = {},
  ): Promise<MultiOpResult<Then, Else>> {
    const request = multiOpRequest(wanted);
    const terms = this.#deadlines.termsOf(options, sizeOfMultiOp(request));
    const session = this.#session ?? (await this.#startSession(terms));
    return session.call('multiOp', request, terms, (response) => multiOpResultOf<Then, Else>(request, response));
  }

  // --- locks ---

  /**
   * Runs `work` under the lock of a node, which is created as an empty file where there is none, and releases the lock.
   * `timeoutMs` and `signal` are for getting the lock; `work` is given a signal of its own.
   *
   * @throws ChubbyError LOCK_LOST when the lock may have been lost before `work` was done; LOCK_BUSY when `waitMs` ran
   *   out. What `work` throws otherwise.
   */
  async withLock<Result>(
    name: string,
    work: (lock: HeldLock) => Promise<Result> | Result,
    options: WithLockOptions = {},
  ): Promise<Result> {
    return this.withLocks([name], work, options);
  }

  /**
   * As {@link withLock}, under the locks of several nodes, all or nothing: whoever waits for some of them holds none of
   * the others, so that no order of the names can make a deadlock. There is one sequencer for all.
   *
   * @param names of different nodes, at most 64
   */
  async withLocks<Result>(
    names: readonly string[],
    work: (lock: HeldLock) => Promise<Result> | Result,
    options: WithLockOptions = {},
  ): Promise<Result> {
    return withLocks(this.#aroundHandles(await this.#needSession(options)), names, work, options);
  }

  /**
   * Waits in a fair queue for several locks, all or nothing. As {@link Handle.acquire} otherwise; one sequencer for all
   * gives {@link Handle.getSequencer}.
   *
   * @param wanted handles of this client on different nodes, opened with `write`; at most 64
   * @returns `granted: false` when `waitMs` ran out
   */
  async acquireAll(wanted: readonly Wanted[], options: AcquireAllOptions = {}): Promise<AcquireAllResult> {
    return acquireAll(this.#aroundHandles(await this.#needSession(options)), wanted, options);
  }

  /** Whether the lock that a sequencer speaks of is still held as it says. */
  async checkSequencer(sequencer: Uint8Array, options: CallOptions = {}): Promise<SequencerCheck> {
    const bytes = bufferFrom(sequencer, 'a sequencer is');
    const terms = this.#deadlines.termsOf(options, bytes.length + REQUEST_BYTES);
    return sequencerCheckOf(await this.#read('checkSequencer', { sequencer: bytes }, terms));
  }

  /** The public keys under which the cell signs sequencers: the one in use, and former ones that are still believed. */
  async signingKeys(options: CallOptions = {}): Promise<SigningKey[]> {
    this.#assertOpen();
    const { timeoutMs, signal } = this.#deadlines.termsOf(options, 0);
    return (await this.#caller.call('getMaster', {}, { timeoutMs, signal })).signingKeys.map(signingKeyOf);
  }

  // --- the cell ---

  /** What every replica says of itself; also without a master. */
  async status(options: StatusOptions = {}): Promise<CellStatus> {
    this.#assertOpen();
    return new StatusQuestion(this.#book, this.#channels, this.#clock, options.timeoutMs ?? STATUS_MS).ask();
  }

  /**
   * Ends the session and with it what it holds; calls that are not answered fail as CLIENT_CLOSED. A cell that cannot be
   * told ends the session by itself when its lease is over.
   */
  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  /** {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    const session = this.#session;
    const hadEnded = session === undefined || session.state === 'expired';
    this.#caller.failAll(closedError());
    session?.end(closedError());
    try {
      if (!hadEnded) {
        await this.#caller.call('closeSession', { session: session.credential }, { timeoutMs: CLOSE_TIMEOUT_MS });
      }
    } catch (error) {
      // Nobody can do anything about it: the session ends with its lease.
      if (!(error instanceof ChubbyError)) throw error;
    } finally {
      this.#locator.close();
      this.#channels.close();
    }
  }

  #aroundHandles(session: Session): HandleSurroundings {
    return { session, clock: this.#clock, deadlines: this.#deadlines, listings: this.#listings };
  }

  /** Through the session where there is one, so that the caller sees what it wrote; otherwise none is needed. */
  #read<Name extends ReadName>(name: Name, request: RequestOf<Name>, terms: CallTerms): Promise<ResponseOf<Name>> {
    this.#assertOpen();
    if (this.#session !== undefined) return this.#session.call(name, request, terms, asItIs);
    const { timeoutMs, signal } = terms;
    return this.#caller.call(name, request as UnaryCalls[Name]['request'], { timeoutMs, signal });
  }

  async #needSession(options: CallOptions): Promise<Session> {
    return this.#session ?? (await this.#startSession(this.#deadlines.termsOf(options, 0)));
  }

  async #startSession(terms: CallTerms): Promise<Session> {
    this.#assertOpen();
    const session = await this.#starter.start(terms);
    if (this.#closed !== undefined) session.end(closedError());
    this.#session = session;
    return session;
  }

  async #askForMaster(address: string): Promise<MasterAnswer> {
    const outcome = await this.#channels.to(address).call('getMaster', {}, ASK_MASTER_MS);
    if ('failure' in outcome) return { failure: outcome.failure.message };
    const { master, replicas } = outcome.response;
    return { master: master?.address, replicas: replicas.map((replica) => replica.address) };
  }

  #assertOpen(): void {
    if (this.#closed !== undefined) throw closedError();
  }
}

const asItIs = <Response>(response: Response): Response => response;

const closedError = (): ChubbyError => new ChubbyError('CLIENT_CLOSED', 'the client is closed');
