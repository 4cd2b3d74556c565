import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedBytes } from '../../../src/common/bytes.js';
import { SigningKey } from '../../../src/common/crypto.js';
import { LIMITS } from '../../../src/wire/limits.js';
import { decodeSequencer, isSignedBy, signSequencer } from '../../../src/wire/sequencer.js';
import type { Sequencer, SequencerLock } from '../../../src/wire/sequencer.js';

const key = new SigningKey(Buffer.alloc(32, 1));
const otherKey = new SigningKey(Buffer.alloc(32, 2));
const counter = fc.nat({ max: Number.MAX_SAFE_INTEGER });

const locks: fc.Arbitrary<SequencerLock> = fc.record({
  name: fc.string({ unit: 'binary', maxLength: 200 }),
  instanceNumber: counter,
  lockGeneration: counter,
  mode: fc.constantFrom('exclusive', 'shared'),
});

const sequencers: fc.Arbitrary<Sequencer> = fc.record({
  cellId: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  keyId: counter,
  epoch: fc.string({ maxLength: 30 }),
  locks: fc.array(locks, { minLength: 1, maxLength: 4 }),
});

describe('a sequencer', () => {
  it('says what was signed, and who signed it', () => {
    fc.assert(
      fc.property(sequencers, (sequencer) => {
        const bytes = signSequencer(sequencer, key);
        expect(decodeSequencer(bytes)).toEqual(sequencer);
        expect(isSignedBy(bytes, key.publicKey)).toBe(true);
        expect(isSignedBy(bytes, otherKey.publicKey)).toBe(false);
      }),
    );
  });

  it('loses its signature with any one bit changed', () => {
    fc.assert(
      fc.property(sequencers, fc.nat(), fc.nat({ max: 7 }), (sequencer, at, bit) => {
        const altered = Buffer.from(signSequencer(sequencer, key));
        altered[at % altered.length]! ^= 1 << bit;
        expect(isSignedBy(altered, key.publicKey)).toBe(false);
      }),
    );
  });

  it('is told from garbage', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (garbage) => {
        try {
          decodeSequencer(garbage);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedBytes);
        }
      }),
    );
  });

  it('of no lock is none', () => {
    const none = { cellId: 'ff'.repeat(16), keyId: 1, epoch: '1.1', locks: [] };
    expect(() => decodeSequencer(signSequencer(none, key))).toThrow(MalformedBytes);
  });

  it('stays within its bound with as many of the longest names as it may speak of', () => {
    const most = Number.MAX_SAFE_INTEGER;
    const name = `/ls/${'c'.repeat(LIMITS.nameBytes - 4)}`;
    const lock = { name, instanceNumber: most, lockGeneration: most, mode: 'shared' } as const;
    const sequencer = {
      cellId: 'ff'.repeat(16),
      keyId: most,
      epoch: `${most}.${most}`,
      locks: Array<SequencerLock>(LIMITS.locksTogether).fill(lock),
    };
    expect(signSequencer(sequencer, key).length).toBeLessThanOrEqual(LIMITS.sequencerBytes);
  });
});
