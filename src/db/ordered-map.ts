import sortedBTree from 'sorted-btree';
import { assert } from '../common/assert.js';
import type { Key } from './key.js';

/** A CommonJS module made from an ES module: what is imported is, by the importer, the whole module or its own default. */
const BTree = 'default' in sortedBTree ? sortedBTree.default : sortedBTree;

const compareKeys = (a: Key, b: Key): number => (a < b ? -1 : a === b ? 0 : 1);

/**
 * Entries in the order of their keys. A clone costs O(1): both sides share their nodes, and each copies a node before it
 * first changes it. An entry is shared as well, so it is replaced, never changed. The one file that knows the tree
 * behind it.
 */
export class OrderedMap<E extends { readonly key: Key }> {
  readonly #tree: InstanceType<typeof BTree<Key, E>>;
  /** Changes so far: an iterator that outlived one would go on in nodes that are no longer the tree's. */
  #changes = 0;

  constructor(tree = new BTree<Key, E>(undefined, compareKeys)) {
    this.#tree = tree;
  }

  get size(): number {
    return this.#tree.size;
  }

  get(key: Key): E | undefined {
    return this.#tree.get(key);
  }

  /** Puts the entry under its key, in place of the one that was there. */
  set(entry: E): void {
    this.#changes++;
    this.#tree.set(entry.key, entry);
  }

  /** @returns whether there was an entry */
  delete(key: Key): boolean {
    this.#changes++;
    return this.#tree.delete(key);
  }

  /** A second map with the same entries; what is done to one is not seen in the other. */
  clone(): OrderedMap<E> {
    return new OrderedMap(this.#tree.clone());
  }

  /**
   * The entries with `from <= key`, and `key < to` unless `to` is absent, in order; may be left early.
   *
   * @throws InvariantViolation when the map was changed between two entries; a clone stays readable
   */
  *range(from: Key, to?: Key): Generator<E, void, undefined> {
    const changes = this.#changes;
    // The tree hands out this one pair again and again.
    const pair: (Key | E)[] = [];
    for (const [, entry] of this.#tree.entries(from, pair)) {
      if (to !== undefined && entry.key >= to) return;
      yield entry;
      assert(this.#changes === changes, 'a map is not changed while it is iterated');
    }
  }
}
