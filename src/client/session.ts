import { assertNever } from '../common/assert.js';
import { toHex } from '../common/bytes.js';
import type { Clock, Timer } from '../common/clock.js';
import type { Rng } from '../common/rng.js';
import type { Event, Failure, SessionCredential } from '../wire/types.js';
import type { ChannelPool } from './channel-pool.js';
import type { KeepAliveConnection, PipeConnection } from './channel.js';
import { ChubbyError, located } from './chubby-error.js';
import type { CellNames } from './cache/cell-names.js';
import { SessionCache } from './cache/session-cache.js';
import { OpenHandles } from './events/open-handles.js';
import { KeepAliveLoop } from './keep-alive-loop.js';
import { KeptHandles } from './kept-handles.js';
import { KeptLocks } from './kept-locks.js';
import type { Listeners } from './listeners.js';
import type { MasterLocator } from './master-locator.js';
import { isUnknown, LimitedWait, PendingCall } from './pending-call.js';
import type { CallTerms, Convert, OpenCall, PipeCallName, RequestOf } from './pending-call.js';
import { Reattachment } from './reattachment.js';
import { SessionCalls } from './session-calls.js';
import type { SessionLease, SessionState } from './session-lease.js';

/** What happens to a session, told to whoever listens. */
export interface SessionEvents {
  /** The lease is over by this side's count: calls wait until `safe` or `expired`. */
  jeopardy: undefined;
  /** After jeopardy: the session lives, and what it held is held. */
  safe: undefined;
  /** The session is gone with all that it held; each call fails from now on. */
  expired: undefined;
  /** Another replica is master. Nothing was lost. */
  failedOver: undefined;
}

/** What a session works with. */
export interface SessionSurroundings {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly locator: MasterLocator;
  readonly channels: ChannelPool;
  readonly listeners: Listeners<SessionEvents>;
  readonly names: CellNames;
  /** Whether it keeps what it reads. */
  readonly caches: boolean;
}

/** How often the session looks whether the machine slept, and whether its master still answers. */
const LOOK_EVERY_MS = 500;
/** Calls unanswered for so long make it ask the other replicas whether there is another master. */
const SUSPICIOUS_MS = 1_000;
const SUSPICIOUS_MAX_MS = 8_000;

/**
 * A session with the cell: kept alive, and connected to whichever replica is master, until it ends. One Pipe and one
 * KeepAlive stream stand or fall together.
 */
