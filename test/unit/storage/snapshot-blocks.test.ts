import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedBytes } from '../../../src/common/bytes.js';
import { SnapshotDecoder, SnapshotEncoder } from '../../../src/storage/snapshot-blocks.js';
import { chunksOf, handleOf } from './snapshots.js';

function encode(chunks: readonly Uint8Array[], slot = 5): Buffer {
  const encoder = new SnapshotEncoder();
  const blocks = [encoder.header(handleOf(slot)), ...chunks.map((chunk) => encoder.chunk(chunk)), encoder.end()];
  return Buffer.concat(blocks);
}

/** What a decoder makes of the bytes, in pieces of this size. */
function decode(bytes: Uint8Array, pieceBytes = bytes.length) {
  const decoder = new SnapshotDecoder();
  const chunks: string[] = [];
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    chunks.push(...decoder.push(bytes.subarray(from, from + pieceBytes)).map((chunk) => Buffer.from(chunk).toString()));
  }
  return { handle: decoder.handle, chunks, ended: decoder.ended };
}

describe('a snapshot as bytes', () => {
  it('is read in pieces of any size', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 50 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 200 }),
        (texts, size) => {
          expect(decode(encode(chunksOf(...texts)), size)).toEqual({ handle: handleOf(5), chunks: texts, ended: true });
        },
      ),
    );
  });

  it('is never whole, and never said to be, when any of its bytes is changed', () => {
    const bytes = encode(chunksOf('one', 'two', 'three'));
    for (let at = 0; at < bytes.length; at++) {
      for (const bit of [0x01, 0x80]) {
        const flipped = Buffer.from(bytes);
        flipped[at]! ^= bit;
        let whole: boolean;
        try {
          whole = decode(flipped).ended;
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedBytes);
          continue;
        }
        expect(whole, `bit ${bit} of byte ${at}`).toBe(false);
      }
    }
  });

  it('is not whole when it is cut, and no snapshot with something behind it', () => {
    const bytes = encode(chunksOf('one', 'two'));
    for (let length = 0; length < bytes.length; length++) expect(decode(bytes.subarray(0, length)).ended).toBe(false);
    expect(() => decode(Buffer.concat([bytes, Buffer.of(0)]))).toThrow(MalformedBytes);
    expect(() => decode(Buffer.concat([bytes, bytes]), 7)).toThrow(MalformedBytes);
  });

  it('is refused with blocks of another snapshot among its own', () => {
    const encoder = new SnapshotEncoder();
    const other = new SnapshotEncoder();
    const header = encoder.header(handleOf(5));
    other.header(handleOf(6));
    const foreign = Buffer.concat([header, other.chunk(Buffer.from('x')), encoder.end()]);
    expect(() => decode(foreign)).toThrow(MalformedBytes);
  });

  it('of a later format is refused by name', () => {
    const bytes = encode([]);
    const decoder = new SnapshotDecoder();
    bytes[9] = 2;
    expect(() => decoder.push(bytes)).toThrow(MalformedBytes);
  });
});
