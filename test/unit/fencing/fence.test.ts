import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FencingError, isOlder, NewestInMemory } from '../../../src/fencing/index.js';
import type { Fence, FenceKey, FenceOptions, LockPair, NewestSeen } from '../../../src/fencing/index.js';
import { LIMITS } from '../../../src/wire/limits.js';
import { CELL_ID, fenceWith, held, key, LOCK, otherKey, signed } from './signed.js';

/** Why the fence refuses; nothing where it lets through. */
async function reasonOf(fence: Fence, sequencer: Uint8Array): Promise<string | undefined> {
  try {
    await fence.verify(sequencer);
    return undefined;
  } catch (error) {
    if (error instanceof FencingError) return error.reason;
    throw error;
  }
}

describe('a fence', () => {
  it('lets the holder of its lock through, and says what was held', async () => {
    expect(await fenceWith().verify(signed())).toEqual({
      lock: LOCK,
      instanceNumber: 5,
      lockGeneration: 1,
      mode: 'exclusive',
    });
  });

  it('finds its lock among several', async () => {
    const locks = [{ ...held(1, 1), name: '/ls/test/a' }, held(7, 3), { ...held(2, 2), name: '/ls/test/b' }];
    expect(await fenceWith().verify(signed(undefined, { locks }))).toMatchObject({
      instanceNumber: 7,
      lockGeneration: 3,
    });
  });

  it('refuses whoever is older than the newest that was here, and lets that one through again', async () => {
    const fence = fenceWith();
    expect(await reasonOf(fence, signed(held(5, 3)))).toBeUndefined();
    expect(await reasonOf(fence, signed(held(5, 3)))).toBeUndefined();
    expect(await reasonOf(fence, signed(held(5, 2)))).toBe('OUTDATED');
    expect(await reasonOf(fence, signed(held(4, 9)))).toBe('OUTDATED');
    expect(await reasonOf(fence, signed(held(6, 1)))).toBeUndefined();
    expect(await reasonOf(fence, signed(held(5, 3)))).toBe('OUTDATED');
  });

  it('refuses what is no sequencer', async () => {
    const fence = fenceWith();
    for (const bytes of [Buffer.alloc(0), Buffer.from('garbage'), Buffer.alloc(200), Buffer.alloc(10_000_000)]) {
      expect(await reasonOf(fence, bytes)).toBe('MALFORMED');
    }
    expect(await reasonOf(fence, signed().subarray(1))).toBe('MALFORMED');
  });

  it('refuses sequencers of another cell, for other locks, and in a weaker mode', async () => {
    expect(await reasonOf(fenceWith(), signed(undefined, { cellId: 'ee'.repeat(16) }))).toBe('OTHER_CELL');
    expect(await reasonOf(fenceWith(), signed({ ...held(5, 1), name: `${LOCK}s` }))).toBe('OTHER_LOCK');
    const shared = signed({ ...held(5, 1), mode: 'shared' });
    expect(await reasonOf(fenceWith(), shared)).toBe('WRONG_MODE');
    expect(await reasonOf(fenceWith({ mode: 'shared' }), shared)).toBeUndefined();
    expect(await reasonOf(fenceWith({ mode: 'shared' }), signed())).toBeUndefined();
  });

  it('refuses forged signatures, unknown keys, and keys whose time is over', async () => {
    expect(await reasonOf(fenceWith(), signed(held(5, 1), {}, otherKey))).toBe('BAD_SIGNATURE');
    expect(await reasonOf(fenceWith(), signed(held(5, 1), { keyId: 2 }, otherKey))).toBe('UNKNOWN_KEY');
    let nowMs = 999;
    for (const end of [{ validUntil: 1_000 }, { validUntil: new Date(1_000) }, { validUntilMs: 1_000 }]) {
      nowMs = 999;
      const fence = fenceWith({ keys: [{ id: 1, publicKey: key.publicKey, ...end }], nowMs: () => nowMs });
      expect(await reasonOf(fence, signed())).toBeUndefined();
      nowMs = 1_000;
      expect(await reasonOf(fence, signed())).toBe('EXPIRED_KEY');
    }
  });

  it('believes several keys, and others after a rotation', async () => {
    const second: FenceKey = { id: 2, publicKey: Buffer.from(otherKey.publicKey).toString('base64'), validUntilMs: 0 };
    const fence = fenceWith();
    const bySecond = signed(held(5, 2), { keyId: 2 }, otherKey);
    expect(await reasonOf(fence, bySecond)).toBe('UNKNOWN_KEY');
    fence.useKeys([{ id: 1, publicKey: key.publicKey }, second]);
    expect(await reasonOf(fence, signed(held(5, 1)))).toBeUndefined();
    expect(await reasonOf(fence, bySecond)).toBeUndefined();
    fence.useKeys([second]);
    expect(await reasonOf(fence, signed(held(5, 3)))).toBe('UNKNOWN_KEY');
  });

  it('remembers nothing of what it refuses', async () => {
    const fence = fenceWith();
    await reasonOf(fence, signed(held(9, 9), {}, otherKey));
    await reasonOf(fence, signed({ ...held(9, 9), mode: 'shared' }));
    expect(await reasonOf(fence, signed(held(1, 1)))).toBeUndefined();
  });

  it('goes by the store that it is given, which may take its time or fail', async () => {
    const asked: [string, LockPair][] = [];
    const remember: NewestSeen = {
      raise: (lock, pair) => {
        asked.push([lock, pair]);
        return Promise.resolve({ instanceNumber: 5, lockGeneration: 7 });
      },
    };
    const fence = fenceWith({ remember });
    expect(await reasonOf(fence, signed(held(5, 7)))).toBeUndefined();
    expect(await reasonOf(fence, signed(held(5, 6)))).toBe('OUTDATED');
    expect(asked).toEqual([
      [LOCK, { instanceNumber: 5, lockGeneration: 7 }],
      [LOCK, { instanceNumber: 5, lockGeneration: 6 }],
    ]);
    const broken = fenceWith({ remember: { raise: () => Promise.reject(new Error('disk')) } });
    await expect(broken.verify(signed())).rejects.toThrow('disk');
  });

  it('inspects without the store, for a transaction that tests the order itself', async () => {
    const fence = fenceWith();
    await fence.verify(signed(held(5, 3)));
    expect(fence.inspect(signed(held(5, 2)))).toMatchObject({ instanceNumber: 5, lockGeneration: 2 });
    expect(() => fence.inspect(signed(held(5, 2), {}, otherKey))).toThrow(FencingError);
  });

  it('lets nothing through that any one bit was changed of', async () => {
    const genuine = signed();
    const property = fc.asyncProperty(fc.nat(), fc.nat({ max: 7 }), async (at, bit) => {
      const altered = Buffer.from(genuine);
      altered[at % altered.length]! ^= 1 << bit;
      expect(await reasonOf(fenceWith(), altered)).toBeDefined();
    });
    await fc.assert(property);
  });

  it('takes hostile bytes for what they are', async () => {
    const body = fc.uint8Array({ maxLength: 400 });
    const likely = body.map((bytes) => Buffer.concat([signed().subarray(0, 20), bytes]));
    await fc.assert(
      fc.asyncProperty(fc.oneof(body, likely), async (bytes) => {
        expect(await reasonOf(fenceWith(), bytes)).toBeDefined();
      }),
    );
  });

  it('takes the largest sequencer there can be, and no more bytes', async () => {
    const name = `/ls/test/${'c'.repeat(LIMITS.nameBytes - 9)}`;
    const locks = Array.from({ length: LIMITS.locksTogether }, () => ({ ...held(1, 1), name }));
    const fence = fenceWith({ lock: name });
    expect(await reasonOf(fence, signed(undefined, { locks }))).toBeUndefined();
    expect(await reasonOf(fence, Buffer.alloc(LIMITS.sequencerBytes + 1, signed()))).toBe('MALFORMED');
  });
});

