import type { Clock, Timer } from '../common/clock.js';

/** A timer cannot be set for longer than some 24 days; ringing too early does no harm. */
const LONGEST_MS = 2 ** 30;

/** One timer for whatever is due first. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #timer: Timer | undefined;
  #armedForMs = Infinity;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Rings at this time; earlier, if it is armed for an earlier one. Infinite for nothing due. */
  arm(atMs: number): void {
    if (atMs >= this.#armedForMs) return;
    this.#timer?.cancel();
    this.#armedForMs = atMs;
    const delayMs = Math.min(Math.max(0, atMs - this.#clock.monotonicMs()), LONGEST_MS);
    this.#timer = this.#clock.after(delayMs, () => {
      this.#armedForMs = Infinity;
      this.#timer = undefined;
      this.#ring();
    });
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#armedForMs = Infinity;
  }
}