export class Session {
  readonly lease: SessionLease;
  readonly handles = new OpenHandles((handleId) => this.#calls.isOpen(handleId));
  /** Absent where nothing is cached. */
  readonly cache: SessionCache | undefined;
  readonly keptHandles: KeptHandles;
  readonly keptLocks: KeptLocks;
  /** Called at once when the session is found not to be safe any more; each is good for as long as it stands here. */
  readonly whenUnsafe = new Set<() => void>();
  readonly #around: SessionSurroundings;
  readonly #credential: SessionCredential;
  readonly #calls: SessionCalls;
  readonly #keepAlives: KeepAliveLoop;
  readonly #reattachment: Reattachment;
  /** The next KeepAlive acknowledges that there is another master. */
  #isFailingOver = false;
  /** The master that the session is connected to. */
  #address: string | undefined;
  #pipe: PipeConnection | undefined;
  #keepAlive: KeepAliveConnection | undefined;
  #stopWaiting: (() => void) | undefined;
  #suspicionMs = SUSPICIOUS_MS;
  #timer: Timer | undefined;
  /** As it was last told. */
  #state: SessionState = 'safe';
  #ended = false;
  #wasIdle = false;

  constructor(around: SessionSurroundings, credential: SessionCredential, lease: SessionLease) {
    this.#around = around;
    this.#credential = credential;
    this.lease = lease;
    this.cache = around.caches ? new SessionCache(around.names, () => this.isSafe()) : undefined;
    this.#calls = new SessionCalls(around.clock, around.rng, {
      maySend: () => this.lease.state === 'safe',
      isSafe: () => this.isSafe(),
      redirected: (failure) => this.#lost(failure),
      refused: (failure) => this.#refused(failure),
      obstacle: () => around.locator.obstacle(),
    });
    this.#keepAlives = new KeepAliveLoop(around.clock, credential, lease, {
      renewed: () => this.#renewed(),
      event: (event) => this.#happened(event),
      refused: (failure) => this.#refused(failure),
    });
    const { cache, handles } = this;
    const belongings = { handles, doubted: () => cache?.doubted() ?? [], settled: () => cache?.settled() };
    this.#reattachment = new Reattachment(belongings, (request, sizeBytes, signal) =>
      this.call(
        'reattach',
        { ...request, acknowledgedReply: this.#keepAlives.lastReply },
        { sizeBytes, deadlineMs: Infinity, timeoutMs: Infinity, signal },
        asItIs,
      ),
    );
    this.keptLocks = new KeptLocks(around.clock);
    this.keptHandles = new KeptHandles(around.clock, (handle) => this.#calls.closeUnseen(handle));
    this.#findMaster();
    this.look();
  }

  get credential(): SessionCredential {
    return this.#credential;
  }

  /** In hex. */
  get id(): string {
    return toHex(this.#credential.id);
  }

  /** By the clock, at the moment of asking. */
  get state(): SessionState {
    return this.#ended ? 'expired' : this.lease.state;
  }

  /** The cell ended it because nothing was open and nothing was called: a new one serves as well. */
  get wasIdle(): boolean {
    return this.#wasIdle;
  }

  /**
   * Makes a call through the session's Pipe.
   *
   * @param convert makes of the response, and the number of the request, what the caller is given
   * @returns rejects with ChubbyError
   */
  call<Name extends PipeCallName, Result>(
    name: Name,
    request: RequestOf<Name>,
    terms: CallTerms,
    convert: Convert<Name, Result>,
  ): Promise<Result> {
    return located(
      new Promise((resolve, reject) => {
        this.#calls.submit(new PendingCall(name, request, terms, convert, resolve, reject));
      }),
    );
  }

  /** A call that waits for its locks no longer than until `waitUntilMs`, by the monotonic clock. As {@link call}. */
  callWithin<Name extends 'acquire' | 'acquireAll', Result>(
    waitUntilMs: number,
    name: Name,
    request: RequestOf<Name>,
    terms: CallTerms,
    convert: Convert<Name, Result>,
  ): Promise<Result> {
    return located(
      new Promise((resolve, reject) => {
        this.#calls.submit(new LimitedWait(waitUntilMs, name, request, terms, convert, resolve, reject));
      }),
    );
  }

  /** As {@link call}, of a call that is made already. */
  submit(call: OpenCall): void {
    this.#calls.submit(call);
  }

  /** Fails what is under way through a handle, and withdraws what waits. */
  giveUpThrough(handle: Buffer, error: ChubbyError): void {
    this.#calls.giveUpThrough(handle, error);
  }

  /** Compares the clocks: whether what the session holds is held for certain, now. */
  isSafe(): boolean {
    if (this.#ended) return false;
    // Looked at by every cached read: nothing here but the clocks, unless there is something to tell.
    if (this.lease.endIfSuspended()) this.#reconnect();
    if (this.lease.state === 'safe' && this.#state === 'safe') return true;
    this.look();
    return this.state === 'safe';
  }

  /** Compares the clocks and does what is due. Called by timers, and whenever the lease is about to be relied upon. */
  look(): void {
    if (this.#ended) return;
    if (this.lease.endIfSuspended()) this.#reconnect();
    const { state } = this.lease;
    if (state === 'expired') return this.#expire('the cell could not be reached in time');
    this.#tell(state);
    this.#doubtMaster();
    const { clock } = this.#around;
    this.#timer?.cancel();
    const dueMs = Math.max(0, this.lease.nextChangeMs - clock.monotonicMs());
    this.#timer = clock.after(Math.min(dueMs, LOOK_EVERY_MS), () => this.look());
  }

  /** Ends it on this side: its calls fail, and nothing is told any more. */
  end(error: ChubbyError, mayHaveRun?: (call: OpenCall) => boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    this.lease.expire();
    this.#timer?.cancel();
    this.#stopWaiting?.();
    this.#disconnect();
    this.cache?.clear();
    this.#calls.end(error, mayHaveRun);
    this.handles.end(error);
    this.keptHandles.end();
    this.keptLocks.end();
  }

  #tell(state: SessionState): void {
    if (state === this.#state) return;
    this.#state = state;
    if (state !== 'safe') {
      this.cache?.clear();
      for (const tell of [...this.whenUnsafe]) tell();
    }
    this.#around.listeners.emit(state, undefined);
    if (state === 'safe') this.#calls.resume();
  }

  #happened({ event, node, invalidation, eventsLost }: Event): void {
    switch (event) {
      case 'masterFailedOver':
        this.#isFailingOver = true;
        this.cache?.doubtAll();
        return this.#around.listeners.emit('failedOver', undefined);
      case 'node':
        return this.handles.happened(node!);
      case 'eventsLost':
        return this.handles.eventsLost(eventsLost!);
      case 'invalidation':
        return this.cache?.invalidate(invalidation!);
      case undefined:
        return; // of a newer cell
      default:
        return assertNever(event, 'Session.#happened');
    }
  }

  #renewed(): void {
    this.look();
    if (!this.#isFailingOver) return;
    this.#isFailingOver = false;
    this.#reattachment.begin();
  }

  #refused({ reason, message }: Failure): void {
    if (reason !== 'SESSION_IDLE') return this.#expire(message);
    this.#wasIdle = true;
    // What came to the session in time would have kept it.
    this.end(new ChubbyError('SESSION_IDLE', message), (call) => call.tainted && isUnknown(call));
  }

  #expire(why: string): void {
    this.end(new ChubbyError('SESSION_EXPIRED', `the session is gone: ${why}`));
    this.#tell('expired');
  }

  #findMaster(): void {
    this.#stopWaiting = this.#around.locator.whenFound((address) => this.#connect(address));
  }

  #connect(address: string): void {
    const channel = this.#around.channels.to(address);
    this.#address = address;
    this.#suspicionMs = SUSPICIOUS_MS;
    const closed = (failure: Failure): void => this.#lost(failure);
    this.#keepAlive = channel.openKeepAlive({ answered: (response) => this.#keepAlives.answered(response), closed });
    this.#pipe = channel.openPipe(this.#credential, { replies: (replies) => this.#calls.replies(replies), closed });
    this.#keepAlives.connect(this.#keepAlive);
    this.#calls.connect(this.#pipe);
    this.#reattachment.resume();
  }

  #disconnect(): void {
    this.#address = undefined;
    this.#pipe?.close();
    this.#keepAlive?.close();
    this.#pipe = this.#keepAlive = undefined;
    this.#reattachment.interrupt();
    this.#keepAlives.disconnect();
    this.#calls.disconnect();
  }

  /** The replica is not master, or does not answer. */
  #lost(failure: Failure): void {
    const address = this.#address;
    if (address === undefined) return;
    this.#disconnect();
    this.#around.locator.lost(address, failure);
    this.#findMaster();
  }

  #reconnect(): void {
    if (this.#address === undefined) return;
    this.#disconnect();
    this.#findMaster();
  }

  /** A master whose machine vanished says nothing at all; meanwhile another may reign. */
  #doubtMaster(): void {
    const address = this.#address;
    if (address === undefined || this.#calls.silentMs < this.#suspicionMs) return;
    this.#suspicionMs = Math.min(this.#suspicionMs * 2, SUSPICIOUS_MAX_MS);
    void this.#around.locator.findAnother(address).then((found) => {
      if (found && this.#address === address) this.#reconnect();
    });
  }
}

const asItIs = <Response>(response: Response): Response => response;
