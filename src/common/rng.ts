/** All randomness that deterministic code sees. The daemon's is cryptographic, the simulator's is seeded. */
export interface Rng {
  /** Uniform in [0, 1). */
  next(): number;
  /** A fresh array of `sizeBytes` uniform bytes. */
  bytes(sizeBytes: number): Uint8Array;
}

/** A whole number, uniform in [0, bound). */
export const below = (rng: Rng, bound: number): number => Math.floor(rng.next() * bound);

/** Repeatable randomness for simulation and tests (Bryc's sfc32, public domain); not for secrets. */
export class SeededRng implements Rng {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    this.#a = seed >>> 0;
    this.#b = Math.floor(seed / 2 ** 32) >>> 0;
    this.#c = 0x9e3779b9;
    for (let i = 0; i < 16; i++) this.#word();
  }

  next(): number {
    return this.#word() / 2 ** 32;
  }

  bytes(sizeBytes: number): Uint8Array {
    const out = new Uint8Array(sizeBytes);
    for (let i = 0; i < sizeBytes; i++) out[i] = this.#word() >>> 24;
    return out;
  }

  #word(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}
