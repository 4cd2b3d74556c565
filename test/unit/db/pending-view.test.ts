import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantViolation } from '../../../src/common/assert.js';
import { Entries } from '../../../src/db/entries.js';
import { keyOfText, LOWEST_KEY } from '../../../src/db/key.js';
import type { Key } from '../../../src/db/key.js';
import { runMultiOp } from '../../../src/db/multi-op.js';
import type { MultiOp, MultiOpResult, Operation } from '../../../src/db/multi-op.js';
import { PendingView } from '../../../src/db/pending-view.js';
import { anyKey, anyMultiOp, expectConsistent, shown, shownValue } from './arbitraries.js';

const k = keyOfText;
const insert = (key: string, value: string): Operation => ({ op: 'insert', key: k(key), value: Buffer.from(value) });
const remove = (key: string): Operation => ({ op: 'delete', key: k(key) });
const doing = (...tOps: Operation[]): MultiOp => ({ guard: [], tOps, fOps: [] });

/** A view with the applied entries below it, and beside it entries to which everything was applied at once. */
class Reign {
  readonly applied = new Entries();
  readonly future = new Entries();
  readonly view = new PendingView(this.applied);
  readonly #pending: MultiOp[] = [];

  propose(multiOp: MultiOp): void {
    const result = this.view.apply(multiOp);
    expect(shownResult(result)).toEqual(shownResult(runMultiOp(multiOp, this.future)));
    this.#pending.push(multiOp);
  }

  /** The log applies the oldest values, then tells the view. */
  applyOldest(count: number): void {
    const oldest = this.#pending.splice(0, count);
    for (const multiOp of oldest) runMultiOp(multiOp, this.applied);
    this.view.settle(oldest.length);
  }

  expectFuture(from: Key, to?: Key): void {
    expect(shown(this.view.range(from, to))).toEqual(shown(this.future.range(from, to)));
    expect(this.view.pendingCount).toBe(this.#pending.length);
    expectConsistent(this.view, [from, ...(to === undefined ? [] : [to])]);
  }
}

const shownResult = ({ held, lookups }: MultiOpResult): unknown => ({ held, lookups: lookups.map(shownValue) });

type Step = { readonly propose: MultiOp } | { readonly settle: number } | { readonly look: readonly [Key, Key] };
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ propose: anyMultiOp }) },
  { weight: 1, arbitrary: fc.record({ settle: fc.integer({ min: 1, max: 3 }) }) },
  // Looking changes how the view keeps itself from then on, so it is a step as well.
  { weight: 1, arbitrary: fc.record({ look: fc.tuple(anyKey, anyKey) }) },
);

describe('the view of a master on its own pending operations', () => {
  it('shows what the database will be when they are all applied, and forgets each when it is', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
        const reign = new Reign();
        for (const step of steps) {
          if ('propose' in step) reign.propose(step.propose);
          else if ('settle' in step) reign.applyOldest(step.settle);
          else reign.expectFuture(...step.look);
        }
        reign.expectFuture(LOWEST_KEY);
        reign.applyOldest(Infinity);
        reign.expectFuture(LOWEST_KEY);
        expect([reign.view.pendingCount, reign.view.overlaySize]).toEqual([0, 0]);
        expect(reign.applied.digest).toBe(reign.future.digest);
      }),
      { numRuns: 300 },
    );
  });

  it('shows what the database shows between a value being applied and being settled', () => {
    const { applied, view } = new Reign();
    const multiOp = doing(insert('a', '1'), insert('b', '1'), remove('b'));
    view.apply(multiOp);
    runMultiOp(multiOp, applied);
    expect(shown(view.range(LOWEST_KEY))).toEqual([['a', '31']]);
  });

  it('keeps an effect that a later operation had on the same key', () => {
    const reign = new Reign();
    reign.propose(doing(insert('a', 'first'), insert('b', 'first')));
    reign.propose(doing(insert('a', 'second')));
    reign.applyOldest(1);
    expect(reign.view.overlaySize).toBe(1);
    expect(shownValue(reign.view.get(k('a')))).toBe(Buffer.from('second').toString('hex'));
    expect(shownValue(reign.applied.get(k('a')))).toBe(Buffer.from('first').toString('hex'));
  });

  it('is over an applied entry and its deletion alike', () => {
    const { applied, view } = new Reign();
    for (const key of ['a', 'b', 'c', 'd']) applied.insert(k(key), Buffer.from('0'));
    view.apply(doing(insert('b', '1'), remove('c'), insert('e', '1')));
    const keys = (from: string, to?: string): Key[] =>
      [...view.range(k(from), to === undefined ? undefined : k(to))].map(({ key }) => key);
    expect(keys('')).toEqual(['a', 'b', 'd', 'e']);
    expect(keys('b', 'd')).toEqual(['b']);
    expect(keys('c', 'e')).toEqual(['d']);
    expect([view.has(k('c')), view.has(k('e'))]).toEqual([false, true]);
  });

  it('shows the applied database alone once the reign is over', () => {
    const { applied, view } = new Reign();
    applied.insert(k('a'), Buffer.from('0'));
    view.apply(doing(insert('a', '1'), insert('b', '1')));
    expect([...view.range(LOWEST_KEY)]).toHaveLength(2);
    view.clear();
    expect(shown(view.range(LOWEST_KEY))).toEqual([['a', '30']]);
    expect([view.pendingCount, view.overlaySize]).toEqual([0, 0]);
    // The next reign of this master begins with nothing of the one before.
    view.apply(doing(insert('a', '2')));
    expect(shown(view.range(LOWEST_KEY))).toEqual([['a', '32']]);
    view.settle(1);
    expect(view.overlaySize).toBe(0);
  });

  it('settles no more than is pending', () => {
    const { view } = new Reign();
    view.apply(doing());
    expect(() => view.settle(2)).toThrow(InvariantViolation);
  });

  it('works on through any number of operations', () => {
    const reign = new Reign();
    for (let i = 0; i < 5000; i++) {
      reign.propose(doing(insert(`${i % 7}`, `${i}`)));
      if (i >= 10) reign.applyOldest(1);
    }
    reign.expectFuture(LOWEST_KEY);
    expect(reign.view.overlaySize).toBe(7);
    reign.applyOldest(10);
    expect(reign.view.overlaySize).toBe(0);
  });
});
