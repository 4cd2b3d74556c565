import { assert, assertNever } from '../common/assert.js';
import { ownedCopy } from '../common/bytes.js';
import { decodeBatch } from './batch.js';
import { digestOf } from './digest.js';
import type { Digest } from './digest.js';
import { Entries } from './entries.js';
import { keepsArray } from './entry.js';
import type { Entry } from './entry.js';
import { LOWEST_KEY, RESERVED_PREFIX } from './key.js';
import type { Key } from './key.js';
import { runMultiOp } from './multi-op.js';
import type { MultiOp, MultiOpTarget } from './multi-op.js';
import { decodePairInForce, encodePairInForce } from './pair-in-force.js';
import type { PairInForce } from './pair-in-force.js';
import type { KeyValue, ReadView } from './read-view.js';

/** The header of a log value, as the log judged it. */
export interface AppliedHeader extends PairInForce {
  readonly kind: 'noop' | 'epoch' | 'operations' | 'configuration' | 'checksum';
}

/** The state after one slot: everything that later decisions read. What a snapshot holds. (DESIGN 4) */
export interface DbState extends ReadView {
  /** Every slot up to here is applied or skipped; 0 before the first. */
  readonly appliedUpTo: number;
  /** Epoch and order of the last value applied, `undefined` before the first. */
  readonly pairInForce: PairInForce | undefined;
  /** The body of the last `configuration` value, `undefined` before the first. */
  readonly configuration: Uint8Array | undefined;
  /** Of all entries, the database's own included. */
  readonly digest: Digest;
  /** Bytes of all keys and values. */
  readonly sizeBytes: number;
  readonly entryCount: number;
  /** All entries, in the order of their keys; the state must not change before the last one is taken. */
  entriesInOrder(): IterableIterator<Entry>;
  /** The digest from the entries' bytes, none of it remembered: equal to `digest`, or memory is damaged. */
  recomputeDigest(): Digest;
}

const PAIR_IN_FORCE = `${RESERVED_PREFIX}pair-in-force` as Key;
const DAMAGED = `${RESERVED_PREFIX}damaged` as Key;
const CONFIGURATION = `${RESERVED_PREFIX}configuration` as Key;

/**
 * The database that the log keeps identical at every replica: entries in the order of their keys, changed by MultiOps
 * alone, in slot order. What it stands for is in its entries, the pair in force and the configuration included, so that
 * digest and snapshot miss nothing. It is the log's state machine. (DESIGN 3.7, 4; [PML] 5)
 *
 * It counts entries and bytes and has no limit of its own: what the master proposes keeps the cell's limits.
 */
export class FaultTolerantDb implements DbState {
  #entries: Entries;
  /** Where MultiOps go whose bytes belong to somebody else. */
  readonly #copying: MultiOpTarget;
  #appliedUpTo: number;

  constructor(entries = new Entries(), appliedUpTo = 0) {
    this.#entries = entries;
    this.#copying = {
      get: (key) => this.#entries.get(key),
      insert: (key, value) => this.#entries.insert(key, keepsArray(value) ? ownedCopy(value) : value),
      delete: (key) => this.#entries.delete(key),
    };
    this.#appliedUpTo = appliedUpTo;
  }

  get appliedUpTo(): number {
    return this.#appliedUpTo;
  }

  get pairInForce(): PairInForce | undefined {
    const bytes = this.#entries.get(PAIR_IN_FORCE);
    return bytes && decodePairInForce(bytes);
  }

  get configuration(): Uint8Array | undefined {
    return this.#entries.get(CONFIGURATION);
  }

  get digest(): Digest {
    return this.#entries.digest;
  }

  get sizeBytes(): number {
    return this.#entries.sizeBytes;
  }

  get entryCount(): number {
    return this.#entries.count;
  }

  get(key: Key): Uint8Array | undefined {
    return this.#entries.get(key);
  }

  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  range(from: Key, to?: Key): IterableIterator<KeyValue> {
    return this.#entries.range(from, to);
  }

  entriesInOrder(): IterableIterator<Entry> {
    return this.#entries.inOrder();
  }

  recomputeDigest(): Digest {
    return digestOf(this.range(LOWEST_KEY));
  }

  /**
   * Applies the value of the next slot. Whatever is kept of `body` is copied: it may be a view into a larger buffer.
   *
   * @throws MalformedBytes before anything is changed, for a body that no master of this format wrote
   */
  apply(slot: number, header: AppliedHeader, body: Uint8Array): void {
    switch (header.kind) {
      case 'operations':
        this.#applyAll(slot, header, decodeBatch(body).entries, this.#copying);
        break;
      case 'configuration':
        this.#advance(slot, header);
        this.#copying.insert(CONFIGURATION, body);
        break;
      case 'epoch':
      case 'checksum':
        this.#advance(slot, header);
        break;
      case 'noop':
        assert(false, 'a no-op is skipped, not applied');
        break;
      default:
        assertNever(header.kind, 'FaultTolerantDb.apply');
    }
  }

  /**
   * Applies the value of the next slot at the master that made it, from the MultiOps of which its body was written.
   *
   * @param entries the values they insert are kept, not copied: each must own its memory (`ownedCopy`, a writer's
   *   `take`), and nobody may write into it any more
   */
  applyBatch(slot: number, header: AppliedHeader, entries: readonly { readonly multiOp: MultiOp }[]): void {
    assert(header.kind === 'operations', 'a batch of MultiOps is a value of kind operations');
    this.#applyAll(slot, header, entries, this.#entries);
  }

  /** Passes over the next slot: its value was a no-op, or the log skipped it. */
  skip(slot: number): void {
    assert(slot === this.#appliedUpTo + 1, () => `slot ${slot} comes directly after ${this.#appliedUpTo}`);
    this.#appliedUpTo = slot;
  }

  /**
   * Changes an entry that no value changed, as failing memory does; for the simulator, to see that it is found.
   *
   * @param mark makes the change differ from another one
   */
  damage(mark: number): void {
    this.#entries.insert(DAMAGED, Uint8Array.of(mark));
  }

  /** This very state, in O(1); nothing that is applied here later changes it. */
  clone(): DbState {
    return new FaultTolerantDb(this.#entries.clone(), this.#appliedUpTo);
  }

  /** All entries as they are now, in O(1), to make another state of; nothing that is done to them is seen here. */
  copyOfEntries(): Entries {
    return this.#entries.clone();
  }

  /** Becomes what the other one is, which is given up by that: a snapshot took the place of many slots. */
  become(other: FaultTolerantDb): void {
    assert(other.#appliedUpTo >= this.#appliedUpTo, 'a state is replaced by a later one');
    this.#entries = other.#entries;
    this.#appliedUpTo = other.#appliedUpTo;
  }

  #applyAll(
    slot: number,
    header: AppliedHeader,
    entries: readonly { readonly multiOp: MultiOp }[],
    target: MultiOpTarget,
  ): void {
    this.#advance(slot, header);
    for (const { multiOp } of entries) runMultiOp(multiOp, target);
  }

  #advance(slot: number, header: AppliedHeader): void {
    this.skip(slot);
    this.#entries.insert(PAIR_IN_FORCE, encodePairInForce(header));
  }
}
