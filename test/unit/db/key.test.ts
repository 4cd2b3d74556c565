import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromLatin1 } from '../../../src/common/bytes.js';
import { isReserved, justAfter, keyOf, keyOfText, LOWEST_KEY, prefixEnd } from '../../../src/db/key.js';

const anyBytes = fc.uint8Array({ maxLength: 5 });
const bytesNearTheEdges = fc.array(fc.constantFrom(0, 1, 254, 255), { maxLength: 4 }).map((b) => Uint8Array.from(b));
const someBytes = fc.oneof(anyBytes, bytesNearTheEdges);

describe('a key', () => {
  it('orders as its bytes do', () => {
    fc.assert(
      fc.property(someBytes, someBytes, (a, b) => {
        const [keyA, keyB] = [keyOf(a), keyOf(b)];
        expect(keyA < keyB ? -1 : keyA > keyB ? 1 : 0).toBe(Math.sign(Buffer.compare(a, b)));
      }),
    );
  });

  it('holds the UTF-8 bytes of a text', () => {
    expect(keyOfText('ä€')).toBe('\u00c3\u00a4\u00e2\u0082\u00ac');
  });

  it('has nothing between itself and the key just after', () => {
    fc.assert(
      fc.property(someBytes, someBytes, (a, b) => {
        const key = keyOf(a);
        expect(justAfter(key) > key).toBe(true);
        expect(keyOf(b) > key && keyOf(b) < justAfter(key)).toBe(false);
      }),
    );
  });

  it('starts with a prefix exactly when it lies between the prefix and the end of the prefix', () => {
    fc.assert(
      fc.property(bytesNearTheEdges, someBytes, fc.boolean(), (prefixBytes, bytes, related) => {
        const prefix = keyOf(prefixBytes);
        const key = related ? keyOf(Buffer.concat([prefixBytes, bytes])) : keyOf(bytes);
        const end = prefixEnd(prefix);
        expect(key >= prefix && (end === undefined || key < end)).toBe(key.startsWith(prefix));
        if (end !== undefined) expect(keyOf(fromLatin1(end))).toBe(end);
      }),
    );
  });

  it('is reserved exactly when its first byte is 0', () => {
    expect(isReserved(keyOf(Uint8Array.of(0)))).toBe(true);
    expect(isReserved(keyOf(Uint8Array.of(0, 7)))).toBe(true);
    expect(isReserved(keyOf(Uint8Array.of(1, 0)))).toBe(false);
    expect(isReserved(LOWEST_KEY)).toBe(false);
  });
});
