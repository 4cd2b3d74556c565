import fc from 'fast-check';
import { keyOf } from '../../../src/db/key.js';
import type { Key } from '../../../src/db/key.js';
import type { MultiOp, Operation, Test } from '../../../src/db/multi-op.js';
import type { KeyValue, ReadView } from '../../../src/db/read-view.js';

/** Few enough keys that operations meet; with the lowest and highest bytes, and keys that are prefixes of others. */
export const anyKey: fc.Arbitrary<Key> = fc
  .array(fc.constantFrom(0x01, 0x61, 0x62, 0xff), { minLength: 1, maxLength: 3 })
  .map((bytes) => keyOf(Uint8Array.from(bytes)));

/** Empty, small and larger than what the database keeps as strings; few enough that `equals` may hold. */
export const anyValue: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('', 'x', 'y').map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1023, max: 1030 }).map((size) => new Uint8Array(size).fill(size)) },
);

export const anyTest: fc.Arbitrary<Test> = fc.oneof(
  fc.record({ test: fc.constantFrom('absent' as const, 'present' as const), key: anyKey }),
  fc.record({ test: fc.constant('equals' as const), key: anyKey, value: anyValue }),
);

export const anyOperation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ op: fc.constant('insert' as const), key: anyKey, value: anyValue }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constantFrom('delete' as const, 'lookup' as const), key: anyKey }) },
);

export const anyMultiOp: fc.Arbitrary<MultiOp> = fc.record({
  guard: fc.array(anyTest, { maxLength: 2 }),
  tOps: fc.array(anyOperation, { maxLength: 4 }),
  fOps: fc.array(anyOperation, { maxLength: 2 }),
});

/** Entries as text, so that expectations compare bytes and not kinds of arrays. */
export const shown = (entries: Iterable<KeyValue>): [string, string][] =>
  [...entries].map(({ key, value }) => [key, Buffer.from(value).toString('hex')]);

export const shownValue = (value: Uint8Array | undefined): string | undefined =>
  value && Buffer.from(value).toString('hex');

/** The entries of a range asked for in one go, and key by key: a view must say the same by all its ways. */
export function expectConsistent(view: ReadView, keys: Iterable<Key>): void {
  for (const key of keys) {
    const value = shownValue(view.get(key));
    const [found] = view.range(key);
    const inRange = found?.key === key ? shownValue(found.value) : undefined;
    if (value !== inRange || view.has(key) !== (value !== undefined)) {
      throw new Error(`get, has and range disagree about ${JSON.stringify(key)}`);
    }
  }
}
