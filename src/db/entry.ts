import { toLatin1 } from '../common/bytes.js';
import type { ByteWriter } from '../common/bytes.js';
import { hashBytes, hashLatin1, newLanes } from '../common/hash128.js';
import type { Lanes } from '../common/hash128.js';
import type { Key } from './key.js';
import type { KeyValue } from './read-view.js';

/** Not 0: under that seed an empty key with an empty value would have no hash that a sum could show. */
const SEED = 1;
/** The hash at work; read out before anybody else hashes. */
const lanes = newLanes();

/**
 * Values up to this size are kept as strings of code units 0 to 255. An array of its own costs a value of 100 bytes
 * another 280 and, mostly in garbage collection, nearly a third of the time that applying it takes.
 */
const MAX_STRING_BYTES = 1024;

/** Whether an entry keeps the very array it is given, rather than a copy of what is in it. */
export const keepsArray = (value: Uint8Array): boolean => value.length > MAX_STRING_BYTES;

/**
 * An entry as the database keeps it: never changed, replaced as a whole, shared with every clone. It remembers the hash
 * of its (key length, key, value length, value), so that replacing or deleting it hashes nothing of the old one again.
 */
export class Entry implements KeyValue {
  readonly key: Key;
  readonly #stored: string | Uint8Array;
  // Signed, because V8 keeps such numbers in the object itself.
  readonly #h0: number;
  readonly #h1: number;
  readonly #h2: number;
  readonly #h3: number;

  /** @param value where {@link keepsArray}, it must own its memory, and nobody may write into it any more */
  constructor(key: Key, value: Uint8Array) {
    this.key = key;
    this.#stored = keepsArray(value) ? value : toLatin1(value);
    lanes.fill(SEED);
    hashLatin1(key, lanes);
    hashBytes(value, lanes);
    this.#h0 = lanes[0]! | 0;
    this.#h1 = lanes[1]! | 0;
    this.#h2 = lanes[2]! | 0;
    this.#h3 = lanes[3]! | 0;
  }

  get value(): Uint8Array {
    return typeof this.#stored === 'string' ? Buffer.from(this.#stored, 'latin1') : this.#stored;
  }

  /** Bytes of key and value; what holds them in memory is not counted. */
  get sizeBytes(): number {
    return this.key.length + this.#stored.length;
  }

  /** Key and value, each with its length before it; for a snapshot, without a copy of the value on the way. */
  writeTo(out: ByteWriter): void {
    out.latin1(this.key);
    if (typeof this.#stored === 'string') out.latin1(this.#stored);
    else out.bytes(this.#stored);
  }

  /** Adds the entry's hash to a sum of such hashes, lane by lane modulo 2^32. */
  addTo(sum: Lanes): void {
    sum[0]! += this.#h0;
    sum[1]! += this.#h1;
    sum[2]! += this.#h2;
    sum[3]! += this.#h3;
  }

  /** Takes back what {@link addTo} did. */
  subtractFrom(sum: Lanes): void {
    sum[0]! -= this.#h0;
    sum[1]! -= this.#h1;
    sum[2]! -= this.#h2;
    sum[3]! -= this.#h3;
  }
}
