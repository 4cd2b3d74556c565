import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedBytes } from '../../../src/common/bytes.js';
import { decodeValue, encodeValue, VALUE_KINDS } from '../../../src/paxos/value.js';
import type { Value, ValueHeader } from '../../../src/paxos/value.js';
import { anyBallot } from './arbitraries.js';
import { ballot } from './ids.js';

const anyHeader: fc.Arbitrary<ValueHeader> = fc.record({
  kind: fc.constantFrom(...VALUE_KINDS),
  epoch: anyBallot,
  orderInEpoch: fc.maxSafeNat(),
});

const asValue = (bytes: Uint8Array): Value => bytes as Value;

describe('values', () => {
  it('survive being encoded and decoded', () => {
    fc.assert(
      fc.property(anyHeader, fc.uint8Array({ maxLength: 300 }), (header, body) => {
        const decoded = decodeValue(encodeValue(header, body));
        expect(decoded.header).toEqual(header);
        expect(Buffer.compare(decoded.body, body)).toBe(0);
      }),
    );
  });

  it('own their bytes: what was encoded may change afterwards', () => {
    const body = Uint8Array.of(1, 2, 3);
    const value = encodeValue({ kind: 'operations', epoch: ballot(1, 1), orderInEpoch: 1 }, body);
    body.fill(9);
    expect([...decodeValue(value).body]).toEqual([1, 2, 3]);
  });

  it('are refused when their header is cut short, of another format, or of no known kind', () => {
    const whole = encodeValue({ kind: 'epoch', epoch: ballot(1, 1), orderInEpoch: 0 }, new Uint8Array(0));
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeValue(asValue(whole.subarray(0, length)))).toThrow(MalformedBytes);
    }
    const otherFormat = Buffer.from(whole);
    otherFormat[0] = 2;
    expect(() => decodeValue(asValue(otherFormat))).toThrow('value format 2 is not known here');
    const otherKind = Buffer.from(whole);
    otherKind[1] = VALUE_KINDS.length;
    expect(() => decodeValue(asValue(otherKind))).toThrow('unknown kind of value');
  });

  it('never make the decoder fail otherwise, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          const { header, body } = decodeValue(asValue(bytes));
          expect(encodeValue(header, body).length).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedBytes);
        }
      }),
    );
  });
});
