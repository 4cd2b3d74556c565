import type { Key } from '../db/key.js';
import type { PendingView } from '../db/pending-view.js';
import type { KeyValue, ReadView } from '../db/read-view.js';

/**
 * The applied state, with an eye on what of it is about to change: an answer that was read from here may be cached only
 * if nothing of what was shown is written by something proposed and not yet applied. Whoever would tell the cacher of
 * that change did so before it was proposed. (DESIGN 5, Cache)
 */
export class StableView implements ReadView {
  readonly #applied: ReadView;
  readonly #pending: PendingView;
  #isStable = true;

  constructor(applied: ReadView, pending: PendingView) {
    this.#applied = applied;
    this.#pending = pending;
  }

  /** Whether everything shown so far, absences included, is the same in the proposed state. */
  get isStable(): boolean {
    return this.#isStable;
  }

  get(key: Key): Uint8Array | undefined {
    if (this.#pending.isPending(key)) this.#isStable = false;
    return this.#applied.get(key);
  }

  has(key: Key): boolean {
    if (this.#pending.isPending(key)) this.#isStable = false;
    return this.#applied.has(key);
  }

  /** The whole range counts as shown, however much of it is taken. */
  range(from: Key, to?: Key): IterableIterator<KeyValue> {
    if (this.#pending.isPendingIn(from, to)) this.#isStable = false;
    return this.#applied.range(from, to);
  }
}
