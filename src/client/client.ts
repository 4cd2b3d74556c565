import type { Clock } from '../common/clock.js';
import type { Rng } from '../common/rng.js';
import type { GetMasterRequest } from '../wire/types.js';
import { acquireAll } from './acquire-all.js';
import type { AcquireAllOptions, Wanted } from './acquire-all.js';
import type { AclNames } from './acl.js';
import { AddressBook } from './address-book.js';
import { Admin } from './admin.js';
import { badArgument, bufferFrom } from './arguments.js';
import { CellNames } from './cache/cell-names.js';
import { LOCAL_CELL, parseCellAddress } from './cell-address.js';
import { StatusQuestion } from './status-question.js';
import { historyOf } from './history.js';
import type { HistoryEntry } from './history.js';
import type { CellReport } from './cell-report.js';
import type { CellStatus } from './cell-status.js';
import { ChannelPool } from './channel-pool.js';
import type { ChannelFactory } from './channel.js';
import { ChubbyError } from './chubby-error.js';
import { groundOf, setGroundOf } from './client-ground.js';
import { Deadlines } from './deadlines.js';
import { Files } from './files.js';
import type { FileWriteOptions } from './files.js';
import { Handle } from './handle.js';
import type { HandleSurroundings } from './handle.js';
import { Listings } from './listing.js';
import { Listeners } from './listeners.js';
import { AT_ONCE, MasterLocator } from './master-locator.js';
import type { MasterAnswer } from './master-locator.js';
import { multiOpRequest, multiOpResultOf, namesChangedBy, sizeOfMultiOp } from './multi-op.js';
import type { MultiOp, MultiOpResult, Operation } from './multi-op.js';
import { sequencerCheckOf } from './node-results.js';
import type { AcquireAllResult, ContentsAndStat, DirectoryEntry, SequencerCheck } from './node-results.js';
import type { OpenOptions } from './open-request.js';
import { CLOSE_TIMEOUT_MS, settingsOf } from './options.js';
import type { CallOptions, ClientOptions } from './options.js';
import { REQUEST_BYTES } from './requests.js';
import type { AclOptions } from './requests.js';
import type { Resolver } from './resolver.js';
import type { Session, SessionEvents, SessionSurroundings } from './session.js';
import type { SessionState } from './session-lease.js';
import { Sessions } from './sessions.js';
import { SessionStarter } from './session-starter.js';
import { signingKeyOf } from './signing-key.js';
import type { SigningKey } from './signing-key.js';
import type { Stat } from './stat.js';
import { BackupCaller } from './backup-caller.js';
import { UnaryCaller } from './unary-caller.js';
import { Watch } from './watch.js';
import type { WatchItem, WatchOptions } from './watch.js';
import { withLocks } from './with-lock.js';
import type { HeldLock, WithLockOptions } from './with-lock.js';

/** What a client needs of the world. */
export interface ClientPorts {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly resolver: Resolver;
  readonly channelTo: ChannelFactory;
}

export interface MkdirOptions extends CallOptions {
  /** A directory that is there already is no error. */
  readonly mayExist?: boolean;
}

export interface StatusOptions {
  /** Who has not answered by then is unreachable; 2,000 unless given. */
  readonly timeoutMs?: number;
}

const STATUS_MS = 2_000;
const SESSION_EVENTS: readonly (keyof SessionEvents)[] = ['jeopardy', 'safe', 'expired', 'failedOver'];

/**
 * A client of one cell. It finds the master, follows it when it changes, and repeats what was lost on the way, so that
 * each call is executed once or fails; it has at most one session, which begins with the first call that needs one.
 *
 * A session that expired is not replaced, since whoever counts on its locks and handles has to notice: what changes
 * something, by name too, fails as SESSION_EXPIRED from then on, and it takes another client to go on. Reads by name and
 * watches rest on nothing that was held; they go on.
 *
 * Every method that returns a promise rejects with {@link ChubbyError}.
 */
export class Client {
  readonly #clock: Clock;
  readonly #book: AddressBook;
  readonly #channels: ChannelPool;
  readonly #locator: MasterLocator;
  readonly #caller: UnaryCaller;
  readonly #backups: BackupCaller;
  readonly #deadlines: Deadlines;
  readonly #listings: Listings;
  readonly #names = new CellNames();
  readonly #sessions: Sessions;
  readonly #files: Files;
  readonly #listeners = new Listeners<SessionEvents>();
  /** What operators ask of the cell. */
  readonly admin: Admin;
  #closed: Promise<void> | undefined;