describe('a fence that cannot be meant', () => {
  const publicKey = key.publicKey;
  const wrong: [string, Partial<FenceOptions>, RegExp][] = [
    ['no whole name', { lock: 'orders/lock' }, /no whole name/],
    ['the cell alone', { lock: '/ls/test' }, /no whole name/],
    ['an empty component', { lock: '/ls/test//lock' }, /no whole name/],
    ['no cell id', { cellId: 'test' }, /32 hex digits/],
    ['no key', { keys: [] }, /without a key/],
    ['half a key', { keys: [{ id: 1, publicKey: publicKey.subarray(1) }] }, /32 bytes, not 31/],
    ['a key that is text', { keys: [{ id: 1, publicKey: 'secret' }] }, /32 bytes/],
    ['one id twice', { keys: [1, 1].map((id) => ({ id, publicKey })) }, /two keys have the id 1/],
    ['an id that is none', { keys: [{ id: NaN, publicKey }] }, /no id/],
    ['an end that is none', { keys: [{ id: 1, publicKey, validUntil: new Date('soon') }] }, /no time/],
  ];

  it.each(wrong)('(%s) is refused when it is made', (_what, options, message) => {
    expect(() => fenceWith(options)).toThrow(message);
    expect(() => fenceWith(options)).toThrow(TypeError);
  });

  it('is not one whose cell id is in capitals', async () => {
    expect(await reasonOf(fenceWith({ cellId: CELL_ID.toUpperCase() }), signed())).toBeUndefined();
  });
});

describe('the newest pair', () => {
  it('is the largest that came, whatever the order', () => {
    const pairs = fc.array(fc.record({ instanceNumber: fc.nat({ max: 5 }), lockGeneration: fc.nat({ max: 5 }) }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(pairs, (all) => {
        const newest = new NewestInMemory();
        const answers = all.map((pair) => newest.raise('/ls/test/a', pair));
        for (const [i, pair] of all.entries()) {
          const largest = all.slice(0, i + 1).reduce((a, b) => (isOlder(a, b) ? b : a));
          expect(answers[i]).toEqual(largest);
          expect(isOlder(answers[i]!, pair)).toBe(false);
        }
        expect(newest.raise('/ls/test/b', { instanceNumber: 0, lockGeneration: 0 }).instanceNumber).toBe(0);
      }),
    );
  });
});
