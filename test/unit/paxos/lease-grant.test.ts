import { describe, expect, it } from 'vitest';
import { LeaseGrant } from '../../../src/paxos/lease-grant.js';
import { ballot, identityOf } from './ids.js';

const [one, two] = [identityOf(1), identityOf(2)];
const FREE_FROM_THE_START = -Infinity;

describe('a lease grant', () => {
  it('binds to one replica for the length it names, and leaves that replica free to ask', () => {
    const grant = new LeaseGrant(FREE_FROM_THE_START);
    expect(grant.boundToOther(two, 0)).toBe(false);
    grant.grant(one, ballot(1, 1), 1000, 600);
    expect(grant.boundToOther(two, 1599.9)).toBe(true);
    expect(grant.boundToOther(one, 1000)).toBe(false);
    expect(grant.holder(1599.9)).toEqual(one);
    expect(grant.freeAtMs).toBe(1600);
    expect(grant.boundToOther(two, 1600)).toBe(false);
    expect(grant.holder(1600)).toBeUndefined();
  });

  it('tells a replica from its next life', () => {
    const grant = new LeaseGrant(FREE_FROM_THE_START);
    grant.grant(one, ballot(1, 1), 0, 600);
    expect(grant.boundToOther(identityOf(1, 99), 0)).toBe(true);
  });

  it('never gets shorter by a later message of the same holder', () => {
    const grant = new LeaseGrant(FREE_FROM_THE_START);
    grant.grant(one, ballot(1, 1), 0, 600);
    grant.grant(one, ballot(1, 1), 10, 100);
    expect(grant.freeAtMs).toBe(600);
    grant.grant(one, ballot(1, 1), 20, 600);
    expect(grant.freeAtMs).toBe(620);
  });

  it('is forgotten by a release of its ballot or a higher one, by nobody else and by no older one', () => {
    const grant = new LeaseGrant(FREE_FROM_THE_START);
    expect(grant.release(one, ballot(9, 1))).toBe(false);
    grant.grant(one, ballot(3, 1), 0, 600);
    expect(grant.release(two, ballot(3, 2))).toBe(false);
    expect(grant.release(one, ballot(2, 1))).toBe(false);
    expect(grant.boundToOther(two, 1)).toBe(true);
    expect(grant.release(one, ballot(3, 1))).toBe(true);
    expect(grant.boundToOther(two, 1)).toBe(false);
    expect(grant.freeAtMs).toBe(-Infinity);
  });

  it('lasts through a restart as a wait, which no release ends', () => {
    const grant = new LeaseGrant(500);
    expect(grant.waitsAfterStart(499)).toBe(true);
    expect(grant.waitsAfterStart(500)).toBe(false);
    expect(grant.freeAtMs).toBe(500);
    grant.grant(one, ballot(1, 1), 0, 100);
    expect(grant.release(one, ballot(1, 1))).toBe(true);
    expect(grant.freeAtMs).toBe(500);
    expect(grant.waitsAfterStart(499)).toBe(true);
  });
});
