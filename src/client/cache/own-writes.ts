import { parentOf } from './cell-names.js';

const BUCKETS = 1_024;

/**
 * Which nodes the client itself is writing. An answer that left the cell before the write may arrive after it was sent;
 * kept, it would show the program the state before its own write. Counted in buckets, so that any number of writes takes
 * the same memory; what shares a bucket is not cached for a moment.
 */
export class OwnWrites {
  readonly #counts = new Int32Array(BUCKETS);
  #total = 0;

  begin(key: string): void {
    this.#add(key, 1);
  }

  end(key: string): void {
    this.#add(key, -1);
  }

  touch(key: string): boolean {
    return this.#total > 0 && this.#counts[bucketOf(key)]! > 0;
  }

  /** A node's metadata also stands in the listings of its directory, and what comes or goes changes that one's. */
  #add(key: string, by: number): void {
    this.#total += by;
    let at: string | undefined = key;
    for (let level = 0; level < 3 && at !== undefined; level++, at = parentOf(at)) this.#counts[bucketOf(at)]! += by;
  }
}

function bucketOf(key: string): number {
  let hash = 0;
  for (let i = 0; i < key.length; i++) hash = (hash * 31 + key.charCodeAt(i)) | 0;
  return hash & (BUCKETS - 1);
}
