import sortedBTree from 'sorted-btree';
import { assert } from '../common/assert.js';
import type { Key } from './key.js';

/** A CommonJS module made from an ES module: what is imported is, by the importer, the whole module or its own default. */
const BTree = 'default' in sortedBTree ? sortedBTree.default : sortedBTree;

const compareKeys = (a: Key, b: Key): number => (a < b ? -1 : a === b ? 0 : 1);

/** Where an entry stands in the tree: it may be given another entry as long as no clone shares it. */
interface Place<E> {
  entry: E;
  /** The map that may change it, for the time between two of its clones. */
  readonly owner: object;
}

/**
 * Entries in the order of their keys. A clone costs O(1): both sides share their nodes, and each copies a node before it
 * first changes it. An entry is shared as well, so it is replaced, never changed.
 *
 * Look-ups and replacements, most of what a database does, go through a hash index of the places and leave the tree
 * alone; a clone, which is there to be read in order, has none. The one file that knows the tree behind it.
 */
export class OrderedMap<E extends { readonly key: Key }> {
  readonly #tree: InstanceType<typeof BTree<Key, Place<E>>>;
  readonly #index: Map<Key, Place<E>> | undefined;
  #owner = {};
  /** Changes so far: an iterator that outlived one would go on in nodes that are no longer the tree's. */
  #changes = 0;

  constructor(tree?: InstanceType<typeof BTree<Key, Place<E>>>) {
    this.#tree = tree ?? new BTree<Key, Place<E>>(undefined, compareKeys);
    this.#index = tree === undefined ? new Map() : undefined;
  }

  get size(): number {
    return this.#tree.size;
  }

  get(key: Key): E | undefined {
    return this.#place(key)?.entry;
  }

  /** Puts the entry under its key. @returns the entry that was there */
  set(entry: E): E | undefined {
    this.#changes++;
    const { key } = entry;
    const place = this.#place(key);
    const replaced = place?.entry;
    if (place?.owner === this.#owner) {
      place.entry = entry;
      return replaced;
    }
    const own = { entry, owner: this.#owner };
    this.#tree.set(key, own);
    this.#index?.set(key, own);
    return replaced;
  }

  /** Puts an entry whose key is above all others, at less cost than {@link set}: for a map that is made in order. */
  append(entry: E): void {
    this.#changes++;
    const own = { entry, owner: this.#owner };
    const isNew = this.#tree.set(entry.key, own);
    assert(isNew, 'a key that is above all others is new');
    this.#index?.set(entry.key, own);
  }

  /** @returns the entry that was there */
  delete(key: Key): E | undefined {
    const place = this.#place(key);
    if (place === undefined) return undefined;
    this.#changes++;
    this.#tree.delete(key);
    this.#index?.delete(key);
    return place.entry;
  }

  /** A second map with the same entries; what is done to one is not seen in the other. */
  clone(): OrderedMap<E> {
    this.#owner = {};
    return new OrderedMap(this.#tree.clone());
  }

  #place(key: Key): Place<E> | undefined {
    return this.#index === undefined ? this.#tree.get(key) : this.#index.get(key);
  }

  /**
   * The entries with `from <= key`, and `key < to` unless `to` is absent, in order; may be left early.
   *
   * @throws InvariantViolation when the map was changed between two entries; a clone stays readable
   */
  *range(from: Key, to?: Key): Generator<E, void, undefined> {
    const changes = this.#changes;
    // The tree hands out this one pair again and again.
    const pair: (Key | Place<E>)[] = [];
    for (const [, { entry }] of this.#tree.entries(from, pair)) {
      if (to !== undefined && entry.key >= to) return;
      yield entry;
      assert(this.#changes === changes, 'a map is not changed while it is iterated');
    }
  }
}
