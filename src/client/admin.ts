import { toHex } from '../common/bytes.js';
import { LockMode } from '../wire/types.js';
import type {
  ExplainResponse,
  LockDescription as WireLock,
  LockMode as WireMode,
  LockWaiter as WireWaiter,
  LockHolding as WireHolding,
  SessionDescription as WireSession,
  WaitsFor,
} from '../wire/types.js';
import { badArgument, nameFrom, UINT32_MAX, wholeFrom } from './arguments.js';
import type { BackupCaller, BackupSink } from './backup-caller.js';
import { ChubbyError } from './chubby-error.js';
import type { CallOptions } from './options.js';
import type { Mode } from './requests.js';
import { signingKeyOf } from './signing-key.js';
import type { SigningKey } from './signing-key.js';
import { statOf } from './stat.js';
import type { Stat } from './stat.js';
import type { UnaryCaller } from './unary-caller.js';

/** A session as the master sees it. */
export interface SessionDescription {
  /** 16 hex digits. */
  readonly id: string;
  readonly principal: string;
  /** Where its last KeepAlive came from; empty when none came under this master. */
  readonly address: string;
  /** Wall clock of the master, in milliseconds since 1970. */
  readonly createdAtMs: number;
  readonly leaseLeftMs: number;
  /** Its KeepAlive is overdue: it may be about to expire. */
  readonly silent: boolean;
  readonly openHandles: number;
  readonly heldLocks: number;
  readonly waitingAcquires: number;
  readonly cachedAnswers: number;
}

/** A session that has a lock. */
export interface LockHolder {
  readonly session: SessionDescription;
  /** Wall clock of the master, in milliseconds since 1970. */
  readonly acquiredAtMs: number;
  readonly lockDelayMs: number;
  /** The session expired, and nobody may have the lock for so long yet; 0 while the session lives. */
  readonly lockDelayLeftMs: number;
}

/** A session that waits for a lock. */
export interface LockWaiter {
  readonly session: SessionDescription;
  readonly mode: Mode;
  readonly waitingMs: number;
  /** 0 for no limit. */
  readonly waitLeftMs: number;
}

/** A lock that is held, held back, or waited for. */
export interface LockDescription {
  /** The node's whole name. */
  readonly name: string;
  readonly instanceNumber: number;
  readonly lockGeneration: number;
  /** Of the holders; null when there are none. */
  readonly mode: Mode | null;
  readonly holders: readonly LockHolder[];
  /** First come first; at most 100 are listed. */
  readonly waiters: readonly LockWaiter[];
  readonly waiterCount: number;
}

/** Why a lock is not free. */
export interface Explanation {
  readonly stat: Stat;
  readonly lock: LockDescription;
  /** A round of sessions of which each waits for a lock that the next one has; empty where there is none. */
  readonly deadlock: readonly { readonly sessionId: string; readonly lockName: string }[];
  /** Sessions that may cache what they read of the node. */
  readonly cachingSessions: number;
  /** Handles that are told of events of the node. */
  readonly subscriptions: number;
}

const SESSION_ID = /^[0-9a-f]{16}$/;

/**
 * What operators ask of a cell. It needs no session, and every call is answered by the master.
 *
 * Every method rejects with {@link ChubbyError}.
 */
export class Admin {
  readonly #caller: UnaryCaller;
  readonly #backups: BackupCaller;
  readonly #timeoutMs: number;

  /** Made by Client.admin. */
  constructor(caller: UnaryCaller, backups: BackupCaller, timeoutMs: number) {
    this.#backups = backups;
    this.#caller = caller;
    this.#timeoutMs = timeoutMs;
  }

  /** All sessions of the cell, fetched page by page as they are asked for. The time limit is of each page. */
  async *listSessions(options: CallOptions = {}): AsyncGenerator<SessionDescription, void> {
    let pageToken: Buffer = Buffer.alloc(0);
    do {
      const page = await this.#caller.call('listSessions', { pageToken }, this.#terms(options));
      for (const session of page.sessions) yield sessionOf(session);
      pageToken = page.nextPageToken;
    } while (pageToken.length > 0);
  }

