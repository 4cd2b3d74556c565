import { assert, assertNever } from '../common/assert.js';
import { sameBytes } from '../common/bytes.js';
import { isReserved } from './key.js';
import type { Key } from './key.js';

/** A question about one entry. */
export type Test =
  | { readonly test: 'absent'; readonly key: Key }
  | { readonly test: 'present'; readonly key: Key }
  | { readonly test: 'equals'; readonly key: Key; readonly value: Uint8Array };

/** What is done to one entry. To insert over an entry replaces it; to delete none is no error. */
export type Operation =
  | { readonly op: 'insert'; readonly key: Key; readonly value: Uint8Array }
  | { readonly op: 'delete'; readonly key: Key }
  | { readonly op: 'lookup'; readonly key: Key };

/**
 * The one primitive of the database, atomic: when every test of the guard is true the operations of `tOps` are done,
 * otherwise those of `fOps`, in order, each seeing what those before it did. ([PML] 5.2, DESIGN 4)
 */
export interface MultiOp {
  readonly guard: readonly Test[];
  readonly tOps: readonly Operation[];
  readonly fOps: readonly Operation[];
}

export interface MultiOpResult {
  /** Whether every test was true, so that `tOps` were done. */
  readonly held: boolean;
  /** What each lookup among the operations done found, in their order. */
  readonly lookups: readonly (Uint8Array | undefined)[];
}

/** What a MultiOp is done to. */
export interface MultiOpTarget {
  get(key: Key): Uint8Array | undefined;
  insert(key: Key, value: Uint8Array): void;
  delete(key: Key): void;
}

/**
 * Judges the guard and does what follows from it.
 *
 * @throws InvariantViolation for an operation that would write an entry of the database's own
 */
export function runMultiOp(multiOp: MultiOp, on: MultiOpTarget): MultiOpResult {
  const held = guardHolds(multiOp.guard, on);
  return { held, lookups: runOperations(held ? multiOp.tOps : multiOp.fOps, on) };
}

function guardHolds(guard: readonly Test[], on: MultiOpTarget): boolean {
  for (const test of guard) {
    if (!testHolds(test, on.get(test.key))) return false;
  }
  return true;
}

function testHolds(test: Test, found: Uint8Array | undefined): boolean {
  switch (test.test) {
    case 'absent':
      return found === undefined;
    case 'present':
      return found !== undefined;
    case 'equals':
      return found !== undefined && sameBytes(found, test.value);
    default:
      return assertNever(test, 'testHolds');
  }
}

function runOperations(operations: readonly Operation[], on: MultiOpTarget): (Uint8Array | undefined)[] {
  const lookups: (Uint8Array | undefined)[] = [];
  for (const operation of operations) {
    switch (operation.op) {
      case 'insert':
        assertWritable(operation.key);
        on.insert(operation.key, operation.value);
        break;
      case 'delete':
        assertWritable(operation.key);
        on.delete(operation.key);
        break;
      case 'lookup':
        lookups.push(on.get(operation.key));
        break;
      default:
        assertNever(operation, 'runOperations');
    }
  }
  return lookups;
}

function assertWritable(key: Key): void {
  assert(!isReserved(key), 'no operation writes an entry of the database itself');
}
