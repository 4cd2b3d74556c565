import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBallots, NO_BALLOT } from '../../../src/paxos/ballot.js';
import { EpochJudge, NO_PAIR } from '../../../src/paxos/epoch-judge.js';
import type { PairInForce } from '../../../src/paxos/epoch-judge.js';
import type { ValueHeader, ValueKind } from '../../../src/paxos/value.js';
import { ballot } from './ids.js';

const epochs = [ballot(1, 1), ballot(2, 2), ballot(3, 1), ballot(3, 3)];

/** Few epochs and low orders, so that successors, gaps and repetitions all happen. */
const anyHeader: fc.Arbitrary<ValueHeader> = fc
  .record({
    kind: fc.constantFrom<ValueKind>('noop', 'epoch', 'operations', 'operations', 'configuration'),
    epoch: fc.constantFrom(...epochs),
    orderInEpoch: fc.integer({ min: 0, max: 3 }),
  })
  .map((header) => (header.kind === 'epoch' ? { ...header, orderInEpoch: 0 } : header));

/** The rule as DESIGN 3.7 says it, over the whole history instead of one pair. */
function counts(history: readonly ValueHeader[], next: ValueHeader): boolean {
  const last = history.at(-1);
  if (next.kind === 'noop') return false;
  if (next.kind === 'epoch') return history.every(({ epoch }) => compareBallots(next.epoch, epoch) > 0);
  return (
    last !== undefined && compareBallots(last.epoch, next.epoch) === 0 && next.orderInEpoch === last.orderInEpoch + 1
  );
}

describe('the epoch judge', () => {
  it('lets count exactly the direct successors', () => {
    fc.assert(
      fc.property(fc.array(anyHeader, { maxLength: 30 }), (headers) => {
        const judge = new EpochJudge();
        const counted: ValueHeader[] = [];
        for (const header of headers) {
          const expected = counts(counted, header);
          expect(judge.judge(header)).toBe(expected);
          if (expected) counted.push(header);
          const { epoch, orderInEpoch } = counted.at(-1) ?? NO_PAIR;
          expect(judge.inForce).toEqual({ epoch, orderInEpoch });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('judges the same from a pair as from the history that led to it', () => {
    fc.assert(
      fc.property(fc.array(anyHeader, { maxLength: 12 }), fc.array(anyHeader, { maxLength: 12 }), (before, after) => {
        const whole = new EpochJudge();
        for (const header of before) whole.judge(header);
        const pair: PairInForce = whole.inForce;
        const restored = new EpochJudge(pair);
        for (const header of after) expect(restored.judge(header)).toBe(whole.judge(header));
      }),
    );
  });

  it('takes the ballot for the epoch: no two masters share one (T3)', () => {
    const judge = new EpochJudge();
    const [m1, m2] = [ballot(1, 1), ballot(1, 2)];
    expect(judge.judge({ kind: 'epoch', epoch: m1, orderInEpoch: 0 })).toBe(true);
    expect(judge.judge({ kind: 'epoch', epoch: m2, orderInEpoch: 0 })).toBe(true);
    // By counting reigns, both could have been "the first"; (m1, 1) would then follow m2's beginning.
    expect(judge.judge({ kind: 'operations', epoch: m1, orderInEpoch: 1 })).toBe(false);
    expect(judge.judge({ kind: 'operations', epoch: m2, orderInEpoch: 1 })).toBe(true);
  });

  it('skips what survives a predecessor that did not (T4)', () => {
    const judge = new EpochJudge({ epoch: ballot(1, 1), orderInEpoch: 4 });
    expect(judge.judge({ kind: 'noop', epoch: NO_BALLOT, orderInEpoch: 0 })).toBe(false);
    expect(judge.judge({ kind: 'operations', epoch: ballot(1, 1), orderInEpoch: 6 })).toBe(false);
    expect(judge.judge({ kind: 'operations', epoch: ballot(1, 1), orderInEpoch: 5 })).toBe(true);
  });

  it('lets everything count with the rule off, which the scenarios must notice', () => {
    const judge = new EpochJudge({ epoch: ballot(1, 1), orderInEpoch: 4 }, { successorRuleOff: true });
    expect(judge.judge({ kind: 'operations', epoch: ballot(1, 1), orderInEpoch: 6 })).toBe(true);
  });
});
