import { describe, expect, it } from 'vitest';
import { SeededRng } from '../../../src/common/rng.js';
import { NO_BALLOT } from '../../../src/paxos/ballot.js';
import type { Ballot } from '../../../src/paxos/ballot.js';
import { EpochJudge } from '../../../src/paxos/epoch-judge.js';
import type { Prepare } from '../../../src/paxos/messages.js';
import { PaxosNode } from '../../../src/paxos/node.js';
import { DEFAULT_LOG_TIMINGS } from '../../../src/paxos/timings.js';
import { ballot, configurationOf, identityOf, slot, valueOf } from './ids.js';
import { acceptOf, catchUpReplyOf, heartbeatOf, OneNode } from './one-node.js';

const { leaseMs } = DEFAULT_LOG_TIMINGS;
const [B2, B3] = [ballot(1, 2), ballot(1, 3)];

const prepareOf = (at: Ballot, from = 1): Prepare => ({
  type: 'prepare',
  ballot: at,
  firstUnchosenSlot: slot(from),
  configurationNumber: 0,
});
const epochRecord = (at: Ballot, n = 1) => ({ slot: slot(n), ballot: at, value: valueOf(at, 0, '', 'epoch') });
const record = (n: number, at: Ballot, text: string) => ({
  slot: slot(n),
  ballot: at,
  value: valueOf(at, n - 1, text),
});

