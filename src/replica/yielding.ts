const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 600_000;
/** Who had no reason for so long after a pause begins with the first one again. */
const FORGETS_AFTER_MS = 600_000;

/**
 * How often a master may give up its place to one that is better off: at once, and then after growing pauses, for the
 * others may be no better off, and each change of master costs the clients more than a slow master does.
 */
export class Yielding {
  #pauseMs = FIRST_PAUSE_MS;
  #notBeforeMs = -Infinity;
  #times = 0;

  /** How often it came to that. */
  get times(): number {
    return this.#times;
  }

  may(nowMs: number): boolean {
    return nowMs >= this.#notBeforeMs;
  }

  /** @returns when the pause ends that begins now */
  yielded(nowMs: number): number {
    this.#times++;
    if (nowMs - this.#notBeforeMs > FORGETS_AFTER_MS) this.#pauseMs = FIRST_PAUSE_MS;
    this.#notBeforeMs = nowMs + this.#pauseMs;
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    return this.#notBeforeMs;
  }
}
