import { CALL_CODES } from '../chubby/records/call-code.js';
import { decodeCounter, encodeCounter } from '../chubby/records/counter.js';
import { LONGEST_LEASE_KEY } from '../chubby/records/keys.js';
import type { SessionRecord } from '../chubby/records/session.js';
import type { Proposals } from './proposals.js';
import type { Reign } from './reign.js';

/** Leases are stretched in steps, so that the longest one in use is seldom written. */
const STEP_MS = 4_000;
/** The part of a lease after which a session's next KeepAlive comes. */
const ASKED_AFTER = 0.6;

/**
 * How long the sessions' leases are. They grow with the number of sessions, so that their KeepAlives come no more often
 * than the master can bear; who asked for a longer lease keeps it. ([CH] 2.8: from 12 s up to 60 s under load)
 *
 * The longest one in use is an entry of the database. It is raised before the first longer promise, so that each later
 * master gives every session as much as it may have been promised; and lowered only once every longer promise is over.
 */
export class LeaseLengths {
  readonly #reign: Reign;
  readonly #proposals: Proposals;
  /** What may be promised: the entry as it is applied, or as it is proposed where that is less. */
  #promisableMs: number;
  #isProposing = false;
  /** Until when promises may be outstanding, by their length: the entry is not lowered below one before. */
  readonly #outstandingUntilMs = new Map<number, number>();

  constructor(reign: Reign, proposals: Proposals) {
    this.#reign = reign;
    this.#proposals = proposals;
    this.#promisableMs = this.#storedMs;
    this.#outstandingUntilMs.set(this.#promisableMs, reign.around.clock.monotonicMs() + this.#promisableMs);
  }

  /** What every session is promised at least; 0 while leases are not stretched. */
  get stretchedMs(): number {
    return Math.min(this.#wantedMs(), this.#promisableMs);
  }

  /** What a session may have been promised by an earlier master. */
  inheritedMs({ leaseMs }: SessionRecord): number {
    return Math.max(leaseMs, this.#storedMs);
  }

  /** What the session is promised now, at this time. */
  promiseMs({ leaseMs }: SessionRecord, nowMs: number): number {
    const wantedMs = this.#wantedMs();
    this.#adjust(wantedMs, nowMs);
    const stretchedMs = Math.min(wantedMs, this.#promisableMs);
    if (stretchedMs <= leaseMs) return leaseMs;
    this.#outstandingUntilMs.set(stretchedMs, nowMs + stretchedMs);
    return stretchedMs;
  }

  get #storedMs(): number {
    const stored = this.#reign.around.cell.applied.get(LONGEST_LEASE_KEY);
    return stored === undefined ? 0 : decodeCounter(stored);
  }

  /** What so many sessions should have; nothing in particular while they are few. */
  #wantedMs(): number {
    const { sessions, around } = this.#reign;
    const { keepAlivesPerSecond, unstretchedLeaseMs, sessionLeaseMaxMs } = around.limits;
    const neededMs = (sessions.size / keepAlivesPerSecond / ASKED_AFTER) * 1_000;
    if (neededMs <= unstretchedLeaseMs) return 0;
    return Math.min(sessionLeaseMaxMs, Math.ceil(neededMs / STEP_MS) * STEP_MS);
  }

  /** Whether a promise longer than this may be outstanding. */
  #mayOutlast(leaseMs: number, nowMs: number): boolean {
    for (const [promisedMs, untilMs] of this.#outstandingUntilMs) {
      if (nowMs > untilMs) this.#outstandingUntilMs.delete(promisedMs);
      else if (promisedMs > leaseMs) return true;
    }
    return false;
  }

  #adjust(wantedMs: number, nowMs: number): void {
    if (this.#isProposing || wantedMs === this.#promisableMs) return;
    if (wantedMs < this.#promisableMs) {
      if (this.#mayOutlast(wantedMs, nowMs)) return;
      this.#promisableMs = wantedMs;
    }
    const draft = this.#reign.around.cell.draft();
    draft.put(LONGEST_LEASE_KEY, encodeCounter(wantedMs));
    this.#isProposing = true;
    this.#proposals.proposeAlone(draft, CALL_CODES.longestLease, () => {
      this.#isProposing = false;
      this.#promisableMs = wantedMs;
    });
  }
}
