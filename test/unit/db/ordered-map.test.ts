import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantViolation } from '../../../src/common/assert.js';
import { keyOfText, LOWEST_KEY } from '../../../src/db/key.js';
import type { Key } from '../../../src/db/key.js';
import { OrderedMap } from '../../../src/db/ordered-map.js';

interface Numbered {
  readonly key: Key;
  readonly number: number;
}

/** Enough for a tree of three levels of 32. */
const KEYS = Array.from({ length: 2500 }, (_, i) => keyOfText(`${(i * 7919) % 2500}`));

/** The map under test beside a plain one that nobody shares. */
class Pair {
  constructor(
    readonly map = new OrderedMap<Numbered>(),
    readonly model = new Map<Key, number>(),
  ) {}

  set(key: Key, number: number): void {
    expect(this.map.set({ key, number })?.number).toBe(this.model.get(key));
    this.model.set(key, number);
  }

  delete(key: Key): void {
    expect(this.map.delete(key)?.number).toBe(this.model.get(key));
    this.model.delete(key);
  }

  clone(): Pair {
    return new Pair(this.map.clone(), new Map(this.model));
  }

  expectSame(): void {
    expect(this.map.size).toBe(this.model.size);
    expect([...this.map.range(LOWEST_KEY)].map(({ key, number }) => [key, number])).toEqual(
      [...this.model].sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    for (const key of KEYS.slice(0, 100)) expect(this.map.get(key)?.number).toBe(this.model.get(key));
  }
}

function filled(count: number): Pair {
  const pair = new Pair();
  for (const key of KEYS.slice(0, count)) pair.set(key, 0);
  return pair;
}

const step = fc.record({
  /** Which of the maps there are by then. */
  on: fc.nat(),
  does: fc.constantFrom('set', 'set many', 'delete', 'delete many', 'clone'),
  first: fc.nat(KEYS.length - 1),
});

describe('an ordered map', () => {
  it('and its clones never see what is done to one another', () => {
    fc.assert(
      fc.property(fc.constantFrom(0, 20, 500, 2500), fc.array(step, { maxLength: 60 }), (count, steps) => {
        const pairs = [filled(count)];
        steps.forEach(({ on, does, first }, number) => {
          const pair = pairs[on % pairs.length]!;
          if (does === 'clone') {
            pairs.push(pair.clone());
            return;
          }
          for (const key of KEYS.slice(first, first + (does.endsWith('many') ? 100 : 1))) {
            if (does.startsWith('set')) pair.set(key, number);
            else pair.delete(key);
          }
        });
        for (const pair of pairs) pair.expectSame();
      }),
      { numRuns: 60 },
    );
  });

  it('iterates a range in order, its start taken in and its end left out', () => {
    const { map, model } = filled(700);
    const sorted = [...model.keys()].sort();
    fc.assert(
      fc.property(fc.constantFrom(...KEYS), fc.option(fc.constantFrom(...KEYS), { nil: undefined }), (from, to) => {
        const expected = sorted.filter((key) => key >= from && (to === undefined || key < to));
        expect([...map.range(from, to)].map(({ key }) => key)).toEqual(expected);
      }),
    );
  });

  it('can be left in the middle of a range', () => {
    const { map, model } = filled(700);
    const seen: Key[] = [];
    for (const { key } of map.range(LOWEST_KEY)) {
      seen.push(key);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual([...model.keys()].sort().slice(0, 3));
  });

  it('refuses to go on iterating once it was changed, while its clone goes on', () => {
    const { map } = filled(700);
    const clone = map.clone();
    const [ofMap, ofClone] = [map.range(LOWEST_KEY), clone.range(LOWEST_KEY)];
    ofMap.next();
    ofClone.next();
    map.set({ key: keyOfText('1'), number: 9 });
    expect(() => ofMap.next()).toThrow(InvariantViolation);
    expect([...ofClone]).toHaveLength(699);
  });
});
