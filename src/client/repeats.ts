import type { Clock, Timer } from '../common/clock.js';
import type { Rng } from '../common/rng.js';

const PAUSE_MIN_MS = 25;
const PAUSE_MAX_MS = 500;
const PAUSE_GROWTH = 1.5;

/**
 * What is to be tried again in a while: together, after a jittered pause that grows as long as nothing succeeds, so that
 * clients do not keep an overloaded cell overloaded.
 */
export class Repeats<Item> {
  #items: Item[] = [];
  #timer: Timer | undefined;
  #pauseMs = PAUSE_MIN_MS;

  constructor(
    private readonly clock: Clock,
    private readonly rng: Rng,
    private readonly repeat: (items: Item[]) => void,
  ) {}

  /** @param atLeastMs what the cell asked for */
  add(item: Item, atLeastMs: number): void {
    this.#items.push(item);
    if (this.#timer !== undefined) return;
    const pauseMs = Math.max(atLeastMs, this.#pauseMs * (1 + this.rng.next()));
    this.#pauseMs = Math.min(this.#pauseMs * PAUSE_GROWTH, PAUSE_MAX_MS);
    this.#timer = this.clock.after(pauseMs, () => {
      const items = this.#items;
      this.clear();
      this.repeat(items);
    });
  }

  /** Something succeeded. */
  succeeded(): void {
    this.#pauseMs = PAUSE_MIN_MS;
  }

  clear(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#items = [];
  }
}
