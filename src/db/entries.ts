import { newLanes } from '../common/hash128.js';
import type { Lanes } from '../common/hash128.js';
import { digestOfSum } from './digest.js';
import type { Digest } from './digest.js';
import { Entry } from './entry.js';
import { LOWEST_KEY } from './key.js';
import type { Key } from './key.js';
import type { MultiOpTarget } from './multi-op.js';
import { OrderedMap } from './ordered-map.js';
import type { KeyValue, ReadView } from './read-view.js';

/** All entries of the database, with the digest and the size that follow every change of them. */
export class Entries implements ReadView, MultiOpTarget {
  readonly #map: OrderedMap<Entry>;
  readonly #digestSum: Lanes;
  #sizeBytes: number;

  constructor(map = new OrderedMap<Entry>(), digestSum = newLanes(), sizeBytes = 0) {
    this.#map = map;
    this.#digestSum = digestSum;
    this.#sizeBytes = sizeBytes;
  }

  get count(): number {
    return this.#map.size;
  }

  /** Bytes of all keys and values. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get digest(): Digest {
    return digestOfSum(this.#digestSum);
  }

  get(key: Key): Uint8Array | undefined {
    return this.#map.get(key)?.value;
  }

  has(key: Key): boolean {
    return this.#map.get(key) !== undefined;
  }

  range(from: Key, to?: Key): IterableIterator<KeyValue> {
    return this.#map.range(from, to);
  }

  /** @param value kept as it is, see {@link Entry} */
  insert(key: Key, value: Uint8Array): void {
    const entry = new Entry(key, value);
    entry.addTo(this.#digestSum);
    this.#sizeBytes += entry.sizeBytes;
    const replaced = this.#map.set(entry);
    if (replaced !== undefined) this.#uncount(replaced);
  }

  /** As {@link insert}, of a key above all others. */
  append(key: Key, value: Uint8Array): void {
    const entry = new Entry(key, value);
    entry.addTo(this.#digestSum);
    this.#sizeBytes += entry.sizeBytes;
    this.#map.append(entry);
  }

  /** All of them, in the order of their keys. */
  inOrder(): IterableIterator<Entry> {
    return this.#map.range(LOWEST_KEY);
  }

  delete(key: Key): void {
    const deleted = this.#map.delete(key);
    if (deleted !== undefined) this.#uncount(deleted);
  }

  /** O(1); what is done to one is not seen in the other. */
  clone(): Entries {
    return new Entries(this.#map.clone(), this.#digestSum.slice(), this.#sizeBytes);
  }

  #uncount(entry: Entry): void {
    entry.subtractFrom(this.#digestSum);
    this.#sizeBytes -= entry.sizeBytes;
  }
}
