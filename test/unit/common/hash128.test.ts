import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromLatin1 } from '../../../src/common/bytes.js';
import { hashBytes, hashLatin1, newLanes } from '../../../src/common/hash128.js';
import type { Lanes } from '../../../src/common/hash128.js';

const hex = (lanes: Lanes): string => [...lanes].map((lane) => lane.toString(16).padStart(8, '0')).join('');

function hashOf(bytes: Uint8Array, seed = 0): Lanes {
  const lanes = newLanes(seed);
  hashBytes(bytes, lanes);
  return lanes;
}

const anyBytes = fc.uint8Array({ maxLength: 100 });

describe('hash128 is MurmurHash3_x86_128', () => {
  it('has the verification value that the reference implementation publishes', () => {
    // SMHasher's VerificationTest: the keys {}, {0}, {0, 1}, … under the seeds 256, 255, …, and the hash of all hashes.
    const hashes = Buffer.alloc(256 * 16);
    for (let length = 0; length < 256; length++) {
      const key = Uint8Array.from({ length }, (_, i) => i);
      hashOf(key, 256 - length).forEach((lane, i) => hashes.writeUInt32LE(lane, length * 16 + i * 4));
    }
    expect(hashOf(hashes)[0]).toBe(0xb3ece62a);
  });

  it.each([
    ['', 0, '00000000000000000000000000000000'],
    ['a', 0, 'a794933c5556b01b5556b01b5556b01b'],
    ['hello, world', 0, '8b21605cb9b98a1e93273a83eb5957c7'],
    ['The quick brown fox jumps over the lazy dog', 0, '2f1583c3ecee2c675d7bf66ce5e91d2c'],
    ['The quick brown fox jumps over the lazy dog', 123, '046466e6e4763389cd163e859374e752'],
  ])('gives %j under seed %i what the reference gives', (text, seed, expected) => {
    expect(hex(hashOf(Buffer.from(text), seed))).toBe(expected);
  });
});

describe('hash128', () => {
  it('gives a latin1 string the hash of its bytes, however long it is', () => {
    const lengths = fc.oneof(fc.nat(64), fc.integer({ min: 4090, max: 4100 }), fc.constant(10_000));
    fc.assert(
      fc.property(lengths, fc.nat(255), fc.nat(), (length, unit, seed) => {
        const text = String.fromCharCode(unit).repeat(length);
        const lanes = newLanes(seed);
        hashLatin1(text, lanes);
        expect(hex(lanes)).toBe(hex(hashOf(fromLatin1(text), seed)));
      }),
    );
  });

  it('does not depend on where in a buffer the bytes lie', () => {
    fc.assert(
      fc.property(anyBytes, fc.nat(20), (bytes, offset) => {
        const around = new Uint8Array(bytes.length + 40).fill(0xaa);
        around.set(bytes, offset);
        expect(hex(hashOf(around.subarray(offset, offset + bytes.length)))).toBe(hex(hashOf(bytes)));
      }),
    );
  });

  it('changes with every single bit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), fc.nat(), (bytes, bit) => {
        const other = bytes.slice();
        const at = bit % (bytes.length * 8);
        other[at >> 3]! ^= 1 << (at & 7);
        expect(hex(hashOf(other))).not.toBe(hex(hashOf(bytes)));
      }),
    );
  });

  it('tells where one string of a sequence ends and the next begins', () => {
    const lanesOf = (...parts: string[]): string => {
      const lanes = newLanes();
      for (const part of parts) hashLatin1(part, lanes);
      return hex(lanes);
    };
    const splits = [lanesOf('', 'abc'), lanesOf('a', 'bc'), lanesOf('ab', 'c'), lanesOf('abc', '')];
    expect(new Set(splits).size).toBe(splits.length);
  });
});
