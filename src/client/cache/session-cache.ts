import type { Invalidation } from '../../wire/types.js';
import { CLIENT_LIMITS } from '../client-limits.js';
import type { ContentsAndStat, DirectoryEntry } from '../node-results.js';
import type { Doubted } from '../reattachment.js';
import type { Stat } from '../stat.js';
import { BoundedStore } from './bounded-store.js';
import { cachedAnswer, frozen } from './cached.js';
import type { CachedAbsence, CachedListing, CachedNode } from './cached.js';
import { CellNames, parentOf } from './cell-names.js';
import { OwnWrites } from './own-writes.js';

/** Present where an answer may be cached: the number of the session's last Invalidation when it was made. */
export type CacheNumber = number | null | undefined;

/**
 * What a session has read and may show again without asking, because the cell tells it before anything of it changes.
 * ([CH] 2.7, DESIGN 5, Cache)
 *
 * 1. It shows something only while the session's lease runs, by the clocks at the moment of the look: until then no
 *    write that makes it untrue is proposed without this client's word.
 * 2. That word is the KeepAlive that acknowledges an Invalidation: what that names is dropped before.
 * 3. An answer that an Invalidation overtook on its way is not kept: its number is lower than that one's.
 * 4. With a change of master all of it is in doubt and shown no more, until the new master has said of each what is
 *    still true.
 */
export class SessionCache {
  /** Nodes under their keys, listings under theirs with a slash behind: no key of a node ends with one. */
  #store = newStore();
  #doubted = newStore();
  readonly #writes = new OwnWrites();
  #lastInvalidation = 0;

  /** @param isSafe compares the clocks: whether the session's lease runs */
  constructor(
    readonly names: CellNames,
    private readonly isSafe: () => boolean,
  ) {}

  /** Of the node of this key, or that there is none; nothing where that is not known for certain, now. */
  node(key: string): CachedNode | CachedAbsence | undefined {
    const cached = this.#store.get(key);
    return cached !== undefined && cached.kind !== 'listing' && this.isSafe() ? cached : undefined;
  }

  listing(key: string): CachedListing | undefined {
    const cached = this.#store.get(`${key}/`);
    return cached?.kind === 'listing' && this.isSafe() ? cached : undefined;
  }

  // --- what was read ---

  /** @param contents absent where the metadata alone were read */
  keepNode(key: string, stat: Stat, contents: Buffer | undefined, number: CacheNumber): void {
    if (!this.#mayKeep(key, number)) return;
    const known = this.#store.get(key);
    // What is here is true, so that it is the same file unless only part of it was read.
    const kept = contents === undefined ? contentsOf(known, stat) : Buffer.from(contents);
    this.#store.set(key, { kind: 'node', stat: frozen(stat), contents: kept });
  }

  keepAbsence(key: string, message: string, number: CacheNumber): void {
    if (this.#mayKeep(key, number)) this.#store.set(key, { kind: 'absence', message });
  }

  keepListing(key: string, stat: Stat, entries: readonly DirectoryEntry[], number: CacheNumber): void {
    if (!this.#mayKeep(key, number)) return;
    for (const entry of entries) {
      frozen(entry.stat);
      Object.freeze(entry);
    }
    this.#store.set(`${key}/`, { kind: 'listing', stat: frozen(stat), entries: [...entries] });
  }

  // --- what makes it untrue ---

  /** To be called before the reply that brought it is acknowledged. */
  invalidate({ number, nodes, listings }: Invalidation): void {
    this.#lastInvalidation = Math.max(this.#lastInvalidation, number);
    for (const name of nodes) this.#drop(CellNames.keyOfOwn(name));
    for (const name of listings) this.#drop(`${CellNames.keyOfOwn(name)}/`);
  }

  /**
   * Makes a call that changes these nodes. From the moment that it is sent the program sees what was before it no more.
   */
  async whileChanging<Result>(keys: readonly string[], call: () => Promise<Result>): Promise<Result> {
    for (const key of keys) {
      this.#writes.begin(key);
      this.#dropAround(key);
    }
    try {
      return await call();
    } finally {
      for (const key of keys) this.#writes.end(key);
    }
  }

  /** The lease is over, or the session. */
  clear(): void {
    this.#store.clear();
    this.#doubted.clear();
  }

  // --- a change of master ---

  /** Another master reigns: to be called before that is acknowledged. */
  doubtAll(): void {
    for (const [key, cached] of this.#store.entries()) this.#doubted.set(key, cached);
    this.#store = newStore();
  }

  /** What the new master is to be asked about. */
  *doubted(): Generator<Doubted> {
    for (const [key, cached] of [...this.#doubted.entries()]) {
      const name = CellNames.nameOf(cached.kind === 'listing' ? key.slice(0, -1) : key);
      yield { answer: cachedAnswer(name, cached), confirm: () => this.#confirm(key) };
    }
  }

  /** The new master was asked about everything. */
  settled(): void {
    this.#doubted.clear();
  }

  // --- within ---

  #mayKeep(key: string, number: CacheNumber): boolean {
    if (number === undefined || number === null || number < this.#lastInvalidation) return false;
    return !this.#writes.touch(key) && this.isSafe();
  }

  /** Unless it was invalidated meanwhile, or read anew. */
  #confirm(key: string): void {
    const cached = this.#doubted.get(key);
    if (cached === undefined || !this.isSafe()) return;
    this.#doubted.delete(key);
    if (this.#store.get(key) === undefined) this.#store.set(key, cached);
  }

  #dropAround(key: string): void {
    this.#drop(key);
    this.#drop(`${key}/`);
    const parent = parentOf(key);
    if (parent === undefined) return;
    this.#drop(parent);
    this.#drop(`${parent}/`);
    const above = parentOf(parent);
    if (above !== undefined) this.#drop(`${above}/`);
  }

  #drop(key: string): void {
    this.#store.delete(key);
    this.#doubted.delete(key);
  }
}

const newStore = (): BoundedStore => new BoundedStore(CLIENT_LIMITS.cachedAnswers, CLIENT_LIMITS.cachedBytes);

function contentsOf(known: ReturnType<BoundedStore['get']>, stat: Stat): Buffer | undefined {
  if (known?.kind !== 'node') return undefined;
  const { instanceNumber, contentGeneration } = known.stat;
  const isSame = instanceNumber === stat.instanceNumber && contentGeneration === stat.contentGeneration;
  return isSame ? known.contents : undefined;
}

/** A reader's own: the bytes are copied, as nothing keeps him from writing into them. */
export const shown = ({ stat }: CachedNode, contents: Buffer): ContentsAndStat => ({
  contents: Buffer.from(contents),
  stat,
});
