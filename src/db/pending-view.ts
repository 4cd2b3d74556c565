import { assert } from '../common/assert.js';
import type { Key } from './key.js';
import { runMultiOp } from './multi-op.js';
import type { MultiOp, MultiOpResult, MultiOpTarget, Operation } from './multi-op.js';
import { OrderedMap } from './ordered-map.js';
import type { KeyValue, ReadView } from './read-view.js';

/** What pending operations made of one key. */
interface PendingEntry {
  readonly key: Key;
  /** `undefined`: deleted. */
  readonly value: Uint8Array | undefined;
  /** Which MultiOp wrote it last, counted from 1. */
  readonly writer: number;
}

const SETTLED: readonly Operation[] = [];
/** How many settled MultiOps the queue may carry along before they are cut off. */
const MAX_SETTLED_IN_QUEUE = 1024;

/**
 * The database as it will be once everything that this master has proposed is applied: the state on which the master
 * computes. It shows the applied database with the effects of the proposed MultiOps laid over it. (DESIGN 3.7)
 *
 * The base must change by these MultiOps alone, in their order; each is settled when the base has it, and they are all
 * forgotten when the reign ends. How many may be pending is bounded by who proposes them.
 */
export class PendingView implements ReadView {
  readonly #base: ReadView;
  readonly #overlay = new Map<Key, PendingEntry>();
  /** The overlay in order; made when a range is first asked for, then kept up until the overlay is empty again. */
  #ordered: OrderedMap<PendingEntry> | undefined;
  /** The operations that each pending MultiOp did, oldest first, from `#oldest` on. */
  #pending: (readonly Operation[])[] = [];
  #oldest = 0;
  #proposed = 0;

  readonly #target: MultiOpTarget = {
    get: (key) => this.get(key),
    insert: (key, value) => this.#write(key, value),
    delete: (key) => this.#write(key, undefined),
  };

  /** @param base the applied database */
  constructor(base: ReadView) {
    this.#base = base;
  }

  /** MultiOps done here and not yet settled. */
  get pendingCount(): number {
    return this.#pending.length - this.#oldest;
  }

  /** Keys that pending MultiOps wrote. */
  get overlaySize(): number {
    return this.#overlay.size;
  }

  get(key: Key): Uint8Array | undefined {
    const pending = this.#overlay.get(key);
    return pending === undefined ? this.#base.get(key) : pending.value;
  }

  has(key: Key): boolean {
    return this.get(key) !== undefined;
  }

  /** Whether a pending MultiOp wrote the key, be it with the value that it has. */
  isPending(key: Key): boolean {
    return this.#overlay.size > 0 && this.#overlay.has(key);
  }

  /** Whether a pending MultiOp wrote a key with `from <= key`, and `key < to` unless `to` is absent. */
  isPendingIn(from: Key, to?: Key): boolean {
    return this.#overlay.size > 0 && this.#orderedOverlay().range(from, to).next().done !== true;
  }

  range(from: Key, to?: Key): IterableIterator<KeyValue> {
    return this.#overlay.size === 0 ? this.#base.range(from, to) : this.#mergedRange(from, to);
  }

  /**
   * Does a MultiOp that the master proposes, and shows its effects from now on.
   *
   * @param multiOp the values it inserts are kept and shown until it is settled
   * @returns what it will come to when it is applied, since everything before it is applied first
   */
  apply(multiOp: MultiOp): MultiOpResult {
    this.#proposed++;
    const result = runMultiOp(multiOp, this.#target);
    this.#pending.push(result.held ? multiOp.tOps : multiOp.fOps);
    return result;
  }

  /** Forgets the `count` oldest pending MultiOps: the base has them now. */
  settle(count: number): void {
    assert(count <= this.pendingCount, 'only what is pending is settled');
    for (; count > 0; count--) {
      const settled = this.#proposed - this.pendingCount + 1;
      for (const { op, key } of this.#pending[this.#oldest]!) {
        // A later MultiOp's effect stays: the base does not have that one.
        if (op !== 'lookup' && this.#overlay.get(key)?.writer === settled) this.#forget(key);
      }
      // Until the queue is cut it must not keep the settled values alive.
      this.#pending[this.#oldest++] = SETTLED;
    }
    if (this.#overlay.size === 0) this.#ordered = undefined;
    if (this.#oldest >= MAX_SETTLED_IN_QUEUE && this.#oldest * 2 >= this.#pending.length) {
      this.#pending = this.#pending.slice(this.#oldest);
      this.#oldest = 0;
    }
  }

  /** Forgets all pending MultiOps: the reign is over, and which of them will be applied is unknown. */
  clear(): void {
    this.#overlay.clear();
    this.#ordered = undefined;
    this.#pending = [];
    this.#oldest = 0;
  }

  #write(key: Key, value: Uint8Array | undefined): void {
    const pending = { key, value, writer: this.#proposed };
    this.#overlay.set(key, pending);
    this.#ordered?.set(pending);
  }

  #forget(key: Key): void {
    this.#overlay.delete(key);
    this.#ordered?.delete(key);
  }

  #orderedOverlay(): OrderedMap<PendingEntry> {
    if (this.#ordered === undefined) {
      this.#ordered = new OrderedMap();
      for (const pending of this.#overlay.values()) this.#ordered.set(pending);
    }
    return this.#ordered;
  }

  *#mergedRange(from: Key, to: Key | undefined): Generator<KeyValue, void, undefined> {
    const applied = this.#base.range(from, to);
    let next = applied.next();
    for (const { key, value } of this.#orderedOverlay().range(from, to)) {
      for (; !next.done && next.value.key < key; next = applied.next()) yield next.value;
      if (!next.done && next.value.key === key) next = applied.next();
      if (value !== undefined) yield { key, value };
    }
    for (; !next.done; next = applied.next()) yield next.value;
  }
}
