import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantViolation } from '../../../src/common/assert.js';
import { MalformedBytes, toHex } from '../../../src/common/bytes.js';
import { BatchWriter, decodeBatch } from '../../../src/db/batch.js';
import type { Batch, BatchEntry } from '../../../src/db/batch.js';
import { keyOfText } from '../../../src/db/key.js';
import { anyMultiOp } from './arbitraries.js';

const anyEntry: fc.Arbitrary<BatchEntry> = fc.record({
  provenance: fc.record({
    // Few, so that neighbours are often of one origin.
    sessionId: fc.constantFrom('', '0123456789abcdef', 'ffffffffffffffff'),
    principal: fc.constantFrom('', 'alice', 'Jürgen'),
    call: fc.oneof(fc.nat(20), fc.constant(Number.MAX_SAFE_INTEGER)),
  }),
  multiOp: anyMultiOp,
});
const anyBatch: fc.Arbitrary<Batch> = fc.record({
  wallMs: fc.double({ noNaN: true }),
  entries: fc.array(anyEntry, { maxLength: 6 }),
});

function encode({ wallMs, entries }: Batch, writer = new BatchWriter()): Uint8Array {
  for (const { provenance, multiOp } of entries) writer.add(provenance, multiOp);
  return writer.take(wallMs);
}

/** Byte strings as hex, so that a Buffer equals an array of the same bytes. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

const ONE: Batch = {
  wallMs: 1000,
  entries: [
    {
      provenance: { sessionId: '0123456789abcdef', principal: 'alice', call: 7 },
      multiOp: {
        guard: [{ test: 'equals', key: keyOfText('k'), value: Buffer.from('old') }],
        tOps: [{ op: 'insert', key: keyOfText('k'), value: Buffer.from('new') }],
        fOps: [{ op: 'lookup', key: keyOfText('k') }],
      },
    },
    {
      provenance: { sessionId: '0123456789abcdef', principal: 'alice', call: 8 },
      multiOp: { guard: [], tOps: [{ op: 'delete', key: keyOfText('k') }], fOps: [] },
    },
  ],
};

describe('the body of an operations value', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(anyBatch, (batch) => {
        expect(plain(decodeBatch(encode(batch)))).toEqual(plain(batch));
      }),
    );
  });

  it('has the bytes of format 1: a log outlives the program that wrote it', () => {
    expect(toHex(encode(ONE))).toBe(
      '01' + // format
        '06' + // has a session, conditional
        '0123456789abcdef' +
        '05616c696365' + // alice
        '07' + // call
        '01' +
        '02' +
        '016b' +
        '036f6c64' + // one test: k equals old
        '01' +
        '02' +
        '016b' + // fOps: look k up
        '01' +
        '00' +
        '016b' +
        '036e6577' + // tOps: insert k = new
        '01' + // same origin
        '08' + // call
        '01' +
        '01' +
        '016b' + // tOps: delete k
        'ff' + // end
        '0000000000408f40', // 1000 ms
    );
  });

  it('is damaged wherever it is cut short, and when something follows it', () => {
    fc.assert(
      fc.property(anyBatch, fc.nat(), (batch, cut) => {
        const body = encode(batch);
        expect(() => decodeBatch(body.subarray(0, cut % body.length))).toThrow(MalformedBytes);
        expect(() => decodeBatch(Buffer.concat([body, Uint8Array.of(0)]))).toThrow(MalformedBytes);
      }),
    );
  });

  it('is read or refused, whatever its bytes are', () => {
    const damaged = fc.tuple(anyBatch, fc.nat(), fc.nat(255)).map(([batch, at, byte]) => {
      const body = encode(batch);
      body[at % body.length] = byte;
      return body;
    });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 50 })), (body) => {
        try {
          decodeBatch(body);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedBytes);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['another format', '02ff0000000000000000'],
    ['unknown flags', '0108000000000000ff0000000000000000'],
    ['a first operation of the same origin as none', '01010000ff0000000000000000'],
    ['an unknown operation', '010000000103016bff0000000000000000'],
    ['an unknown test', '01040000' + '0103016b' + '0000ff0000000000000000'],
  ])('is refused with %s', (_, body) => {
    expect(() => decodeBatch(Buffer.from(body, 'hex'))).toThrow(MalformedBytes);
  });
});

describe('a writer of batches', () => {
  it('knows at every moment how long the body would be', () => {
    fc.assert(
      fc.property(anyBatch, ({ wallMs, entries }) => {
        const writer = new BatchWriter();
        for (const { provenance, multiOp } of entries) writer.add(provenance, multiOp);
        const { sizeBytes, count } = writer;
        expect(count).toBe(entries.length);
        expect(writer.take(wallMs).length).toBe(sizeBytes);
      }),
    );
  });

  it('begins anew after each batch', () => {
    fc.assert(
      fc.property(anyBatch, anyBatch, (first, second) => {
        const writer = new BatchWriter();
        const body = encode(first, writer);
        expect(toHex(encode(second, writer))).toBe(toHex(encode(second)));
        expect(toHex(body)).toBe(toHex(encode(first)));
      }),
    );
  });

  it('names an origin once for operations in a row', () => {
    const { provenance, multiOp } = ONE.entries[1]!;
    const writer = new BatchWriter();
    writer.add(provenance, multiOp);
    const afterOne = writer.sizeBytes;
    writer.add({ ...provenance }, multiOp);
    const afterTwo = writer.sizeBytes;
    writer.add({ ...provenance, principal: 'bob' }, multiOp);
    expect(afterTwo - afterOne).toBe(6);
    expect(writer.sizeBytes - afterTwo).toBe(6 + 8 + 4);
  });

  it('takes nothing but 16 hex digits for a session', () => {
    for (const sessionId of ['0123', '0123456789abcdeg', '0123456789abcdef01']) {
      const provenance = { sessionId, principal: '', call: 0 };
      const multiOp = { guard: [], tOps: [], fOps: [] };
      expect(() => new BatchWriter().add(provenance, multiOp)).toThrow(InvariantViolation);
    }
  });
});
