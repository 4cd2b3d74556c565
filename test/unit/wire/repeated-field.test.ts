import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codecOf } from '../../../src/rpc/proto.js';
import { RepeatedField } from '../../../src/wire/repeated-field.js';
import type { PipeCall, PipeRequest } from '../../../src/wire/types.js';

const calls = codecOf<object, PipeCall>('chubby.v1.PipeCall');
const requests = codecOf<object, PipeRequest>('chubby.v1.PipeRequest');
const CALLS_FIELD = 2;

const call = (number: number, sizeBytes: number): Buffer =>
  calls.encode({ number, setContents: { name: '/a', contents: Buffer.alloc(sizeBytes) } });

describe('a repeated field put together from encoded elements', () => {
  it('reads as the message of all of them, in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(70_000), { maxLength: 20 }), (sizes) => {
        const field = new RepeatedField(CALLS_FIELD);
        sizes.forEach((sizeBytes, i) => field.add(call(i + 1, sizeBytes)));
        const message = requests.decode(field.take(Infinity, requests.encode({ acknowledged: 7 })));
        expect(message.acknowledged).toBe(7);
        expect(message.calls.map(({ number, setContents }) => [number, setContents?.contents.length])).toEqual(
          sizes.map((sizeBytes, i) => [i + 1, sizeBytes]),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('gives messages that keep their bound, all elements once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(900), { maxLength: 50 }),
        fc.integer({ min: 1_000, max: 5_000 }),
        (sizes, maxBytes) => {
          const field = new RepeatedField(CALLS_FIELD);
          sizes.forEach((sizeBytes, i) => field.add(call(i + 1, sizeBytes)));
          const numbers: number[] = [];
          while (!field.isEmpty) {
            const bytes = field.take(maxBytes);
            expect(bytes.length).toBeLessThanOrEqual(maxBytes);
            numbers.push(...requests.decode(bytes).calls.map(({ number }) => number));
          }
          expect(numbers).toEqual(sizes.map((_, i) => i + 1));
          expect(field.sizeBytes).toBe(0);
        },
      ),
    );
  });

  it('gives an element over the bound alone, rather than never', () => {
    const field = new RepeatedField(CALLS_FIELD);
    field.add(call(1, 5_000));
    field.add(call(2, 10));
    expect(requests.decode(field.take(1_000)).calls).toHaveLength(1);
    expect(requests.decode(field.take(1_000)).calls).toMatchObject([{ number: 2 }]);
  });

  it('knows how much waits, and never too little', () => {
    const field = new RepeatedField(CALLS_FIELD);
    expect(field.isEmpty).toBe(true);
    field.add(call(1, 300));
    const { sizeBytes } = field;
    expect(sizeBytes).toBeGreaterThanOrEqual(field.take(Infinity).length);
    expect(field.isEmpty).toBe(true);
  });
});
