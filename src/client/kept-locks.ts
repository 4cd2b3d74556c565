import type { Clock, Timer } from '../common/clock.js';
import { CLIENT_LIMITS } from './client-limits.js';
import type { CallOptions } from './options.js';

/** The events that {@link KeptLock} needs of its handle. */
export const KEPT_LOCK_EVENTS = ['conflictingLockRequest', 'lockInvalid', 'handleInvalid'] as const;

/** What keeping a lock needs of the handle that holds it. */
export interface LockHandle {
  readonly name: string;
  on(kind: (typeof KEPT_LOCK_EVENTS)[number] | 'eventsLost', listener: () => void): () => void;
  close(options: CallOptions): Promise<void>;
}

/** A lock that outlasts the work for which it was taken, until somebody else asks for it. */
export class KeptLock {
  #mustGo = false;
  /** Called when it must go, while nobody works under it. */
  whenItMustGo: (() => void) | undefined;

  /** @param handle holds the lock, and was opened with {@link KEPT_LOCK_EVENTS} */
  constructor(
    readonly handle: LockHandle,
    readonly sequencer: Buffer,
  ) {
    for (const kind of KEPT_LOCK_EVENTS) handle.on(kind, () => this.#go());
    // Perhaps one of these.
    handle.on('eventsLost', () => this.#go());
  }

  /** Others wait for it, or it is lost. */
  get mustGo(): boolean {
    return this.#mustGo;
  }

  #go(): void {
    this.#mustGo = true;
    this.whenItMustGo?.();
  }
}

interface Idle {
  readonly lock: KeptLock;
  readonly timer: Timer;
}

/**
 * Locks of a session that nobody works under, kept in the hope that the next work needs the same: taking and releasing
 * then costs the cell nothing. Whoever else asks for one is given it at once. ([CH] 2.7)
 */
export class KeptLocks {
  /** By what is locked, and how. */
  readonly #idle = new Map<string, Idle>();

  constructor(private readonly clock: Clock) {}

  take(key: string): KeptLock | undefined {
    const idle = this.#idle.get(key);
    if (idle === undefined) return undefined;
    this.#forget(key, idle);
    return idle.lock;
  }

  /** @returns whether it is kept; if not, it is the caller's to give back */
  keep(key: string, lock: KeptLock, keepMs: number): boolean {
    if (lock.mustGo || this.#idle.has(key) || this.#idle.size >= CLIENT_LIMITS.locksKept) return false;
    const giveBack = (): void => {
      this.#forget(key, idle);
      // It rejects only when the client was closed meanwhile: with the session, handle and lock end by themselves.
      lock.handle.close({ timeoutMs: Infinity }).catch(() => undefined);
    };
    const idle = { lock, timer: this.clock.after(keepMs, giveBack) };
    lock.whenItMustGo = giveBack;
    this.#idle.set(key, idle);
    return true;
  }

  /** The session is over, and its locks with it. */
  end(): void {
    for (const [key, idle] of this.#idle) this.#forget(key, idle);
  }

  #forget(key: string, { lock, timer }: Idle): void {
    this.#idle.delete(key);
    timer.cancel();
    lock.whenItMustGo = undefined;
  }
}
