import { lockHoldingsOf } from '../../chubby/records/keys.js';
import { sessionIdBytes } from '../../chubby/records/ids.js';
import type { SessionId } from '../../chubby/records/ids.js';
import type { SessionLeases } from '../../chubby/session-lease.js';
import type { SessionDescription } from '../../wire/types.js';
import type { KeepAlives } from '../keep-alives.js';
import type { LockWaits } from '../lock-waits.js';
import type { Reign } from '../reign.js';
import type { SessionState } from '../session-state.js';
import type { Followers } from './followers.js';

/** Of its lease a session has more left than this, or a KeepAlive waits for its answer: else its next one is overdue. */
const SILENT_BELOW = 0.75;
/** Held locks that are counted for one answer: some milliseconds. What goes beyond is not counted. */
const COUNTED_LOCKS = 50_000;

/** What the master's memory is asked for to describe sessions and locks. */
export interface AdminSources {
  readonly reign: Reign;
  readonly waits: LockWaits;
  readonly leases: SessionLeases;
  readonly keepAlives: KeepAlives;
  readonly followers: Followers;
}

/** Describes the sessions that one answer speaks of, each once. */
export class SessionDescriptions {
  readonly #sources: AdminSources;
  readonly #known = new Map<SessionId, SessionDescription>();
  #countsLeft = COUNTED_LOCKS;

  constructor(sources: AdminSources) {
    this.#sources = sources;
  }

  /** @param id of a session of the cell, or of one that is gone: then only the id is known */
  of(id: SessionId): SessionDescription {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const session = this.#sources.reign.sessions.get(id);
    const description = session === undefined ? { ...GONE, id: sessionIdBytes(id) } : this.#describe(session);
    this.#known.set(id, description);
    return description;
  }

  #describe(session: SessionState): SessionDescription {
    const { reign, waits, leases, keepAlives, followers } = this.#sources;
    const { id, record, address } = session;
    const leaseLeftMs = Math.max(0, Math.floor((leases.untilMs(id) ?? 0) - reign.around.clock.monotonicMs()));
    return {
      id: sessionIdBytes(id),
      principal: record.principal,
      address,
      createdAtMs: Math.floor(record.createdWallMs),
      leaseLeftMs,
      silent: !keepAlives.holdsOneOf(session) && leaseLeftMs < SILENT_BELOW * record.leaseMs,
      openHandles: session.openHandles,
      heldLocks: this.#countLocks(id),
      waitingAcquires: waits.countIn(id),
      cachedAnswers: followers.cachedBy(session),
    };
  }

  #countLocks(id: SessionId): number {
    const { from, to } = lockHoldingsOf(id);
    let count = 0;
    for (const _ of this.#sources.reign.around.cell.applied.range(from, to)) {
      if (this.#countsLeft === 0) break;
      this.#countsLeft--;
      count++;
    }
    return count;
  }
}

const GONE: SessionDescription = {
  id: Buffer.alloc(0),
  principal: '',
  address: '',
  createdAtMs: 0,
  leaseLeftMs: 0,
  silent: false,
  openHandles: 0,
  heldLocks: 0,
  waitingAcquires: 0,
  cachedAnswers: 0,
};

/** More than a description takes in a message beside its texts. */
const DESCRIPTION_BYTES = 100;

export const descriptionBytes = ({ principal, address }: SessionDescription): number =>
  DESCRIPTION_BYTES + 3 * (principal.length + address.length);