describe('a voter', () => {
  it('lets a promise leave only when it is on disk', () => {
    const one = new OneNode(3);
    one.replica.syncsAtOnce = false;
    one.hear(2, prepareOf(B2));
    expect(one.sent('promise')).toEqual([]);
    one.replica.sync();
    expect(one.sent('promise')).toMatchObject([{ to: 2, message: { ballot: B2, accepted: [], parts: 1 } }]);
    expect(one.replica.disk.promised).toEqual(B2);
  });

  it('lets an accepted leave only when the record and its ballot are on disk', () => {
    const one = new OneNode(3);
    one.replica.syncsAtOnce = false;
    one.hear(2, acceptOf(epochRecord(B2)));
    expect(one.sent('accepted')).toEqual([]);
    one.replica.sync();
    expect(one.sent('accepted')).toMatchObject([{ to: 2, message: { ballot: B2, slots: [1], transmission: 1 } }]);
    expect(one.replica.disk.promised).toEqual(B2);
    expect(one.replica.disk.records.get(slot(1))).toEqual(epochRecord(B2));
  });

  it('tells a new coordinator all that it accepted above the slots that this one knows', () => {
    const one = new OneNode(3);
    one.hear(2, acceptOf(epochRecord(B2)));
    one.hear(2, acceptOf(record(2, B2, 'x'), 1));
    one.hear(2, acceptOf(record(4, B2, 'z'), 1));
    one.pass(leaseMs);
    one.forgetSent();
    one.hear(3, prepareOf(ballot(2, 3), 1));
    one.hear(3, prepareOf(ballot(2, 3), 4));
    expect(one.sent('promise').map(({ message }) => [message.chosenUpTo, message.accepted.map((r) => r.slot)])).toEqual(
      [
        [1, [2, 4]],
        [1, [4]],
      ],
    );
  });

  it('names the higher ballot to who asks below it', () => {
    const one = new OneNode(3);
    one.hear(3, prepareOf(B3));
    one.forgetSent();
    one.hear(2, prepareOf(B2));
    one.hear(2, acceptOf(epochRecord(B2)));
    one.hear(2, heartbeatOf(B2));
    expect(one.sent('nack').map(({ to, message }) => [to, message])).toEqual(
      Array.from({ length: 3 }, () => [2, { type: 'nack', ballot: B2, promised: B3 }]),
    );
    expect(one.sent('accepted')).toEqual([]);
  });

  it('is bound at receipt, while what it accepted is still on its way to the disk (T8)', () => {
    const one = new OneNode(3);
    one.replica.syncsAtOnce = false;
    one.hear(2, acceptOf(epochRecord(B2)));
    one.hear(3, prepareOf(B3));
    one.hear(3, heartbeatOf(B3));
    one.hear(3, acceptOf(epochRecord(B3)));
    one.hear(3, { type: 'preVote', ballot: B3, configurationNumber: 0 });
    one.replica.sync();
    one.replica.sync();
    expect(one.sent('promise')).toEqual([]);
    expect(one.sent('accepted').map(({ to }) => to)).toEqual([2]);
    expect(one.sent('heartbeatReply')).toEqual([]);
    expect(one.sent('preVoteReply')).toMatchObject([{ to: 3, message: { granted: false, promised: B2 } }]);
    expect(one.node.master(one.nowMs)).toBe(2);
  });

  it('answers others once its grant ran out', () => {
    const one = new OneNode(3);
    one.hear(2, heartbeatOf(B2));
    one.nowMs += leaseMs - 1;
    one.hear(3, prepareOf(B3));
    expect(one.sent('promise')).toEqual([]);
    one.nowMs += 1;
    one.hear(3, prepareOf(B3));
    expect(one.sent('promise')).toMatchObject([{ to: 3 }]);
  });

  it('is not bound by a Prepare', () => {
    const one = new OneNode(3);
    one.hear(2, prepareOf(B2));
    one.hear(3, prepareOf(B3));
    expect(one.sent('promise').map(({ to }) => to)).toEqual([2, 3]);
    expect(one.node.master(one.nowMs)).toBeUndefined();
  });

  it('answers a heartbeat at once where it promised that ballot, and after the write where the heartbeat says it first', () => {
    const one = new OneNode(3);
    one.replica.syncsAtOnce = false;
    one.hear(2, heartbeatOf(B2));
    expect(one.sent('heartbeatReply')).toEqual([]);
    one.replica.sync();
    expect(one.sent('heartbeatReply')).toHaveLength(1);
    one.hear(2, heartbeatOf(B2, 0, 2));
    expect(one.sent('heartbeatReply')).toMatchObject([{ message: { transmission: 2 } }]);
  });

  it('listens to voters only, each in its present life', () => {
    const one = new OneNode(3);
    one.replica.step(identityOf(2, 77), prepareOf({ round: 1, ...identityOf(2, 77) }));
    one.replica.step(identityOf(4), prepareOf(ballot(1, 4)));
    expect(one.sent('promise')).toEqual([]);
    expect(one.node.view(0).promised).toEqual(NO_BALLOT);
  });

  it('refuses a slot under another configuration than the one it knows for it', () => {
    const one = new OneNode(3);
    one.hear(2, acceptOf(epochRecord(B2), 0, { configurationNumber: 1 }));
    expect(one.sent('accepted')).toEqual([]);
    one.hear(2, acceptOf(epochRecord(B2), 0, { configurationNumber: 0 }));
    expect(one.sent('accepted')).toHaveLength(1);
  });

  it('leaves what lies far above its watermark to catch-up', () => {
    const one = new OneNode(3);
    one.hear(2, acceptOf(record(5000, B2, 'far')));
    expect(one.sent('accepted')).toEqual([]);
    expect(one.replica.disk.records.size).toBe(0);
  });

  it('acknowledges what it knows chosen already, and keeps what it has', () => {
    const one = new OneNode(3);
    one.hear(2, acceptOf(epochRecord(B2)));
    one.hear(2, heartbeatOf(B2, 1));
    one.forgetSent();
    one.hear(2, acceptOf({ ...epochRecord(B2), ballot: ballot(3, 2) }, 1));
    expect(one.sent('accepted')).toMatchObject([{ message: { slots: [1] } }]);
    expect(one.chosenUpTo).toBe(1);
    expect(one.applied).toEqual(['epoch 1.2']);
  });

  it('survives a late accept, below the ballot at which its slot was chosen, with another value', () => {
    // 3 sent its accept at 3.3 and was overtaken; the slot was chosen at 4.2 by others. This replica heard of the outcome
    // by catching up with a peer, and promised only 2.2 itself.
    const one = new OneNode(3);
    one.hear(2, heartbeatOf(ballot(2, 2), 1));
    one.hear(2, catchUpReplyOf([epochRecord(ballot(4, 2))]));
    one.nowMs += leaseMs;
    one.hear(3, acceptOf(epochRecord(ballot(3, 3))));
    expect(one.violation).toBeUndefined();
    expect(one.applied).toEqual(['epoch 4.2']);
  });

  it('stops when a chosen slot is proposed with another value at a higher ballot', () => {
    const one = new OneNode(3);
    one.hear(2, acceptOf(epochRecord(B2)));
    one.hear(2, heartbeatOf(B2, 1));
    one.nowMs += leaseMs;
    one.hear(3, acceptOf(epochRecord(ballot(3, 3))));
    expect(one.violation?.message).toBe('slot 1 is chosen once');
  });

  it('leaves the candidate that it promised a lease of time before it stands itself', () => {
    const one = new OneNode(3);
    one.hear(2, prepareOf(B2));
    for (let passedMs = 0; passedMs < leaseMs; passedMs += 20) {
      expect(one.sent('preVote')).toEqual([]);
      one.pass(20);
    }
    for (let passedMs = 0; passedMs < 200; passedMs += 20) one.pass(20);
    expect(one.sent('preVote')).not.toEqual([]);
  });

  it('forgets grants at a release, and stands at once if it is named', () => {
    const one = new OneNode(3);
    one.hear(2, heartbeatOf(B2));
    one.forgetSent();
    one.hear(2, { type: 'release', ballot: B2, successor: identityOf(1).replicaId });
    expect(one.sent('preVote')).toHaveLength(2);
  });

  it('gives the named successor a head start', () => {
    const one = new OneNode(3);
    one.hear(2, heartbeatOf(B2));
    one.hear(2, { type: 'release', ballot: B2, successor: identityOf(3).replicaId });
    one.pass(20);
    expect(one.sent('preVote')).toEqual([]);
    expect(one.node.master(one.nowMs)).toBeUndefined();
  });
});

