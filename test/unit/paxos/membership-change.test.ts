import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantViolation } from '../../../src/common/assert.js';
import type { Identity } from '../../../src/paxos/ballot.js';
import { isLearner, isVoter, majority, membersOf } from '../../../src/paxos/configuration.js';
import type { Configuration } from '../../../src/paxos/configuration.js';
import {
  changedBy,
  changeProblem,
  isOneStep,
  MOST_LEARNERS,
  MOST_VOTERS,
} from '../../../src/paxos/membership-change.js';
import type { MembershipChange } from '../../../src/paxos/membership-change.js';
import { configurationOf, identityOf } from './ids.js';

const add = (identity: Identity): MembershipChange => ({ type: 'addLearner', identity });
const promote = (identity: Identity): MembershipChange => ({ type: 'makeVoter', identity });
const remove = (identity: Identity): MembershipChange => ({ type: 'remove', identity });

/** The configuration after these changes, one by one. */
const after = (before: Configuration, ...changes: MembershipChange[]): Configuration =>
  changes.reduce(changedBy, before);

describe('a change of membership', () => {
  it('makes a newcomer a learner, then a voter, and lets a member go, each under the next number', () => {
    const learning = changedBy(configurationOf(3, 7), add(identityOf(4)));
    expect(learning).toEqual({ ...configurationOf(3, 8), learners: [identityOf(4)] });
    expect(changedBy(learning, promote(identityOf(4)))).toEqual(configurationOf(4, 9));
    expect(changedBy(learning, remove(identityOf(4)))).toEqual(configurationOf(3, 9));
    expect(changedBy(configurationOf(3, 7), remove(identityOf(3)))).toEqual(configurationOf(2, 8));
  });

  it('keeps members in the order of their ids', () => {
    const rebuilt = after(
      configurationOf(3),
      remove(identityOf(1)),
      add(identityOf(1, 11)),
      promote(identityOf(1, 11)),
    );
    expect(rebuilt.voters).toEqual([identityOf(1, 11), identityOf(2), identityOf(3)]);
  });

  it.each<[string, Configuration, MembershipChange, RegExp]>([
    ['add a member', configurationOf(3), add(identityOf(2)), /is a member already: remove it first/],
    [
      'add another life of a member',
      configurationOf(3),
      add(identityOf(2, 12)),
      /is a member already: remove it first/,
    ],
    ['make a voter of a stranger', configurationOf(3), promote(identityOf(4)), /is no learner: add it as one first/],
    ['make a voter of a voter', configurationOf(3), promote(identityOf(2)), /is no learner/],
    ['remove a stranger', configurationOf(3), remove(identityOf(4)), /is no member/],
    ['remove another life of a member', configurationOf(3), remove(identityOf(2, 12)), /is no member/],
    ['remove the only voter', configurationOf(1), remove(identityOf(1)), /is the only voter/],
    [
      'make more voters than a cell may have',
      changedBy(configurationOf(MOST_VOTERS), add(identityOf(9))),
      promote(identityOf(9)),
      /7 voters at the most/,
    ],
    [
      'add more learners than a cell may have',
      after(configurationOf(1), ...Array.from({ length: MOST_LEARNERS }, (_, n) => add(identityOf(n + 2)))),
      add(identityOf(99)),
      /7 learners at the most/,
    ],
  ])('may not %s', (_what, configuration, change, problem) => {
    expect(changeProblem(configuration, change)).toMatch(problem);
    expect(() => changedBy(configuration, change)).toThrow(InvariantViolation);
  });

  it('changes one replica at the most: majorities before and after it meet, and nobody is a member twice', () => {
    const anyChange = fc.record({
      type: fc.constantFrom('addLearner' as const, 'makeVoter' as const, 'remove' as const),
      identity: fc.record({ id: fc.integer({ min: 1, max: 9 }), life: fc.integer({ min: 1, max: 2 }) }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.array(anyChange, { maxLength: 40 }), (size, changes) => {
        let before = configurationOf(size);
        for (const { type, identity } of changes) {
          const change = { type, identity: identityOf(identity.id, identity.id + 10 * (identity.life - 1)) };
          if (changeProblem(before, change) !== undefined) continue;
          const next = changedBy(before, change);
          expect(isOneStep(before, next)).toBe(true);
          const all = new Set([...before.voters, ...next.voters].map(({ incarnation }) => incarnation));
          expect(majority(before) + majority(next)).toBeGreaterThan(all.size);
          const ids = membersOf(next).map(({ replicaId }) => replicaId);
          expect(new Set(ids).size).toBe(ids.length);
          expect(next.voters.some((voter) => isLearner(next, voter))).toBe(false);
          expect(next.voters.length).toBeGreaterThanOrEqual(1);
          expect(next.voters.length).toBeLessThanOrEqual(MOST_VOTERS);
          before = next;
        }
      }),
    );
  });

  it('is more than one step where two voters differ, a number is left out, or nobody votes', () => {
    const before = configurationOf(3, 1);
    expect(isOneStep(before, { ...before, number: 2 })).toBe(true);
    expect(isOneStep(before, { ...before, number: 3 })).toBe(false);
    expect(isOneStep(before, { ...before, number: 1 })).toBe(false);
    expect(isOneStep(before, { number: 2, voters: [], learners: [] })).toBe(false);
    expect(isOneStep(before, configurationOf(5, 2))).toBe(false);
    const swapped = { ...before, number: 2, voters: [identityOf(1), identityOf(2), identityOf(4)] };
    expect(isOneStep(before, swapped)).toBe(false);
    expect(isVoter(swapped, identityOf(3))).toBe(false);
  });
});