  /**
   * Ends a session as if its lease had run out: its locks are held back for their lock-delay.
   *
   * @param id 16 hex digits
   * @returns whether there was such a session; false also when a repeated question finds it ended by the first
   */
  async endSession(id: string, options: CallOptions = {}): Promise<boolean> {
    if (!SESSION_ID.test(id)) throw badArgument(`a session id is 16 hex digits, not ${JSON.stringify(id)}`);
    const request = { id: Buffer.from(id, 'hex') };
    return (await this.#caller.call('endSession', request, this.#terms(options))).ended;
  }

  /**
   * The locks that are held, held back or waited for, fetched page by page as they are asked for. The time limit is of
   * each page.
   *
   * @param below only locks of this node and of those below it; all of the cell unless given
   */
  async *listLocks(below = '', options: CallOptions = {}): AsyncGenerator<LockDescription, void> {
    let pageToken: Buffer = Buffer.alloc(0);
    nameFrom(below);
    do {
      const page = await this.#caller.call('listLocks', { below, pageToken }, this.#terms(options));
      for (const lock of page.locks) yield lockOf(lock);
      pageToken = page.nextPageToken;
    } while (pageToken.length > 0);
  }

  /** Who has the node's lock, since when and from where; who waits for it; what it waits for itself. */
  async explain(name: string, options: CallOptions = {}): Promise<Explanation> {
    return explanationOf(await this.#caller.call('explain', { name: nameFrom(name) }, this.#terms(options)));
  }

  /**
   * Draws a new key to sign sequencers with. Where an answer is lost and the question repeated, two are drawn.
   *
   * @param keepFormerMs how long the former key verifies
   * @returns all keys, as {@link Client.signingKeys}
   */
  async rotateKeys(keepFormerMs: number, options: CallOptions = {}): Promise<SigningKey[]> {
    const request = { keepFormerMs: wholeFrom(keepFormerMs, 'keepFormerMs', UINT32_MAX) };
    return (await this.#caller.call('rotateKeys', request, this.#terms(options))).signingKeys.map(signingKeyOf);
  }

  /**
   * Takes a backup: the files, directories and access lists of the cell as they are at one moment, with everything in
   * it that was acknowledged before, as the bytes of a file that `chubby restore` reads. It begins anew when the master
   * changes meanwhile. The time limit is of the whole.
   *
   * @param sink is given no more than it takes
   */
  async backup(sink: BackupSink, options: CallOptions = {}): Promise<void> {
    await this.#backups.take(sink, this.#terms(options));
  }

  #terms({ timeoutMs = this.#timeoutMs, signal }: CallOptions): { timeoutMs: number; signal: AbortSignal | undefined } {
    return { timeoutMs, signal };
  }
}

const sessionOf = ({ id, ...facts }: WireSession): SessionDescription => ({ id: toHex(id), ...facts });

const modeOf = (mode: WireMode): Mode => (mode === LockMode.LOCK_MODE_SHARED ? 'shared' : 'exclusive');

const holderOf = ({ session, ...facts }: WireHolding): LockHolder => ({ ...facts, session: present(session) });

const waiterOf = ({ session, mode, ...facts }: WireWaiter): LockWaiter => ({
  ...facts,
  session: present(session),
  mode: modeOf(mode),
});

const lockOf = ({ mode, holders, waiters, ...facts }: WireLock): LockDescription => ({
  ...facts,
  mode: mode === LockMode.LOCK_MODE_UNSPECIFIED ? null : modeOf(mode),
  holders: holders.map(holderOf),
  waiters: waiters.map(waiterOf),
});

const waitsOf = ({ sessionId, lockName }: WaitsFor) => ({ sessionId: toHex(sessionId), lockName });

function explanationOf({ stat, lock, deadlock, cachingSessions, subscriptions }: ExplainResponse): Explanation {
  if (lock === null) throw new ChubbyError('PROTOCOL', 'explain was answered without the lock');
  return {
    stat: statOf(stat),
    lock: lockOf(lock),
    deadlock: deadlock.map(waitsOf),
    cachingSessions,
    subscriptions,
  };
}

function present(session: WireSession | null): SessionDescription {
  if (session === null) throw new ChubbyError('PROTOCOL', 'a lock was described without its session');
  return sessionOf(session);
}