describe('a voter after a restart', () => {
  const restarted = (): OneNode => {
    const one = new OneNode(3);
    one.hear(2, acceptOf(epochRecord(B2)));
    one.hear(3, { type: 'nack', ballot: B3, promised: B3 });
    one.replica.crash();
    one.replica.start();
    one.forgetSent();
    return one;
  };

  it('waits for the longest lease that it may have granted before it promises or is bound higher (T11)', () => {
    const one = restarted();
    one.nowMs += leaseMs - 1;
    one.hear(3, { type: 'preVote', ballot: B3, configurationNumber: 0 });
    one.hear(3, prepareOf(B3));
    one.hear(3, heartbeatOf(B3));
    expect(one.sent('preVoteReply')).toMatchObject([{ message: { granted: false } }]);
    expect(one.sent('promise')).toEqual([]);
    expect(one.sent('heartbeatReply')).toEqual([]);
    one.nowMs += 1;
    one.hear(3, prepareOf(B3));
    expect(one.sent('promise')).toHaveLength(1);
  });

  it('goes on at the ballot that it promised before', () => {
    const one = restarted();
    one.hear(2, heartbeatOf(B2));
    expect(one.sent('heartbeatReply')).toHaveLength(1);
  });

  it('does not stand meanwhile', () => {
    const one = restarted();
    for (let passedMs = 0; passedMs + 20 < leaseMs; passedMs += 20) one.pass(20);
    expect(one.sent('preVote')).toEqual([]);
  });
});

describe('a lease longer than any before', () => {
  const node = new PaxosNode({
    self: identityOf(1),
    timings: DEFAULT_LOG_TIMINGS,
    rng: new SeededRng(1),
    nowMs: 0,
    longestLeaseMs: 0,
    promised: NO_BALLOT,
    lastRound: 0,
    chosenUpTo: slot(0),
    accepted: [],
    configuration: configurationOf(3),
    judge: new EpochJudge(),
  });

  it('is not granted before the identity file says that it may have been', () => {
    node.step(identityOf(2), heartbeatOf(B2), 0);
    expect(node.master(0)).toBeUndefined();
    expect(node.hasTurn).toBe(false);
    expect(node.takeEffects()).toMatchObject({ messages: [], raiseLongestLeaseMs: leaseMs });
    node.longestLeaseRaised(leaseMs);
    node.step(identityOf(2), heartbeatOf(B2), 1);
    expect(node.master(1)).toBe(2);
    expect(node.takeTurn().messages).toMatchObject([{ to: identityOf(2), message: { type: 'heartbeatReply' } }]);
  });
});

