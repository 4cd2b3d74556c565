import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from '../../../src/common/bytes.js';
import {
  compareBallots,
  NO_BALLOT,
  readBallot,
  sameBallot,
  sameIdentity,
  showBallot,
  writeBallot,
} from '../../../src/paxos/ballot.js';
import { anyBallot } from './arbitraries.js';
import { ballot, identityOf } from './ids.js';

describe('ballots', () => {
  it('are ordered by round, then replica, then incarnation', () => {
    expect(compareBallots(ballot(2, 1), ballot(1, 9))).toBeGreaterThan(0);
    expect(compareBallots(ballot(2, 1), ballot(2, 2))).toBeLessThan(0);
    const reborn = { round: 2, ...identityOf(1, 99) };
    expect(compareBallots(reborn, ballot(2, 1))).toBeGreaterThan(0);
    expect(sameIdentity(reborn, ballot(2, 1))).toBe(false);
  });

  it('are totally ordered, and equal only when they are the same', () => {
    fc.assert(
      fc.property(anyBallot, anyBallot, anyBallot, (a, b, c) => {
        expect(Math.sign(compareBallots(a, b))).toBe(0 - Math.sign(compareBallots(b, a)));
        expect(compareBallots(a, b) === 0).toBe(sameBallot(a, b));
        expect(sameBallot(a, b)).toBe(a.round === b.round && sameIdentity(a, b));
        if (compareBallots(a, b) <= 0 && compareBallots(b, c) <= 0) {
          expect(compareBallots(a, c)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  it('are all above the one that nobody draws', () => {
    fc.assert(fc.property(anyBallot, (any) => compareBallots(NO_BALLOT, any) <= 0));
    expect(compareBallots(NO_BALLOT, ballot(1, 1))).toBeLessThan(0);
  });

  it('survive being written and read', () => {
    fc.assert(
      fc.property(anyBallot, (before) => {
        const out = new ByteWriter();
        writeBallot(out, before);
        const from = new ByteReader(out.take());
        expect(readBallot(from)).toEqual(before);
        from.end();
      }),
    );
  });

  it('are shown as round and replica', () => {
    expect(showBallot(ballot(12, 3))).toBe('12.3');
  });
});
