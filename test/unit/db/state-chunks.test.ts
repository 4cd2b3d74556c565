import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedBytes } from '../../../src/common/bytes.js';
import { FaultTolerantDb } from '../../../src/db/fault-tolerant-db.js';
import { StateLoader, stateChunks } from '../../../src/db/state-chunks.js';
import { Entries } from '../../../src/db/entries.js';
import { keyOf } from '../../../src/db/key.js';

/** Values on both sides of what an entry keeps as a string. */
const value = fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ minLength: 1_000, maxLength: 1_100 }));
const contents = fc.array(fc.tuple(fc.uint8Array({ maxLength: 6 }), value), { maxLength: 40 });

function stateOf(pairs: readonly (readonly [Uint8Array, Uint8Array])[]): FaultTolerantDb {
  const entries = new Entries();
  for (const [key, bytes] of pairs) entries.insert(keyOf(key), Buffer.from(bytes));
  return new FaultTolerantDb(entries, 7);
}

const handleOf = ({ digest, entryCount }: FaultTolerantDb) => ({ slot: 7, digest, entryCount });

function load(chunks: Iterable<Uint8Array>, handle: ReturnType<typeof handleOf>): FaultTolerantDb {
  const loader = new StateLoader();
  for (const chunk of chunks) loader.add(chunk);
  return loader.finish(handle);
}

const entriesOf = (state: FaultTolerantDb) =>
  [...state.range(keyOf(Buffer.alloc(0)))].map(({ key, value: bytes }) => [key, Buffer.from(bytes).toString('hex')]);

describe('a state in chunks', () => {
  it('is the same when it is put together again, whatever the size of the chunks', () => {
    fc.assert(
      fc.property(contents, fc.integer({ min: 1, max: 5_000 }), (pairs, chunkBytes) => {
        const state = stateOf(pairs);
        const loaded = load(stateChunks(state, chunkBytes), handleOf(state));
        expect(entriesOf(loaded)).toEqual(entriesOf(state));
        expect(loaded.digest).toBe(state.digest);
        expect(loaded.recomputeDigest()).toBe(state.digest);
        expect(loaded.sizeBytes).toBe(state.sizeBytes);
        expect(loaded.appliedUpTo).toBe(7);
      }),
    );
  });

  it('is that of the moment at which it was cloned, though the state goes on while it is written', () => {
    const state = stateOf([
      [Buffer.from('a'), Buffer.from('1')],
      [Buffer.from('b'), Buffer.from('2')],
    ]);
    const clone = state.clone();
    const handle = { slot: 7, digest: clone.digest, entryCount: clone.entryCount };
    const chunks = stateChunks(clone, 1);
    const written = [chunks.next().value as Uint8Array];
    state.skip(8);
    state.apply(
      9,
      { kind: 'epoch', epoch: { round: 1, replicaId: 1, incarnation: '00'.repeat(8) }, orderInEpoch: 0 },
      Buffer.alloc(0),
    );
    written.push(...chunks);
    expect(entriesOf(load(written, handle))).toEqual([
      ['a', '31'],
      ['b', '32'],
    ]);
  });

  it('comes in equal bytes from equal states', () => {
    fc.assert(
      fc.property(contents, (pairs) => {
        const unique = new Map(pairs.map(([key, bytes]) => [Buffer.from(key).toString('hex'), [key, bytes] as const]));
        const forth = stateOf([...unique.values()]);
        const back = stateOf([...unique.values()].reverse());
        expect(Buffer.concat([...stateChunks(forth, 100)])).toEqual(Buffer.concat([...stateChunks(back, 100)]));
      }),
    );
  });

  it('is refused with a chunk missing, doubled, exchanged, cut or changed', () => {
    const state = stateOf(Array.from({ length: 20 }, (_, i) => [Buffer.from([i]), Buffer.from(`value ${i}`)] as const));
    const chunks = [...stateChunks(state, 40)];
    expect(chunks.length).toBeGreaterThan(3);
    const [first, second, ...rest] = chunks as [Uint8Array, Uint8Array, ...Uint8Array[]];
    const changed = Buffer.from(second);
    changed[changed.length - 1]! ^= 1;
    for (const wrong of [
      [first, ...rest],
      [first, second, second, ...rest],
      [second, first, ...rest],
      [first, second.subarray(0, second.length - 1), ...rest],
      [first, changed, ...rest],
      chunks.slice(0, -1),
    ]) {
      expect(() => load(wrong, handleOf(state))).toThrow(MalformedBytes);
    }
  });
});
