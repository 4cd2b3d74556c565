import { describe, expect, it } from 'vitest';
import { findDeadlock } from '../../../src/chubby/deadlock.js';
import type { SessionId } from '../../../src/chubby/records/ids.js';
import type { NodePath } from '../../../src/chubby/records/node-path.js';

/** Sessions by one letter, and whom each waits for, for a lock of that name. */
function search(waits: Readonly<Record<string, string>>, among: string, steps = 1_000): string[] {
  const obstaclesOf = (session: SessionId) =>
    [...(waits[session] ?? '')].map((other) => ({ path: `lock of ${other}` as NodePath, session: other as SessionId }));
  return findDeadlock([...among] as SessionId[], obstaclesOf, steps).map(({ session, path }) => `${session} ${path}`);
}

describe('the search for a deadlock', () => {
  it('finds the shortest round that a session is part of', () => {
    expect(search({ a: 'bc', b: 'c', c: 'd', d: 'a' }, 'a')).toEqual(['a lock of c', 'c lock of d', 'd lock of a']);
    expect(search({ a: 'a' }, 'a')).toEqual(['a lock of a']);
  });

  it('finds none that only leads into a round', () => {
    expect(search({ a: 'b', b: 'c', c: 'b' }, 'a')).toEqual([]);
    expect(search({ a: 'bc' }, 'a')).toEqual([]);
  });

  it('looks from each of several', () => {
    expect(search({ a: 'b', c: 'd', d: 'c' }, 'ac')).toEqual(['c lock of d', 'd lock of c']);
  });

  it('gives up after so many steps', () => {
    expect(search({ a: 'b', b: 'c', c: 'a' }, 'a', 2)).toEqual([]);
    expect(search({ a: 'b', b: 'c', c: 'a' }, 'a', 3).length).toBe(3);
  });
});
