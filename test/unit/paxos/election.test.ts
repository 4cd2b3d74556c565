import { describe, expect, it } from 'vitest';
import type { Rng } from '../../../src/common/rng.js';
import { NO_BALLOT } from '../../../src/paxos/ballot.js';
import { Outbox } from '../../../src/paxos/effects.js';
import { Election } from '../../../src/paxos/election.js';
import { LeaseGrant } from '../../../src/paxos/lease-grant.js';
import type { PreVoteReply } from '../../../src/paxos/messages.js';
import { DEFAULT_LOG_TIMINGS } from '../../../src/paxos/timings.js';
import { ballot, configurationOf, identityOf } from './ids.js';

const id = (n: number) => identityOf(n);
const { electionJitterMs, resendMs, leaseMs } = DEFAULT_LOG_TIMINGS;
const three = configurationOf(3);
const MINE = ballot(4, 1);

const alwaysHalf: Rng = { next: () => 0.5, bytes: (sizeBytes) => new Uint8Array(sizeBytes) };

const elect = (notBeforeMs = 0) => {
  const grant = new LeaseGrant(notBeforeMs);
  const outbox = new Outbox();
  return { grant, outbox, election: new Election(identityOf(1), () => DEFAULT_LOG_TIMINGS, grant, alwaysHalf, outbox) };
};

const reply = (granted: boolean, round = MINE.round): PreVoteReply => ({
  type: 'preVoteReply',
  ballot: ballot(round, 1),
  granted,
  promised: NO_BALLOT,
});

describe('standing', () => {
  it('comes a random pause after the wait of a start is over', () => {
    const { election } = elect(leaseMs);
    expect(election.due(leaseMs + electionJitterMs / 2 - 1)).toBe(false);
    expect(election.due(leaseMs + electionJitterMs / 2)).toBe(true);
  });

  it('comes a random pause after the last grant ended', () => {
    const { election, grant } = elect();
    grant.grant(identityOf(2), ballot(1, 2), 1000, leaseMs);
    election.masterHeard();
    expect(election.due(1000 + leaseMs + electionJitterMs / 2 - 1)).toBe(false);
    expect(election.due(1000 + leaseMs + electionJitterMs / 2)).toBe(true);
  });

  it('never comes while bound, whatever a hand-over says', () => {
    const { election, grant } = elect();
    grant.grant(identityOf(2), ballot(1, 2), 0, leaseMs);
    election.standAtOnce(10);
    expect(election.due(10)).toBe(false);
    grant.release(identityOf(2), ballot(1, 2));
    expect(election.due(10)).toBe(true);
  });

  it('is put off', () => {
    const { election } = elect();
    election.postpone(100, 500);
    expect(election.due(600 + electionJitterMs / 2 - 1)).toBe(false);
    expect(election.due(600 + electionJitterMs / 2)).toBe(true);
  });
});

describe('a pre-vote', () => {
  it('asks every other voter and needs a majority, this replica included', () => {
    const { election, outbox } = elect();
    expect(election.ask(MINE, three, 0)).toBe(false);
    expect(election.preVoting).toBe(true);
    expect(election.due(1000)).toBe(false);
    const asked = outbox.takeEffects().messages;
    expect(asked).toEqual(
      [2, 3].map((to) => ({ to: id(to), message: { type: 'preVote', ballot: MINE, configurationNumber: 1 } })),
    );
    expect(election.answered(id(2), reply(false), three)).toBe(false);
    expect(election.answered(id(3), reply(true), three)).toBe(true);
  });

  it('counts each voter once, and answers to this question only', () => {
    const five = configurationOf(5);
    const { election } = elect();
    expect(election.answered(id(2), reply(true), five)).toBe(false);
    election.ask(MINE, five, 0);
    expect(election.answered(id(2), reply(true), five)).toBe(false);
    expect(election.answered(id(2), reply(true), five)).toBe(false);
    expect(election.answered(id(3), reply(true, MINE.round - 1), five)).toBe(false);
    expect(election.answered(id(3), reply(true), five)).toBe(true);
  });

  it('is won alone by a cell of one', () => {
    expect(elect().election.ask(MINE, configurationOf(1), 0)).toBe(true);
  });

  it('is over when a master shows itself', () => {
    const { election, grant } = elect();
    election.ask(MINE, three, 0);
    grant.grant(identityOf(2), ballot(1, 2), 5, leaseMs);
    election.masterHeard();
    expect(election.preVoting).toBe(false);
    expect(election.answered(id(2), reply(true), three)).toBe(false);
  });

  it('is given up without answers, and repeated after a pause', () => {
    const { election } = elect();
    election.ask(MINE, three, 0);
    election.tick(resendMs - 1);
    expect(election.preVoting).toBe(true);
    election.tick(resendMs);
    expect(election.preVoting).toBe(false);
    expect(election.due(resendMs + electionJitterMs / 2 - 1)).toBe(false);
    expect(election.due(resendMs + electionJitterMs / 2)).toBe(true);
  });
});