describe('a voter whose disk is slow', () => {
  it('gives a repeated question the same answer, so that lost parts can be made up for', () => {
    const one = new OneNode(3);
    for (let n = 1; n <= 3; n++) one.hear(2, acceptOf(record(n, B2, 'x'.repeat(400_000))));
    one.pass(leaseMs);
    const answers = [0, 1].map(() => {
      one.forgetSent();
      one.hear(3, prepareOf(ballot(2, 3)));
      return one.sent('promise').map(({ message }) => message);
    });
    expect(answers[0]!.length).toBeGreaterThan(1);
    expect(answers[1]).toEqual(answers[0]);
  });

  it('writes a retransmission of what it holds no second time', () => {
    const one = new OneNode(3);
    one.replica.syncsAtOnce = false;
    for (let n = 1; n <= 100; n++) one.hear(2, acceptOf(epochRecord(B2), 0, { transmission: n }));
    one.replica.sync();
    one.replica.sync();
    expect(one.replica.turnUnderWay?.accepted ?? []).toEqual([]);
    expect(one.sent('accepted').at(-1)).toMatchObject({ message: { slots: [1], transmission: 100 } });
  });

  it('fetches no more either than a bound while its disk hangs', () => {
    const one = new OneNode(3);
    one.replica.syncsAtOnce = false;
    const chosen = Array.from({ length: 40 }, (_, index) => record(index + 1, B2, 'x'.repeat(1_000_000)));
    one.hear(2, heartbeatOf(B2, 40));
    for (let asked = 0; asked < 40; asked++) {
      one.pass(leaseMs / 4);
      const [request] = one.sent('catchUpRequest');
      if (request === undefined) break;
      const { fromSlot } = request.message;
      one.hear(2, catchUpReplyOf(chosen.slice(fromSlot - 1, fromSlot), 40));
      one.hear(2, heartbeatOf(B2, 40));
    }
    expect(one.chosenUpTo).toBeGreaterThan(10);
    expect(one.chosenUpTo).toBeLessThan(20);
  });

  it('takes no more than a bound, and stays bound to the master all the same', () => {
    const one = new OneNode(3);
    one.replica.syncsAtOnce = false;
    const large = 'x'.repeat(1_000_000);
    for (let n = 1; n <= 40; n++) one.hear(2, acceptOf(record(n, B2, large), n - 1));
    one.replica.sync();
    const waiting = one.replica.turnUnderWay!.accepted.length;
    expect(waiting).toBeGreaterThan(10);
    expect(waiting).toBeLessThan(20);
    expect(one.node.master(one.nowMs)).toBe(2);
  });
});

describe('what overtakes what on three connections', () => {
  it('binds nobody to a master that has released: a value sent before may come after', () => {
    const one = new OneNode(3);
    one.hear(2, acceptOf(epochRecord(B2)));
    one.hear(2, { type: 'release', ballot: B2, successor: identityOf(3).replicaId });
    one.hear(2, acceptOf(record(2, B2, 'late')));
    one.forgetSent();
    one.hear(3, prepareOf(ballot(2, 3)));
    expect(one.sent('promise')).toHaveLength(1);
  });

  it('fetches what a heartbeat is ahead of only when it does not come by itself', () => {
    const one = new OneNode(3);
    one.hear(2, heartbeatOf(B2, 1));
    one.pass(DEFAULT_LOG_TIMINGS.resendMs - 10);
    expect(one.sent('catchUpRequest')).toEqual([]);
    one.pass(20);
    expect(one.sent('catchUpRequest')).toHaveLength(1);
  });
});
