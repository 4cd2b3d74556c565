import { randomBytes } from 'node:crypto';
import type { Rng } from '../../common/rng.js';

/** Cryptographic randomness: session nonces are drawn from it. */
export class SystemRng implements Rng {
  next(): number {
    return randomBytes(4).readUInt32LE(0) / 2 ** 32;
  }

  bytes(sizeBytes: number): Uint8Array {
    return randomBytes(sizeBytes);
  }
}
