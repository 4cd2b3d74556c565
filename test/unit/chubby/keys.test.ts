import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as keys from '../../../src/chubby/records/keys.js';
import { isAtOrBelow } from '../../../src/chubby/lock-list.js';
import { childPath, ROOT } from '../../../src/chubby/records/node-path.js';
import type { NodePath } from '../../../src/chubby/records/node-path.js';
import type { Key } from '../../../src/db/key.js';
import { counters, latin1, paths, sessionIds } from './arbitraries.js';

const inside = ({ from, to }: keys.KeyRange, key: Key): boolean => from <= key && (to === undefined || key < to);

describe('keys', () => {
  it('of results are ordered by number, and give it back', () => {
    fc.assert(
      fc.property(sessionIds, counters, counters, (session, a, b) => {
        const [first, second] = [keys.resultKey(session, a), keys.resultKey(session, b)];
        expect(first < second).toBe(a < b);
        expect(keys.numberOfResultKey(first)).toBe(a);
      }),
    );
  });

  it('of one session are found under it, and under no other', () => {
    fc.assert(
      fc.property(sessionIds, sessionIds, counters, (one, other, number) => {
        fc.pre(one !== other);
        const pairs = [
          [keys.resultsOf, keys.resultKey(one, number)],
          [keys.lockHoldingsOf, keys.lockHoldingKey(one, number)],
          [keys.ephemeralHoldingsOf, keys.ephemeralHoldingKey(one, number)],
        ] as const;
        for (const [rangeOf, key] of pairs) {
          expect(inside(rangeOf(one), key)).toBe(true);
          expect(inside(rangeOf(other), key)).toBe(false);
        }
        expect(keys.handleIdOfHoldingKey(keys.lockHoldingKey(one, number))).toBe(number);
        expect(keys.sessionIdOfKey(keys.sessionKey(one))).toBe(one);
      }),
    );
  });

  it('of children lie in the range of their directory; those of grandchildren and neighbours do not', () => {
    const directory = childPath(ROOT, 'd');
    const range = keys.childrenOf(directory);
    fc.assert(
      fc.property(
        latin1(20).filter((name) => name !== '' && !name.includes('/')),
        (name) => {
          const child = childPath(directory, name);
          expect(inside(range, keys.nodeKey(child))).toBe(true);
          expect(keys.pathOfNodeKey(keys.nodeKey(child))).toBe(child);
          expect(inside(range, keys.nodeKey(childPath(child, name)))).toBe(false);
          expect(inside(range, keys.nodeKey(childPath(childPath(ROOT, `d${name}`), name)))).toBe(false);
          expect(inside(range, keys.nodeKey(directory))).toBe(false);
        },
      ),
    );
  });

  it('of locks at and below a node lie in its ranges, which are in order; those of neighbours do not', () => {
    const node = childPath(ROOT, 'd');
    const ranges = keys.lockRecordsBelow(node, 64);
    const isIn = (path: NodePath) => ranges.some((range) => inside(range, keys.lockKey(path)));
    for (const [i, { to }] of ranges.slice(0, -1).entries()) expect(to! <= ranges[i + 1]!.from).toBe(true);
    fc.assert(
      fc.property(
        latin1(20).filter((name) => name !== '' && !name.includes('/')),
        (name) => {
          const child = childPath(node, name);
          const neighbour = childPath(ROOT, `d${name}`);
          expect([node, child, childPath(child, name)].map(isIn)).toEqual([true, true, true]);
          expect([ROOT, neighbour, childPath(neighbour, name)].map(isIn)).toEqual([false, false, false]);
          expect(isAtOrBelow(child, node) && isAtOrBelow(node, node) && isAtOrBelow(node, ROOT)).toBe(true);
          expect(isAtOrBelow(neighbour, node) || isAtOrBelow(childPath(neighbour, name), node)).toBe(false);
          expect(keys.pathOfLockKey(keys.lockKey(child))).toBe(child);
        },
      ),
    );
  });

  it('that a path can reach are never those of secrets or of the database itself', () => {
    fc.assert(
      fc.property(paths, (path) => {
        for (const keyOf of [keys.nodeKey, keys.contentsKey, keys.lockKey, keys.heldBackKey]) {
          const key = keyOf(path);
          expect(key.startsWith('\0')).toBe(false);
          expect(key).not.toBe(keys.HANDLE_SECRET_KEY);
          expect(inside(keys.ALL_SIGNING_KEYS, key)).toBe(false);
        }
      }),
    );
  });
});
