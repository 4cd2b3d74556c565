import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sealHandle, unsealHandle } from '../../../src/wire/handle.js';
import type { HandleFields } from '../../../src/wire/handle.js';

const secret = Buffer.alloc(32, 7);
const counter = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const latin1 = (sizes: fc.Arbitrary<number>) =>
  sizes
    .chain((size) => fc.uint8Array({ minLength: size, maxLength: size }))
    .map((bytes) => Buffer.from(bytes).toString('latin1'));

const handles: fc.Arbitrary<HandleFields> = fc.record({
  sessionId: latin1(fc.constant(8)),
  handleId: counter,
  path: latin1(fc.nat({ max: 1024 })),
  instanceNumber: counter,
  mode: fc.record({ read: fc.boolean(), write: fc.boolean(), changeAcl: fc.boolean() }),
  lockDelayMs: fc.nat({ max: 60_000 }),
  events: fc.nat({ max: 511 }),
  recursive: fc.boolean(),
  epoch: fc.record({ round: counter, replicaId: fc.nat({ max: 100 }) }),
  claims: fc.array(
    fc.record({
      path: latin1(fc.nat({ max: 1024 })),
      instanceNumber: counter,
      lockGeneration: counter,
      mode: fc.constantFrom('exclusive', 'shared'),
    }),
    { maxLength: 3 },
  ),
});

describe('a handle', () => {
  it('says what was sealed into it', () => {
    fc.assert(
      fc.property(handles, (handle) => {
        expect(unsealHandle(sealHandle(handle, secret), secret)).toEqual(handle);
      }),
    );
  });

  it('is refused with any one bit changed', () => {
    fc.assert(
      fc.property(handles, fc.nat(), fc.nat({ max: 7 }), (handle, at, bit) => {
        const altered = Buffer.from(sealHandle(handle, secret));
        altered[at % altered.length]! ^= 1 << bit;
        expect(unsealHandle(altered, secret)).toBeUndefined();
      }),
    );
  });

  it('is refused under another secret', () => {
    fc.assert(
      fc.property(handles, (handle) => {
        expect(unsealHandle(sealHandle(handle, secret), Buffer.alloc(32, 8))).toBeUndefined();
      }),
    );
  });

  it('is refused when it is garbage', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (garbage) => {
        expect(unsealHandle(garbage, secret)).toBeUndefined();
      }),
    );
  });
});
