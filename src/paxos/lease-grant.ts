import { compareBallots, sameIdentity } from './ballot.js';
import type { Ballot, Identity } from './ballot.js';
import type { PlantedBugs } from './planted-bugs.js';

/**
 * The voter's half of the master lease: to whom this replica is bound, and until when. While bound it answers no other
 * replica's `Prepare`, nor a higher `Accept` of one, and does not stand. ([PML] 5.2; DESIGN 3.5)
 */
export class LeaseGrant {
  #holder: Identity | undefined;
  #ballot: Ballot | undefined;
  #untilMs = -Infinity;
  /** The highest ballot that was released. */
  #released: Ballot | undefined;

  /**
   * @param notBeforeMs until when this process may not promise or stand: what an earlier life of it may have granted
   *   has run out by then
   */
  constructor(
    readonly notBeforeMs: number,
    private readonly bugs: PlantedBugs = {},
  ) {}

  /** Binds this voter from the receipt of a message on, for the length that the message names. */
  grant(holder: Identity, ballot: Ballot, receivedAtMs: number, leaseMs: number): void {
    const sameHolder = this.#holder !== undefined && sameIdentity(this.#holder, holder);
    this.#holder = holder;
    this.#ballot = ballot;
    const untilMs = receivedAtMs + leaseMs;
    this.#untilMs = sameHolder ? Math.max(this.#untilMs, untilMs) : untilMs;
  }

  /** Whether an earlier life's grants may still run. */
  waitsAfterStart(nowMs: number): boolean {
    return nowMs < this.notBeforeMs && !this.bugs.oldLeaseNotWaitedOut;
  }

  boundToOther(than: Identity, nowMs: number): boolean {
    if (this.bugs.oldLeaseNotWaitedOut) return false;
    return this.#holder !== undefined && nowMs < this.#untilMs && !sameIdentity(this.#holder, than);
  }

  /** The replica this voter is bound to now. */
  holder(nowMs: number): Identity | undefined {
    return nowMs < this.#untilMs ? this.#holder : undefined;
  }

  /** The end of the binding, or of the wait after a start; in the past where there is neither. */
  get freeAtMs(): number {
    return Math.max(this.#untilMs, this.notBeforeMs);
  }

  /** Whether its master released this ballot: what it sent before may still arrive, and binds nobody. */
  wasReleased(holder: Identity, ballot: Ballot): boolean {
    const released = this.#released;
    return released !== undefined && sameIdentity(released, holder) && compareBallots(ballot, released) <= 0;
  }

  /** Forgets the holder's grant if it was given at the released ballot or below. Whether it did. */
  release(holder: Identity, ballot: Ballot): boolean {
    if (this.#released === undefined || compareBallots(ballot, this.#released) > 0) this.#released = ballot;
    if (this.#holder === undefined || this.#ballot === undefined) return false;
    if (!sameIdentity(this.#holder, holder) || compareBallots(this.#ballot, ballot) > 0) return false;
    this.#untilMs = -Infinity;
    return true;
  }
}
