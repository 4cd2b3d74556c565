import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantViolation } from '../../../src/common/assert.js';
import { MalformedBytes } from '../../../src/common/bytes.js';
import { BatchWriter } from '../../../src/db/batch.js';
import { digestOf } from '../../../src/db/digest.js';
import { FaultTolerantDb } from '../../../src/db/fault-tolerant-db.js';
import type { AppliedHeader, DbState } from '../../../src/db/fault-tolerant-db.js';
import { keyOfText, LOWEST_KEY } from '../../../src/db/key.js';
import type { Key } from '../../../src/db/key.js';
import type { MultiOp, Operation } from '../../../src/db/multi-op.js';
import type { Incarnation, ReplicaId, Slot } from '../../../src/paxos/ballot.js';
import type { Epoch, ValueHeader } from '../../../src/paxos/value.js';
import type { StateMachine } from '../../../src/replica/ports.js';
import { anyKey, anyMultiOp, anyValue, expectConsistent, shown, shownValue } from './arbitraries.js';

const EPOCH: Epoch = {
  round: 300,
  replicaId: 2 as ReplicaId,
  incarnation: 'fedcba9876543210' as Incarnation,
};
const header = (kind: ValueHeader['kind'], orderInEpoch: number): ValueHeader => ({ kind, epoch: EPOCH, orderInEpoch });

const PROVENANCE = { sessionId: '', principal: '', call: 0 };
const NO_BODY = new Uint8Array();

function bodyOf(multiOps: readonly MultiOp[]): Uint8Array {
  const writer = new BatchWriter();
  for (const multiOp of multiOps) writer.add(PROVENANCE, multiOp);
  return writer.take(0);
}

const doing = (...tOps: Operation[]): MultiOp => ({ guard: [], tOps, fOps: [] });
const insert = (key: Key, value: Uint8Array): Operation => ({ op: 'insert', key, value });

/** The database after one slot per batch, from bodies as the other replicas get them. */
function dbAfter(batches: readonly (readonly MultiOp[])[]): FaultTolerantDb {
  const db = new FaultTolerantDb();
  batches.forEach((batch, i) => db.apply(i + 1, header('operations', i + 1), bodyOf(batch)));
  return db;
}

/** Entries that operations wrote, as a plain map that knows nothing of batches. */
function modelAfter(batches: readonly (readonly MultiOp[])[]): [string, string | undefined][] {
  const model = new Map<Key, string>();
  for (const { guard, tOps, fOps } of batches.flat()) {
    const held = guard.every((test) => {
      const found = model.get(test.key);
      if (test.test === 'absent') return found === undefined;
      return test.test === 'present' ? found !== undefined : found === shownValue(test.value);
    });
    for (const operation of held ? tOps : fOps) {
      if (operation.op === 'insert') model.set(operation.key, shownValue(operation.value)!);
      if (operation.op === 'delete') model.delete(operation.key);
    }
  }
  return [...model].sort(([a], [b]) => (a < b ? -1 : 1));
}

const FIRST_OF_USERS = keyOfText('\u0001');
const usersEntries = (db: DbState): [string, string][] => shown(db.range(FIRST_OF_USERS));
const everything = (db: DbState): unknown => ({
  appliedUpTo: db.appliedUpTo,
  pairInForce: db.pairInForce,
  configuration: shownValue(db.configuration),
  digest: db.digest,
  sizeBytes: db.sizeBytes,
  entryCount: db.entryCount,
  entries: shown(db.range(LOWEST_KEY)),
});

const anyBatches = fc.array(fc.array(anyMultiOp, { maxLength: 5 }), { maxLength: 5 });
const anyContents = fc.uniqueArray(fc.tuple(anyKey, anyValue), { selector: ([key]) => key, maxLength: 20 });

