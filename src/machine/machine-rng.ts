import { randomFillSync } from 'node:crypto';
import type { Rng } from '../common/rng.js';

const POOL_BYTES = 4096;
/** A double holds 53 bits: 32 of one word and 21 of another. */
const HIGH_BITS = 21;
const WORD = 2 ** 32;

/** Cryptographic randomness, fetched from the kernel many bytes at a time; what was given out is wiped here. */
export class MachineRng implements Rng {
  readonly #pool = Buffer.alloc(POOL_BYTES);
  #used = POOL_BYTES;

  next(): number {
    const words = this.#take(8);
    const high = words.readUInt32LE(0) >>> (32 - HIGH_BITS);
    const low = words.readUInt32LE(4);
    words.fill(0);
    return (high * WORD + low) / (2 ** HIGH_BITS * WORD);
  }

  bytes(sizeBytes: number): Uint8Array {
    const out = new Uint8Array(sizeBytes);
    if (sizeBytes > POOL_BYTES) return randomFillSync(out);
    const taken = this.#take(sizeBytes);
    out.set(taken);
    taken.fill(0);
    return out;
  }

  #take(sizeBytes: number): Buffer {
    if (this.#used + sizeBytes > POOL_BYTES) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    const taken = this.#pool.subarray(this.#used, this.#used + sizeBytes);
    this.#used += sizeBytes;
    return taken;
  }
}
