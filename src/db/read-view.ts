import type { Key } from './key.js';

/** One entry of the database. What a reader is shown stays as it is: a new value is a new entry. */
export interface KeyValue {
  readonly key: Key;
  /**
   * To be read, never written into. Each look may make the array anew, so take it once; it may share its memory, so who
   * keeps it makes an `ownedCopy`.
   */
  readonly value: Uint8Array;
}

/** A state of the database as readers see it: the applied one, a frozen one, or the one behind pending operations. */
export interface ReadView {
  /** The value, under the rules of {@link KeyValue}; `undefined` where there is no entry. */
  get(key: Key): Uint8Array | undefined;
  has(key: Key): boolean;
  /**
   * The entries with `from <= key`, and `key < to` unless `to` is absent, in the keys' order. May be left early; the
   * state must not change before the last one is taken. `justAfter` and `prefixEnd` (key.ts) make the other bounds.
   */
  range(from: Key, to?: Key): IterableIterator<KeyValue>;
}