describe('the fault-tolerant database', () => {
  it('comes to what its MultiOps say, and counts what it holds', () => {
    fc.assert(
      fc.property(anyBatches, (batches) => {
        const db = dbAfter(batches);
        expect(usersEntries(db)).toEqual(modelAfter(batches));
        const all = [...db.range(LOWEST_KEY)];
        expect(db.entryCount).toBe(all.length);
        expect(db.sizeBytes).toBe(all.reduce((sum, { key, value }) => sum + key.length + value.length, 0));
        expectConsistent(
          db,
          batches.flat().flatMap(({ tOps, fOps }) => [...tOps, ...fOps].map(({ key }) => key)),
        );
      }),
    );
  });

  it('is the same wherever the same values were applied, at their maker or from the log', () => {
    fc.assert(
      fc.property(anyBatches, (batches) => {
        const maker = new FaultTolerantDb();
        batches.forEach((batch, i) =>
          maker.applyBatch(
            i + 1,
            header('operations', i + 1),
            batch.map((multiOp) => ({ multiOp })),
          ),
        );
        expect(everything(maker)).toEqual(everything(dbAfter(batches)));
      }),
    );
  });

  it('keeps nothing of a body: what the log does with its buffer later changes no entry', () => {
    fc.assert(
      fc.property(anyBatches, (batches) => {
        const db = new FaultTolerantDb();
        batches.forEach((batch, i) => {
          const body = bodyOf(batch);
          db.apply(i + 1, header('operations', i + 1), body);
          body.fill(0xee);
        });
        expect(usersEntries(db)).toEqual(modelAfter(batches));
      }),
    );
    const db = new FaultTolerantDb();
    const configuration = new Uint8Array(2000).fill(7);
    db.apply(1, header('configuration', 1), configuration);
    configuration.fill(0xee);
    expect(shownValue(db.configuration)).toBe('07'.repeat(2000));
  });

  it('holds values from nothing to the largest file', () => {
    for (const size of [0, 1, 1023, 1024, 1025, 262_144]) {
      const value = Uint8Array.from({ length: size }, (_, i) => i);
      const db = dbAfter([[doing(insert(keyOfText('file'), value))]]);
      expect(shownValue(db.get(keyOfText('file')))).toBe(shownValue(value));
      expect(db.recomputeDigest()).toBe(db.digest);
    }
  });

  it('takes slots in order, each once', () => {
    const db = new FaultTolerantDb();
    expect(db.appliedUpTo).toBe(0);
    expect(() => db.skip(0)).toThrow(InvariantViolation);
    expect(() => db.skip(2)).toThrow(InvariantViolation);
    db.skip(1);
    expect(() => db.apply(1, header('operations', 1), bodyOf([]))).toThrow(InvariantViolation);
    expect(() => db.apply(3, header('operations', 1), bodyOf([]))).toThrow(InvariantViolation);
    expect(() => db.applyBatch(3, header('operations', 1), [])).toThrow(InvariantViolation);
    db.apply(2, header('operations', 1), bodyOf([]));
    expect(db.appliedUpTo).toBe(2);
  });

  it('changes nothing for a damaged body', () => {
    const db = dbAfter([[doing(insert(keyOfText('a'), Buffer.from('1')))]]);
    const before = everything(db);
    const body = bodyOf([doing(insert(keyOfText('b'), Buffer.from('2')))]);
    expect(() => db.apply(2, header('operations', 2), body.subarray(0, body.length - 1))).toThrow(MalformedBytes);
    expect(everything(db)).toEqual(before);
  });

  it('is what the log drives', () => {
    const db = new FaultTolerantDb();
    const machine: Pick<StateMachine, 'apply' | 'skip'> = db;
    machine.apply(1 as Slot, header('epoch', 0), NO_BODY);
    machine.skip(2 as Slot);
    expect(db.appliedUpTo).toBe(2);
  });
});