  /** @throws ChubbyError BAD_ARGUMENT for a cell that cannot be one, or an option that makes no sense */
  constructor({ clock, rng, resolver, channelTo }: ClientPorts, options: ClientOptions = {}) {
    const settings = settingsOf(options);
    const { cache: caches = true } = options;
    this.#clock = clock;
    this.#book = new AddressBook(parseCellAddress(options.cell ?? LOCAL_CELL), resolver, rng);
    this.#channels = new ChannelPool(channelTo);
    this.#locator = new MasterLocator(
      this.#book,
      (address, request, timeLimitMs) => this.#askForMaster(address, request, timeLimitMs),
      clock,
      rng,
    );
    this.#caller = new UnaryCaller(clock, rng, this.#locator, this.#channels);
    this.#deadlines = new Deadlines(clock, settings.timeoutMs);
    this.#listings = new Listings(clock, rng);
    this.#backups = new BackupCaller(clock, this.#locator, this.#channels);
    this.admin = new Admin(this.#caller, this.#backups, settings.timeoutMs);
    const around: SessionSurroundings = {
      clock,
      rng,
      locator: this.#locator,
      channels: this.#channels,
      listeners: this.#listeners,
      names: this.#names,
      caches,
    };
    this.#sessions = new Sessions(around, new SessionStarter(this.#caller, settings, settings.leaseMs));
    this.#files = new Files({
      sessions: this.#sessions,
      caller: this.#caller,
      deadlines: this.#deadlines,
      listings: this.#listings,
      names: this.#names,
      caches,
    });
    setGroundOf(this, {
      clock,
      deadlines: this.#deadlines,
      sessions: this.#sessions,
      around: (session) => this.#aroundHandles(session),
      patiently: (signal) => this.#deadlines.termsOf({ signal, timeoutMs: Infinity }, 0),
    });
  }

  /** `none` before the first call that needs a session, and after the cell ended one that was idle for a minute. */
  get sessionState(): SessionState | 'none' {
    return this.#sessions.current?.state ?? 'none';
  }

  /** Eight bytes in hex; nothing where {@link sessionState} is `none`. */
  get sessionId(): string | undefined {
    return this.#sessions.current?.id;
  }

  /**
   * Calls `listener` whenever this happens to the session.
   *
   * @returns stops it
   * @throws ChubbyError BAD_ARGUMENT for what is no such event
   */
  on<Name extends keyof SessionEvents>(event: Name, listener: () => void): () => void {
    if (!SESSION_EVENTS.includes(event)) throw badArgument(`an event is ${SESSION_EVENTS.join(' or ')}, not ${event}`);
    return this.#listeners.on(event, listener);
  }

  // --- handles ---

  /**
   * Opens a node, and creates it where asked to. ([CH] 2.4)
   *
   * @param name absolute: `/ls/<cell>/...`, or `/ls/local/...` for the cell at hand
   */
  async open(name: string, options: OpenOptions & CallOptions = {}): Promise<Handle> {
    return this.#withSession(options, (session) => Handle.open(this.#aroundHandles(session), name, options));
  }

  // --- files and directories by name ---

  /**
   * The whole file and its stat, of one moment.
   *
   * What was read once is kept and shown again without asking, until the cell says that it changes: never is anything
   * shown that is older than a write acknowledged before the call. That there is no such node is kept likewise. The
   * first read of a client makes no session for it; the second does. ([CH] 2.7)
   *
   * @returns contents that are the caller's own, and a stat that is frozen where it is kept
   */
  read(name: string, options: CallOptions = {}): Promise<ContentsAndStat> {
    return this.#files.read(name, options);
  }

  /**
   * What {@link read} would show without asking the cell, at once: for who reads too often to wait for a promise.
   *
   * @returns nothing when the cache does not know, or does not know for certain any more; then {@link read}
   */
  readCached(name: string): ContentsAndStat | undefined {
    return this.#files.readCached(name);
  }

  /** The node's metadata. Kept as by {@link read}. */
  stat(name: string, options: CallOptions = {}): Promise<Stat> {
    return this.#files.stat(name, options);
  }

  /** The directory's children, in the byte order of their names. Kept as by {@link read}, where they are one page. */
  list(name: string, options: CallOptions = {}): Promise<DirectoryEntry[]> {
    return this.#files.list(name, options);
  }

  /**
   * Replaces the contents of a file, which is created where there is none.
   *
   * @param contents at most 262,144 bytes; must not change before the answer
   * @throws ChubbyError STALE_GENERATION when the contents are not at `ifContentGeneration`
   */
  write(name: string, contents: Uint8Array | string, options: FileWriteOptions = {}): Promise<Stat> {
    return this.#files.write(name, contents, options);
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
  delete(name: string, options: CallOptions = {}): Promise<void> {
    return this.#files.delete(name, options);
  }

  /**
   * Replaces the names of a node's access lists, all three. To change one of them:
   *
   * ```ts
   * const { acl, aclGeneration } = await client.stat(name);
   * await client.setAcl(name, { ...acl, write: 'orders-team' }, { ifAclGeneration: aclGeneration });
   * ```
   *
   * @throws ChubbyError STALE_GENERATION when the names are not at `ifAclGeneration`
   */
  setAcl(name: string, acl: AclNames, options: CallOptions & AclOptions = {}): Promise<Stat> {
    return this.#files.setAcl(name, acl, options);
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
    return this.#files.change(namesChangedBy(request), terms, (session) =>
      session.call('multiOp', request, terms, (response) => multiOpResultOf<Then, Else>(request, response)),
    );
  }

  /**
   * Follows a name, whatever node has it: `for await (const item of client.watch('/ls/local/config')) ...`. The first
   * item, and each of kind `reread`, says that what is watched is to be read (again); every other is an event. It goes
   * on through changes of master, through deletion and re-creation of the node and of directories above it, and when the
   * session expires: then in another one, and reads by name do so, too.
   *
   * It ends by an error only: CANCELLED by the signal, CLIENT_CLOSED, or a refusal that waiting does not mend.
   */
  watch(name: string, options: WatchOptions = {}): AsyncGenerator<WatchItem, never> {
    return new Watch(groundOf(this), name, options).items();
  }

  // --- locks ---

  /**
   * Runs `work` under the lock of a node, which is created as an empty file where there is none, and releases the lock.
   * `timeoutMs`, for each call, and `waitMs`, for all of them together, are for getting the lock, and so is `signal`; `work`
   * is given a signal of its own.
   *
   * Whoever asks for the same lock within `work` waits for himself: the lock is this call's, and not the client's, which
   * may use several at a time. Pass the {@link HeldLock} on instead.
   *
   * @throws ChubbyError LOCK_LOST when the lock may have been lost before `work` was done; LOCK_BUSY when the lock was not
   *   had within `waitMs`, and TIME_LIMIT when the cell did not answer by then. What `work` throws otherwise.
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
    if (typeof work !== 'function') throw badArgument(`the work under a lock is a function, not ${typeof work}`);
    const wait = this.#deadlines.waitOf(options);
    return this.#withSession(wait.before, (session) =>
      withLocks(this.#aroundHandles(session), names, work, options, wait),
    );
  }

  /**
   * Waits in a fair queue for several locks, all or nothing. As {@link Handle.acquire} otherwise; one sequencer for all
   * gives {@link Handle.getSequencer}.
   *
   * @param wanted handles of this client on different nodes, opened with `write`; at most 64
   * @returns `granted: false` when `waitMs` ran out
   */
  async acquireAll(wanted: readonly Wanted[], options: AcquireAllOptions = {}): Promise<AcquireAllResult> {
    return this.#withSession(options, (session) => acquireAll(this.#aroundHandles(session), wanted, options));
  }

  /** Whether the lock that a sequencer speaks of is still held as it says. */
  async checkSequencer(sequencer: Uint8Array, options: CallOptions = {}): Promise<SequencerCheck> {
    const bytes = bufferFrom(sequencer, 'a sequencer is');
    const terms = this.#deadlines.termsOf(options, bytes.length + REQUEST_BYTES);
    return sequencerCheckOf(await this.#files.ask('checkSequencer', { sequencer: bytes }, terms));
  }

  /** The public keys under which the cell signs sequencers: the one in use, and former ones that are still believed. */
  async signingKeys(options: CallOptions = {}): Promise<SigningKey[]> {
    this.#sessions.assertOpen();
    const { timeoutMs, signal } = this.#deadlines.termsOf(options, 0);
    return (await this.#caller.call('getMaster', AT_ONCE, { timeoutMs, signal })).signingKeys.map(signingKeyOf);
  }

  // --- the cell ---

  /** What every replica says of itself; also without a master. */
  async status(options: StatusOptions = {}): Promise<CellStatus> {
    return this.#statusQuestion(options).ask();
  }

  /** {@link status} with all that the replicas know of themselves and of one another: what `chubby doctor` judges. */
  async report(options: StatusOptions = {}): Promise<CellReport> {
    return this.#statusQuestion(options).report();
  }

  /**
   * What the replicas remember of what befell them, their reigns above all; those that do not answer are left out.
   *
   * @param sinceMs wall clock, in milliseconds since 1970
   */
  async history(sinceMs: number, options: StatusOptions = {}): Promise<HistoryEntry[]> {
    const { timeoutMs = STATUS_MS } = options;
    return historyOf(await this.status(options), this.#channels, sinceMs, timeoutMs);
  }

  #statusQuestion({ timeoutMs = STATUS_MS }: StatusOptions): StatusQuestion {
    this.#sessions.assertOpen();
    return new StatusQuestion(this.#book, this.#channels, this.#clock, timeoutMs);
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
    const error = closedError();
    this.#caller.failAll(error);
    this.#backups.failAll(error);
    const session = this.#sessions.close(error);
    try {
      if (session !== undefined) {
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

  #withSession<Result>(options: CallOptions, call: (session: Session) => Promise<Result>): Promise<Result> {
    return this.#sessions.within(this.#deadlines.termsOf(options, 0), call);
  }

  async #askForMaster(address: string, request: GetMasterRequest, timeLimitMs: number): Promise<MasterAnswer> {
    const outcome = await this.#channels.to(address).call('getMaster', request, request.waitMs + timeLimitMs);
    if ('failure' in outcome) return { failure: outcome.failure.message };
    const { cell, master, replicas, spreadMs } = outcome.response;
    this.#names.learn(cell);
    return { master: master?.address, replicas: replicas.map((replica) => replica.address), spreadMs };
  }
}

const closedError = (): ChubbyError => new ChubbyError('CLIENT_CLOSED', 'the client is closed');
