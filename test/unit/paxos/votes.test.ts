import { describe, expect, it } from 'vitest';
import { Votes } from '../../../src/paxos/votes.js';
import { configurationOf, identityOf } from './ids.js';

describe('votes', () => {
  it('are a majority of the configuration asked about, whoever else gave one', () => {
    const votes = new Votes();
    for (const id of [1, 2, 3]) votes.add(identityOf(id), configurationOf(5));
    expect(votes.isMajorityOf(configurationOf(5))).toBe(true);
    expect(votes.isMajorityOf(configurationOf(7))).toBe(false);
    const without = { ...configurationOf(5), voters: [1, 4, 5].map((id) => identityOf(id)) };
    expect(votes.isMajorityOf(without)).toBe(false);
  });

  it('count once, of a voter, in the life that votes', () => {
    const votes = new Votes();
    for (const identity of [identityOf(1), identityOf(1), identityOf(2, 77), identityOf(9)]) {
      votes.add(identity, configurationOf(3));
    }
    expect(votes.isMajorityOf(configurationOf(3))).toBe(false);
    expect([identityOf(1), identityOf(2, 77), identityOf(9)].map((id) => votes.has(id))).toEqual([true, false, false]);
    votes.add(identityOf(2), configurationOf(3));
    expect(votes.isMajorityOf(configurationOf(3))).toBe(true);
  });

  it('are none of anybody where nobody votes', () => {
    expect(new Votes().isMajorityOf({ number: 0, voters: [], learners: [] })).toBe(false);
  });
});
