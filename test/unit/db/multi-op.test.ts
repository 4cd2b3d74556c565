import { describe, expect, it } from 'vitest';
import { InvariantViolation } from '../../../src/common/assert.js';
import { Entries } from '../../../src/db/entries.js';
import { keyOfText, LOWEST_KEY } from '../../../src/db/key.js';
import { runMultiOp } from '../../../src/db/multi-op.js';
import type { Operation, Test } from '../../../src/db/multi-op.js';
import { shown } from './arbitraries.js';

const k = keyOfText;
const bytes = (text: string): Uint8Array => Buffer.from(text);
const insert = (key: string, value: string): Operation => ({ op: 'insert', key: k(key), value: bytes(value) });

function entriesOf(contents: Record<string, string>): Entries {
  const entries = new Entries();
  for (const [key, value] of Object.entries(contents)) entries.insert(k(key), bytes(value));
  return entries;
}

const guarded = (...guard: Test[]): boolean =>
  runMultiOp({ guard, tOps: [], fOps: [] }, entriesOf({ a: '1', empty: '' })).held;

describe('the guard of a MultiOp', () => {
  it('holds when there is nothing to test', () => {
    expect(guarded()).toBe(true);
  });

  it.each<[Test, boolean]>([
    [{ test: 'absent', key: k('b') }, true],
    [{ test: 'absent', key: k('a') }, false],
    [{ test: 'absent', key: k('empty') }, false],
    [{ test: 'present', key: k('a') }, true],
    [{ test: 'present', key: k('empty') }, true],
    [{ test: 'present', key: k('b') }, false],
    [{ test: 'equals', key: k('a'), value: bytes('1') }, true],
    [{ test: 'equals', key: k('a'), value: bytes('12') }, false],
    [{ test: 'equals', key: k('empty'), value: bytes('') }, true],
    [{ test: 'equals', key: k('b'), value: bytes('') }, false],
  ])('%j on {a: 1, empty: ""}: %j', (test, holds) => {
    expect(guarded(test)).toBe(holds);
  });

  it('holds only when every test does', () => {
    const yes: Test = { test: 'present', key: k('a') };
    const no: Test = { test: 'absent', key: k('a') };
    expect([guarded(yes, yes), guarded(yes, no), guarded(no, yes)]).toEqual([true, false, false]);
  });
});

describe('a MultiOp', () => {
  it('does tOps when the guard holds, and fOps when it does not', () => {
    const multiOp = {
      guard: [{ test: 'absent', key: k('a') }] as Test[],
      tOps: [insert('a', 'first')],
      fOps: [insert('b', 'second')],
    };
    const entries = new Entries();
    expect(runMultiOp(multiOp, entries).held).toBe(true);
    expect(runMultiOp(multiOp, entries).held).toBe(false);
    expect(shown(entries.range(LOWEST_KEY))).toEqual(shown(entriesOf({ a: 'first', b: 'second' }).range(LOWEST_KEY)));
  });

  it('judges its guard before it does anything', () => {
    const entries = entriesOf({ a: '1' });
    const guard: Test[] = [{ test: 'present', key: k('a') }];
    const { held } = runMultiOp({ guard, tOps: [{ op: 'delete', key: k('a') }], fOps: [] }, entries);
    expect([held, entries.has(k('a'))]).toEqual([true, false]);
  });

  it('does operations in order, and a lookup sees those before it', () => {
    const lookup: Operation = { op: 'lookup', key: k('a') };
    const tOps = [lookup, insert('a', '2'), lookup, { op: 'delete', key: k('a') } as const, lookup];
    const { lookups } = runMultiOp({ guard: [], tOps, fOps: [] }, entriesOf({ a: '1' }));
    expect(lookups.map((found) => found && Buffer.from(found).toString())).toEqual(['1', '2', undefined]);
  });

  it('may delete what is not there', () => {
    const entries = entriesOf({ a: '1' });
    runMultiOp({ guard: [], tOps: [{ op: 'delete', key: k('b') }], fOps: [] }, entries);
    expect(entries.count).toBe(1);
  });

  it('never writes an entry of the database itself', () => {
    for (const operation of [insert('\0mine', 'x'), { op: 'delete', key: k('\0mine') } as const]) {
      expect(() => runMultiOp({ guard: [], tOps: [operation], fOps: [] }, new Entries())).toThrow(InvariantViolation);
    }
  });
});
