import { nameOf } from '../../chubby/names.js';
import { readLock } from '../../chubby/locks.js';
import { readNode } from '../../chubby/read-node.js';
import type { LockHolder, LockMode as ChubbyLockMode, LockRecord } from '../../chubby/records/lock.js';
import type { NodePath } from '../../chubby/records/node-path.js';
import { LockMode } from '../../wire/types.js';
import type { LockDescription, LockHolding, LockWaiter } from '../../wire/types.js';
import type { LockDelays } from '../lock-delays.js';
import type { Waiter } from '../lock-waits.js';
import { SessionDescriptions } from './session-descriptions.js';
import type { AdminSources } from './session-descriptions.js';

/** Waiters of a lock that are listed; the rest is counted. */
const WAITERS_LISTED = 100;

const MODES = {
  exclusive: LockMode.LOCK_MODE_EXCLUSIVE,
  shared: LockMode.LOCK_MODE_SHARED,
} as const satisfies Record<ChubbyLockMode, LockMode>;

/** Describes the locks that one answer speaks of: as applied, with those who wait for them. */
export class LockDescriptions {
  readonly #sources: AdminSources;
  readonly #delays: LockDelays;
  readonly #sessions: SessionDescriptions;

  constructor(sources: AdminSources, delays: LockDelays) {
    this.#sources = sources;
    this.#delays = delays;
    this.#sessions = new SessionDescriptions(sources);
  }

  of(path: NodePath, lock: LockRecord = readLock(this.#sources.reign.around.cell.applied, path)): LockDescription {
    const { waits, reign } = this.#sources;
    const { cell, cellName } = reign.around;
    return {
      name: nameOf(path, cellName),
      instanceNumber: readNode(cell.applied, path)?.instanceNumber ?? 0,
      lockGeneration: lock.generation,
      mode: lock.holders.length === 0 ? LockMode.LOCK_MODE_UNSPECIFIED : MODES[lock.mode],
      holders: lock.holders.map((holder) => this.#holding(path, holder)),
      waiters: this.#waiters(path),
      waiterCount: waits.sizeOf(path),
    };
  }

  #holding(path: NodePath, { sessionId, acquiredWallMs, lockDelayMs, heldBack }: LockHolder): LockHolding {
    return {
      session: this.#sessions.of(sessionId),
      acquiredAtMs: Math.floor(acquiredWallMs),
      lockDelayMs,
      lockDelayLeftMs: heldBack ? this.#delays.leftMs(path, this.#nowMs) : 0,
    };
  }

  #waiters(path: NodePath): LockWaiter[] {
    const listed: LockWaiter[] = [];
    for (const waiter of this.#sources.waits.waitingFor(path)) {
      if (listed.length === WAITERS_LISTED) break;
      listed.push(this.#waiter(path, waiter));
    }
    return listed;
  }

  #waiter(path: NodePath, { session, locks, sinceMs, waitUntilMs }: Waiter): LockWaiter {
    const wanted = locks.find(({ handle }) => handle.path === path)!;
    const nowMs = this.#nowMs;
    return {
      session: this.#sessions.of(session.id),
      mode: MODES[wanted.mode],
      waitingMs: Math.floor(nowMs - sinceMs),
      // 0 would say that there is no limit.
      waitLeftMs: waitUntilMs === Infinity ? 0 : Math.max(1, Math.ceil(waitUntilMs - nowMs)),
    };
  }

  get #nowMs(): number {
    return this.#sources.reign.around.clock.monotonicMs();
  }
}
