import { describe, expect, it } from 'vitest';
import type { Ballot } from '../../../src/paxos/ballot.js';
import { DEFAULT_LOG_TIMINGS } from '../../../src/paxos/timings.js';
import { ballot, slot, valueOf } from './ids.js';
import { acceptedOf, acceptOf, catchUpReplyOf, heartbeatOf, OneNode, promiseOf } from './one-node.js';

const { leaseMs, renewMs, resendMs } = DEFAULT_LOG_TIMINGS;

/** A voter whose wait after its start is over, short of space. */
function shortVoter(): OneNode {
  const one = new OneNode(3);
  one.node.setSpace('short', one.nowMs);
  return one;
}

const record = (at: Ballot, number: number, body = 'x') => ({
  slot: slot(number),
  ballot: at,
  value: valueOf(at, number, body),
});

describe('a voter short of space (DESIGN 3.11)', () => {
  it('refuses a value, says so, and grants the lease that the message asks for', () => {
    const one = shortVoter();
    const master = ballot(1, 2);
    one.hear(2, acceptOf(record(master, 1), 0, { transmission: 7 }));
    expect(one.sent('accepted')).toEqual([]);
    expect(one.sent('nack')).toEqual([]);
    expect(one.sent('heartbeatReply')).toMatchObject([{ to: 2, message: { transmission: 7, short: true } }]);
    expect(one.node.master(one.nowMs)).toBe(2);
    expect(one.replica.disk.records.size).toBe(0);
  });

  it('accepts what may use the reserve, and what it holds already', () => {
    const one = new OneNode(3);
    const master = ballot(1, 2);
    one.hear(2, acceptOf(record(master, 1)));
    one.node.setSpace('short', one.nowMs);
    one.sent('accepted');
    one.hear(2, acceptOf(record(master, 1), 0, { transmission: 2 }));
    one.hear(2, acceptOf(record(master, 2), 0, { transmission: 3, usesReserve: true }));
    expect(one.sent('accepted').flatMap(({ message }) => message.slots)).toEqual([1, 2]);
  });

  it('promises, and answers heartbeats with its want', () => {
    const one = shortVoter();
    one.hear(3, { type: 'prepare', ballot: ballot(4, 3), firstUnchosenSlot: slot(1), configurationNumber: 0 });
    expect(one.sent('promise')).toHaveLength(1);
    one.hear(3, heartbeatOf(ballot(4, 3)));
    expect(one.sent('heartbeatReply')).toMatchObject([{ message: { short: true } }]);
  });

  it('fetches nothing that it misses, unless the whole cell is short, and then not with a spent reserve', () => {
    const one = shortVoter();
    const master = ballot(1, 2);
    const asks = (usesReserve: boolean, transmission: number): number => {
      one.hear(2, heartbeatOf(master, 3, transmission, { usesReserve }));
      for (let passedMs = 0; passedMs < 2 * resendMs; passedMs += 20) one.pass(20);
      return one.sent('catchUpRequest').length;
    };
    expect(asks(false, 1)).toBe(0);
    one.hear(2, catchUpReplyOf([record(master, 1)]));
    expect(one.chosenUpTo).toBe(0);
    expect(asks(true, 2)).toBeGreaterThan(0);
    one.node.setSpace('spent', one.nowMs);
    expect(asks(true, 3)).toBe(0);
    one.node.setSpace('ample', one.nowMs);
    expect(asks(false, 4)).toBeGreaterThan(0);
  });

  it('leaves it to the others for a lease to stand', () => {
    const one = shortVoter();
    one.hear(2, heartbeatOf(ballot(1, 2)));
    while (one.nowMs < 2 * leaseMs) one.pass(20);
    expect(one.sent('preVote')).toEqual([]);
    while (one.nowMs < 3 * leaseMs) one.pass(20);
    expect(one.sent('preVote')).not.toEqual([]);
  });
});

describe('a master', () => {
  /** These peers say that they are short of space, the others that they are not; values are not answered. */
  function heartbeatsAnswered(one: OneNode, short: readonly number[], silent: readonly number[] = []): void {
    one.pass(renewMs);
    for (const { to, message } of one.sent('heartbeat')) {
      const { ballot: at, transmission } = message;
      if (silent.includes(to)) continue;
      one.hear(to, {
        type: 'heartbeatReply',
        ballot: at,
        transmission,
        chosenUpTo: slot(0),
        short: short.includes(to),
      });
    }
  }

  it('knows that its cell is short when the voters with room are no majority', () => {
    const one = new OneNode(5);
    one.reign();
    heartbeatsAnswered(one, [2, 3]);
    expect(one.node.cellShort).toBe(false);
    heartbeatsAnswered(one, [2, 3, 4]);
    expect(one.node.cellShort).toBe(true);
    heartbeatsAnswered(one, [2, 3]);
    expect(one.node.cellShort).toBe(false);
  });

  it('does not count on the room of who is silent, once somebody is short', () => {
    const one = new OneNode(5);
    one.reign();
    for (let beats = 0; beats < 20; beats++) heartbeatsAnswered(one, [], [5]);
    expect(one.node.cellShort).toBe(false);
    heartbeatsAnswered(one, [2, 3], [5]);
    expect(one.node.cellShort).toBe(true);
  });

  it('has what was in flight accepted on the reserve, so that it blocks nothing behind it', () => {
    const one = new OneNode(3);
    one.reign();
    one.replica.propose(Buffer.from('x'));
    expect(one.sent('accept').map(({ message }) => message.usesReserve)).toEqual([false, false]);
    heartbeatsAnswered(one, [2, 3]);
    one.pass(20);
    const again = one.sent('accept').slice(-2);
    expect(again.map(({ message }) => message.usesReserve)).toEqual([true, true]);
    one.hear(2, acceptedOf(again[0]!.message));
    expect(one.applied.at(-1)).toBe('x');
    heartbeatsAnswered(one, [2, 3]);
    one.pass(renewMs);
    expect(one.sent('heartbeat').map(({ message }) => message.usesReserve)).toEqual([true, true]);
  });

  it('begins its reign on the reserve: epoch value, configuration, and what it re-proposes', () => {
    const one = new OneNode(3);
    const mine = one.stand();
    one.hear(2, promiseOf(mine, [record(ballot(1, 3), 1)]));
    const accepts = one.sent('accept').filter(({ to }) => to === 2);
    expect(accepts.map(({ message }) => message.usesReserve)).toEqual([true, true]);
    for (const { message } of accepts) one.hear(2, acceptedOf(message));
    expect(one.sent('accept').map(({ message }) => message.usesReserve)).toEqual([true, true]);
  });

  it('gives its place to one with room when its own disk is short, and to nobody where there is none', () => {
    const one = new OneNode(3);
    one.reign();
    one.node.setSpace('short', one.nowMs);
    for (let beats = 0; beats < 5; beats++) heartbeatsAnswered(one, [2, 3]);
    expect(one.node.shouldYieldForSpace(one.nowMs)).toBe(false);
    heartbeatsAnswered(one, [2]);
    expect(one.node.shouldYieldForSpace(one.nowMs)).toBe(true);
    one.replica.handOver(0);
    expect(one.sent('release').map(({ message }) => message.successor)).toEqual([3, 3]);
  });
});
