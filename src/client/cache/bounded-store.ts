import { sizeOfCached } from './cached.js';
import type { Cached } from './cached.js';

interface Slot {
  readonly cached: Cached;
  readonly sizeBytes: number;
  /** It was read since it was last thought of throwing it away. */
  isUsed: boolean;
}

/**
 * What is cached, bounded in number and bytes. When it is full, the oldest go that nobody has read since they were last
 * looked at: about the least recently used, and a hit moves nothing.
 */
export class BoundedStore {
  readonly #slots = new Map<string, Slot>();
  #sizeBytes = 0;

  constructor(
    private readonly maxEntries: number,
    private readonly maxBytes: number,
  ) {}

  get size(): number {
    return this.#slots.size;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get(key: string): Cached | undefined {
    const slot = this.#slots.get(key);
    if (slot === undefined) return undefined;
    slot.isUsed = true;
    return slot.cached;
  }

  set(key: string, cached: Cached): void {
    this.delete(key);
    const sizeBytes = sizeOfCached(key, cached);
    if (sizeBytes > this.maxBytes) return;
    while (this.#slots.size >= this.maxEntries || this.#sizeBytes + sizeBytes > this.maxBytes) this.#evict();
    this.#slots.set(key, { cached, sizeBytes, isUsed: false });
    this.#sizeBytes += sizeBytes;
  }

  delete(key: string): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    this.#slots.delete(key);
    this.#sizeBytes -= slot.sizeBytes;
  }

  clear(): void {
    this.#slots.clear();
    this.#sizeBytes = 0;
  }

  *entries(): Generator<[string, Cached]> {
    for (const [key, { cached }] of this.#slots) yield [key, cached];
  }

  #evict(): void {
    for (const [key, slot] of this.#slots) {
      this.#slots.delete(key);
      if (!slot.isUsed) {
        this.#sizeBytes -= slot.sizeBytes;
        return;
      }
      slot.isUsed = false;
      this.#slots.set(key, slot);
    }
  }
}