describe('the pair in force', () => {
  it('is that of the last value applied, of whatever kind', () => {
    const db = new FaultTolerantDb();
    expect(db.pairInForce).toBeUndefined();
    db.apply(1, header('epoch', 0), NO_BODY);
    expect(db.pairInForce).toEqual({ epoch: EPOCH, orderInEpoch: 0 });
    db.apply(2, header('configuration', 1), Uint8Array.of(1));
    expect(db.pairInForce).toEqual({ epoch: EPOCH, orderInEpoch: 1 });
    db.apply(3, header('operations', 2), bodyOf([]));
    expect(db.pairInForce).toEqual({ epoch: EPOCH, orderInEpoch: 2 });
    db.skip(4);
    expect(db.pairInForce).toEqual({ epoch: EPOCH, orderInEpoch: 2 });
  });

  it('and the configuration are in the digest', () => {
    const after = (...values: [AppliedHeader, Uint8Array][]): string => {
      const db = new FaultTolerantDb();
      values.forEach(([valueHeader, body], i) => db.apply(i + 1, valueHeader, body));
      expect(db.recomputeDigest()).toBe(db.digest);
      return db.digest;
    };
    const otherEpoch = { ...EPOCH, incarnation: 'fedcba9876543211' as Incarnation };
    const digests = [
      after(),
      after([header('epoch', 0), NO_BODY]),
      after([header('epoch', 1), NO_BODY]),
      after([{ ...header('epoch', 0), epoch: otherEpoch }, NO_BODY]),
      after([header('configuration', 0), Uint8Array.of(1)]),
      after([header('configuration', 0), Uint8Array.of(2)]),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('is never that of a no-op, which is skipped', () => {
    expect(() => new FaultTolerantDb().apply(1, header('noop', 0), NO_BODY)).toThrow(InvariantViolation);
  });
});

describe('the digest', () => {
  it('rolls to what it would be if computed anew', () => {
    fc.assert(
      fc.property(anyBatches, (batches) => {
        const db = dbAfter(batches);
        expect(db.recomputeDigest()).toBe(db.digest);
        expect(digestOf(db.range(LOWEST_KEY))).toBe(db.digest);
      }),
    );
  });

  it('does not depend on the way to the entries', () => {
    const shuffled = anyContents.chain((contents) =>
      fc.tuple(fc.constant(contents), fc.shuffledSubarray(contents, { minLength: contents.length })),
    );
    fc.assert(
      fc.property(shuffled, anyKey, ([contents, otherOrder], passing) => {
        const inserts = (list: typeof contents): Operation[] => list.map(([key, value]) => insert(key, value));
        const straight = dbAfter([[doing(...inserts(contents))]]);
        const restored = contents.find(([key]) => key === passing);
        const detour = dbAfter([
          [
            doing(...inserts(otherOrder), insert(passing, Buffer.from('for a moment')), { op: 'delete', key: passing }),
            doing(...inserts(restored === undefined ? [] : [restored])),
          ],
        ]);
        expect(detour.digest).toBe(straight.digest);
      }),
    );
  });

  it('differs where the entries differ', () => {
    fc.assert(
      fc.property(anyContents, anyContents, (a, b) => {
        const [dbA, dbB] = [a, b].map((contents) =>
          dbAfter([[doing(...contents.map(([key, value]) => insert(key, value)))]]),
        );
        expect(dbA!.digest === dbB!.digest).toBe(
          JSON.stringify(usersEntries(dbA!)) === JSON.stringify(usersEntries(dbB!)),
        );
      }),
    );
  });

  it('sees an entry of nothing under the empty key, and what moves between key and value', () => {
    const entries = [[], [['', '']], [['', 'ab']], [['a', 'b']], [['ab', '']]].map((list) =>
      digestOf(list.map(([key, value]) => ({ key: keyOfText(key!), value: Buffer.from(value!) }))),
    );
    expect(new Set(entries).size).toBe(entries.length);
  });

  it('of given entries is the same in every release: replicas of two releases compare it', () => {
    const entries = [
      { key: keyOfText('ä'), value: Buffer.from('one') },
      { key: keyOfText('b'), value: new Uint8Array(3000).fill(0xab) },
    ];
    expect(digestOf(entries)).toBe('777ab7f30e7a302736709618df7fb461');
  });
});

describe('a clone', () => {
  it('stays as the database was, whatever is applied later', () => {
    fc.assert(
      fc.property(anyBatches, anyBatches, (before, after) => {
        const db = dbAfter(before);
        const clone = db.clone();
        const cloned = everything(clone);
        expect(cloned).toEqual(everything(db));
        after.forEach((batch, i) => {
          const slot = before.length + i + 1;
          db.apply(slot, header('operations', slot), bodyOf(batch));
        });
        db.apply(db.appliedUpTo + 1, header('configuration', db.appliedUpTo + 1), Uint8Array.of(9));
        expect(everything(clone)).toEqual(cloned);
        expect(clone.recomputeDigest()).toBe(clone.digest);
        expect(usersEntries(db)).toEqual(modelAfter([...before, ...after]));
      }),
    );
  });
});
