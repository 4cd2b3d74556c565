import type { Cell } from '../chubby/cell.js';
import { ALL_SESSIONS } from '../chubby/records/keys.js';
import type { Clock } from '../common/clock.js';

/** What taking a session over costs a master, generously: connection, streams, and what is shown to it. */
const MS_PER_SESSION = 3;
/** Who come at once without keeping a master from anything. */
const AT_ONCE = 20;

/** No client takes longer than this to go to a master that it knows. */
const SPREAD_MAX_MS = 10_000;

/** Over how long so many sessions are to come to a new master, so that it serves those that came while others come. */
export const spreadMsOf = (sessions: number): number =>
  Math.min(SPREAD_MAX_MS, Math.max(0, sessions - AT_ONCE) * MS_PER_SESSION);

/** Counting reads every session, and in an election every client asks. */
const COUNTED_FOR_MS = 1_000;

/** The sessions that will come all at once when this cell changes its master. */
export class Crowd {
  readonly #cell: Cell;
  readonly #clock: Clock;
  #sessions = 0;
  #countedAtMs = -Infinity;

  constructor(cell: Cell, clock: Clock) {
    this.#cell = cell;
    this.#clock = clock;
  }

  /** @see spreadMsOf */
  get spreadMs(): number {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#countedAtMs > COUNTED_FOR_MS) {
      this.#countedAtMs = nowMs;
      this.#sessions = this.#count();
    }
    return spreadMsOf(this.#sessions);
  }

  #count(): number {
    let sessions = 0;
    for (const _ of this.#cell.applied.range(ALL_SESSIONS.from, ALL_SESSIONS.to)) sessions++;
    return sessions;
  }
}
