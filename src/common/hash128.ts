/**
 * Four 32-bit numbers: the seeds before a call, the hash after it. One array serves any number of calls, so that
 * hashing allocates nothing.
 */
export type Lanes = Uint32Array;

/** @param seed the one seed of the reference algorithm, for all four lanes */
export const newLanes = (seed = 0): Lanes => new Uint32Array(4).fill(seed);

/** As 32 hex digits. */
export function hexOfLanes(lanes: Lanes): string {
  let hex = '';
  for (const lane of lanes) hex += lane.toString(16).padStart(8, '0');
  return hex;
}

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

/** Longer strings are rare enough to allocate for. */
const SCRATCH_BYTES = 4096;
const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

/**
 * MurmurHash3_x86_128 (Austin Appleby, public domain) of a byte string: fast, and no defence against somebody who looks
 * for collisions. It notices damage and divergence; it proves nothing.
 *
 * The hash of one byte string is a fit seed for the next one. Hashed one after the other into the same lanes, a given
 * number of strings has a hash that tells where each of them ends, because every call mixes in its length. (The empty
 * string under seed 0 has the hash 0: where that matters, begin with another seed.)
 *
 * @param lanes the four seeds, replaced by the hash
 */
export function hashBytes(bytes: Uint8Array, lanes: Lanes): void {
  hashFirst(bytes, bytes.length, lanes);
}

/** {@link hashBytes} of a byte string held as a string of code units 0 to 255. */
export function hashLatin1(text: string, lanes: Lanes): void {
  if (text.length > SCRATCH_BYTES) {
    hashBytes(Buffer.from(text, 'latin1'), lanes);
    return;
  }
  scratch.write(text, 'latin1');
  hashFirst(scratch, text.length, lanes);
}

// The rounds are written out, without a helper for the rotations: left to inline eight of them, V8 sometimes does not,
// and hashes at a quarter of the speed for the rest of the process.
function hashFirst(bytes: Uint8Array, length: number, lanes: Lanes): void {
  let h1 = lanes[0]! | 0;
  let h2 = lanes[1]! | 0;
  let h3 = lanes[2]! | 0;
  let h4 = lanes[3]! | 0;
  let k: number;
  let i = 0;

  for (const wholeBlocks = length - (length % 16); i < wholeBlocks; i += 16) {
    k = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    k = Math.imul(k, C1);
    h1 ^= Math.imul((k << 15) | (k >>> 17), C2);
    h1 = (Math.imul((((h1 << 19) | (h1 >>> 13)) + h2) | 0, 5) + 0x561ccd1b) | 0;

    k = bytes[i + 4]! | (bytes[i + 5]! << 8) | (bytes[i + 6]! << 16) | (bytes[i + 7]! << 24);
    k = Math.imul(k, C2);
    h2 ^= Math.imul((k << 16) | (k >>> 16), C3);
    h2 = (Math.imul((((h2 << 17) | (h2 >>> 15)) + h3) | 0, 5) + 0x0bcaa747) | 0;

    k = bytes[i + 8]! | (bytes[i + 9]! << 8) | (bytes[i + 10]! << 16) | (bytes[i + 11]! << 24);
    k = Math.imul(k, C3);
    h3 ^= Math.imul((k << 17) | (k >>> 15), C4);
    h3 = (Math.imul((((h3 << 15) | (h3 >>> 17)) + h4) | 0, 5) + 0x96cd1c35) | 0;

    k = bytes[i + 12]! | (bytes[i + 13]! << 8) | (bytes[i + 14]! << 16) | (bytes[i + 15]! << 24);
    k = Math.imul(k, C4);
    h4 ^= Math.imul((k << 18) | (k >>> 14), C1);
    h4 = (Math.imul((((h4 << 13) | (h4 >>> 19)) + h1) | 0, 5) + 0x32ac3b17) | 0;
  }

  if (i < length) {
    k = Math.imul(partialWord(bytes, i, length), C1);
    h1 ^= Math.imul((k << 15) | (k >>> 17), C2);
  }
  if (i + 4 < length) {
    k = Math.imul(partialWord(bytes, i + 4, length), C2);
    h2 ^= Math.imul((k << 16) | (k >>> 16), C3);
  }
  if (i + 8 < length) {
    k = Math.imul(partialWord(bytes, i + 8, length), C3);
    h3 ^= Math.imul((k << 17) | (k >>> 15), C4);
  }
  if (i + 12 < length) {
    k = Math.imul(partialWord(bytes, i + 12, length), C4);
    h4 ^= Math.imul((k << 18) | (k >>> 14), C1);
  }

  h1 ^= length;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = avalanche((h2 + h1) | 0);
  h3 = avalanche((h3 + h1) | 0);
  h4 = avalanche((h4 + h1) | 0);
  h1 = (avalanche(h1) + h2 + h3 + h4) | 0;
  lanes[0] = h1;
  lanes[1] = h2 + h1;
  lanes[2] = h3 + h1;
  lanes[3] = h4 + h1;
}

/** One to four bytes as a little-endian word; what lies beyond the end counts as zero. */
function partialWord(bytes: Uint8Array, offset: number, end: number): number {
  let word = bytes[offset]!;
  if (offset + 1 < end) word |= bytes[offset + 1]! << 8;
  if (offset + 2 < end) word |= bytes[offset + 2]! << 16;
  if (offset + 3 < end) word |= bytes[offset + 3]! << 24;
  return word;
}

/** Lets every bit of a lane reach every other. */
function avalanche(lane: number): number {
  lane = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  lane = Math.imul(lane ^ (lane >>> 13), 0xc2b2ae35);
  return lane ^ (lane >>> 16);
}
