import { describe, expect, it } from 'vitest';
import type { AcceptedRecord } from '../../../src/paxos/accepted-record.js';
import type { Ballot } from '../../../src/paxos/ballot.js';
import { encodeConfiguration } from '../../../src/paxos/configuration.js';
import { DEFAULT_LOG_TIMINGS } from '../../../src/paxos/timings.js';
import { decodeValue, encodeValue } from '../../../src/paxos/value.js';
import { ballot, configurationOf, identityOf, slot, valueOf } from './ids.js';
import { acceptedOf, acceptOf, catchUpReplyOf, heartbeatOf, OneNode, promiseOf } from './one-node.js';
import { nameOfValue } from './watch.js';

const { leaseMs, resendMs, windowSlots } = DEFAULT_LOG_TIMINGS;

const record = (n: number, at: Ballot, order: number, text: string): AcceptedRecord => ({
  slot: slot(n),
  ballot: at,
  value: valueOf(at, order, text),
});
const epochRecord = (n: number, epoch: Ballot, at = epoch): AcceptedRecord => ({
  slot: slot(n),
  ballot: at,
  value: valueOf(epoch, 0, '', 'epoch'),
});
const configurationRecord = (n: number, at: Ballot): AcceptedRecord => ({
  slot: slot(n),
  ballot: at,
  value: encodeValue({ kind: 'configuration', epoch: at, orderInEpoch: 1 }, encodeConfiguration(configurationOf(3, 1))),
});

const propose = (one: OneNode, text: string): number | undefined => one.replica.propose(Buffer.from(text));
const proposals = (one: OneNode): string[] =>
  one
    .sent('accept')
    .filter(({ to }) => to === 2)
    .map(({ message }) => `${message.slot} ${nameOfValue(message.value)}`);

describe('standing', () => {
  it('has its round on disk before its Prepare leaves (T7)', () => {
    const one = new OneNode(3);
    one.replica.syncsAtOnce = false;
    for (let ticks = 0; ticks < 10; ticks++) one.pass(20);
    const asked = one.sent('preVote')[0]!.message.ballot;
    one.hear(2, { type: 'preVoteReply', ballot: asked, granted: true, promised: ballot(4, 2) });
    expect(one.sent('prepare')).toEqual([]);
    one.replica.sync();
    expect(one.sent('prepare')).toMatchObject([
      { message: { ballot: ballot(5, 1) } },
      { message: { ballot: ballot(5, 1) } },
    ]);
    expect(one.replica.disk).toMatchObject({ lastRound: 5, promised: ballot(5, 1) });
  });

  it('draws a new round in each life', () => {
    const one = new OneNode(3);
    const first = one.stand();
    one.replica.crash();
    one.replica.start();
    expect(one.stand().round).toBeGreaterThan(first.round);
  });

  it('is no coordinator before its own promise is on disk', () => {
    const one = new OneNode(3);
    const mine = one.stand();
    one.replica.syncsAtOnce = false;
    one.forgetSent();
    // A second candidacy, whose write takes long: promises of the others alone do not make a coordinator.
    one.hear(2, { type: 'nack', ballot: mine, promised: ballot(7, 2) });
    for (let ticks = 0; ticks < 20; ticks++) one.pass(20);
    const asked = one.sent('preVote').at(-1)!.message.ballot;
    one.hear(2, { type: 'preVoteReply', ballot: asked, granted: true, promised: ballot(7, 2) });
    one.hear(2, promiseOf(ballot(8, 1), []));
    one.hear(3, promiseOf(ballot(8, 1), []));
    expect(one.node.view(one.nowMs).role).toBe('candidate');
    expect(one.sent('accept')).toEqual([]);
    one.replica.sync();
    expect(one.node.view(one.nowMs).role).toBe('coordinator');
  });

  it('sends its Prepare again to who did not answer, and gives up after a lease', () => {
    const one = new OneNode(5);
    const mine = one.stand();
    one.hear(2, promiseOf(mine, []));
    one.forgetSent();
    one.pass(resendMs);
    expect(one.sent('prepare').map(({ to }) => to)).toEqual([3, 4, 5]);
    one.pass(leaseMs);
    expect(one.node.view(one.nowMs).role).toBe('follower');
    one.hear(3, promiseOf(mine, []));
    expect(one.node.reigning).toBe(false);
  });
});

describe('a new coordinator', () => {
  it('re-proposes what phase 1 showed, fills gaps, then proposes its epoch, and begins when all of it is applied', () => {
    const one = new OneNode(3);
    const old = ballot(1, 2);
    const mine = one.stand(old);
    one.hear(2, promiseOf(mine, [epochRecord(1, old), record(3, old, 2, 'y')]));
    expect(one.sent('accept').map(({ to, message }) => `${to} ${message.slot} ${nameOfValue(message.value)}`)).toEqual([
      '2 1 epoch 1.2',
      '3 1 epoch 1.2',
      '2 2 noop',
      '3 2 noop',
      '2 3 y',
      '3 3 y',
      '2 4 epoch 2.1',
      '3 4 epoch 2.1',
    ]);
    expect(one.node.canPropose).toBe(false);
  });

  it('catches up with the highest watermark before it proposes anything', () => {
    const one = new OneNode(3);
    const old = ballot(1, 2);
    const mine = one.stand(old);
    one.hear(3, promiseOf(mine, [record(3, old, 2, 'y')], { chosenUpTo: slot(2) }));
    expect(one.sent('accept')).toEqual([]);
    expect(one.sent('catchUpRequest')).toMatchObject([{ to: 3, message: { fromSlot: 1 } }]);
    one.hear(3, catchUpReplyOf([epochRecord(1, old)], 2));
    expect(one.sent('accept')).toEqual([]);
    one.hear(3, catchUpReplyOf([record(2, old, 1, 'x')], 2));
    expect(proposals(one)).toEqual(['3 y', '4 epoch 2.1']);
    expect(one.applied).toEqual(['epoch 1.2', 'x']);
  });

  it('keeps its lease while it catches up, and does not serve', () => {
    const one = new OneNode(3);
    const mine = one.stand();
    one.hear(3, promiseOf(mine, [], { chosenUpTo: slot(2) }));
    for (let ticks = 0; ticks < 60; ticks++) {
      one.pass(20);
      one.answers([2]);
    }
    expect(one.node.view(one.nowMs)).toMatchObject({ role: 'coordinator', master: 1 });
    expect(one.replica.serving).toBeUndefined();
  });

  it('gives up when whoever knows more never answers', () => {
    const one = new OneNode(3);
    const mine = one.stand();
    one.hear(3, promiseOf(mine, [], { chosenUpTo: slot(2) }));
    for (let ticks = 0; ticks < 150; ticks++) {
      one.pass(20);
      one.sent('preVote');
      one.answers([2]);
    }
    expect(one.node.reigning).toBe(false);
  });

  it('delivers the chosen value of a slot, not its own, when a peer answers a question of its earlier life', () => {
    // In an earlier life this replica asked 2 from slot 3 on. It restarted, forgot, and stood; 2 took over at 9.2, chose
    // slots 3 and 4, and answers the old question now.
    const one = new OneNode(3);
    const [old, next] = [ballot(1, 2), ballot(9, 2)];
    const mine = one.stand(ballot(4, 2));
    one.hear(3, promiseOf(mine, [record(2, old, 1, 'x')], { chosenUpTo: slot(1) }));
    one.hear(2, catchUpReplyOf([record(3, next, 2, 'chosen'), record(4, next, 3, 'too')]));
    one.hear(3, catchUpReplyOf([epochRecord(1, old)]));
    expect(proposals(one)).toEqual(['2 x', '3 epoch 5.1']);
    one.pass(2 * leaseMs + 100);
    one.hear(2, acceptOf({ ...record(2, old, 1, 'x'), ballot: next }, 1));
    one.hear(2, heartbeatOf(next, 4));
    expect(one.applied).toEqual(['epoch 1.2', 'x']);
    one.hear(2, catchUpReplyOf([record(3, next, 2, 'chosen'), record(4, next, 3, 'too')]));
    expect(one.applied).toEqual(['epoch 1.2', 'x', '(chosen)', '(too)']);
    expect(one.violation).toBeUndefined();
  });

  it('stops being one when its epoch is not the one in force after all', () => {
    const one = new OneNode(3);
    const mine = one.stand();
    one.hear(2, promiseOf(mine, [epochRecord(1, ballot(9, 3), ballot(1, 0))]));
    one.answers();
    expect(one.applied[0]).toBe('epoch 9.3');
    expect(one.node.reigning).toBe(false);
    expect(one.notices.some(({ type }) => type === 'reignBegan')).toBe(false);
  });

  it('founds the configuration before it begins, in a new cell', () => {
    const one = new OneNode(3);
    one.reign();
    expect(one.applied).toEqual(['epoch 1.1', 'configuration']);
    expect(one.node.configuration.number).toBe(1);
    expect(one.notices.at(-1)).toEqual({ type: 'reignBegan', epoch: ballot(1, 1) });
  });
});

describe('re-proposing past the first configuration', () => {
  const old = ballot(1, 2);
  const found = [epochRecord(1, old), configurationRecord(2, old), record(3, old, 2, 'x')];

  /** What 2 would accept, answered; slots above `last` are lost on the way. */
  const answerUpTo = (one: OneNode, last: number): void => {
    for (const { to, message } of one.sent('accept')) {
      if (to === 2 && message.slot <= last) one.hear(2, acceptedOf(message));
    }
  };

  it('counts its own votes for what follows, also when they reach the disk after the change is chosen', () => {
    const one = new OneNode(3);
    const mine = one.stand(old);
    one.replica.syncsAtOnce = false;
    one.hear(2, promiseOf(mine, found));
    for (let rounds = 0; rounds < 3; rounds++) {
      answerUpTo(one, 9);
      one.replica.sync();
    }
    expect(one.applied).toEqual(['epoch 1.2', 'configuration', 'x', 'epoch 2.1']);
  });

  it('sends again what was lost under the configuration that holds for the slot by then', () => {
    const one = new OneNode(3);
    const mine = one.stand(old);
    one.hear(2, promiseOf(mine, found));
    answerUpTo(one, 2);
    expect(one.node.configuration.number).toBe(1);
    one.pass(resendMs);
    const again = one.sent('accept').map(({ message }) => message);
    expect(again.some((accept) => accept.slot === 3)).toBe(true);
    expect(again.filter((accept) => accept.slot >= 3 && accept.configurationNumber !== 1)).toEqual([]);
  });
});

describe('a master', () => {
  it('counts its own vote once it is on disk, and not before', () => {
    const one = new OneNode(3);
    one.reign();
    one.replica.syncsAtOnce = false;
    propose(one, 'x');
    const accept = one.sent('accept').find(({ to }) => to === 2)!.message;
    one.hear(2, acceptedOf(accept));
    expect(one.applied).not.toContain('x');
    one.replica.sync();
    expect(one.applied).toContain('x');
  });

  it('needs no vote of its own where the others are a majority', () => {
    const one = new OneNode(3);
    one.reign();
    one.replica.syncsAtOnce = false;
    propose(one, 'x');
    for (const { to, message } of one.sent('accept')) one.hear(to, acceptedOf(message));
    expect(one.applied).toContain('x');
  });

  it('counts a voter once, and only answers at its own ballot and configuration', () => {
    const one = new OneNode(5);
    const mine = one.reign();
    propose(one, 'x');
    const accept = one.sent('accept').find(({ to }) => to === 2)!.message;
    one.hear(2, acceptedOf(accept));
    one.hear(2, acceptedOf(accept));
    one.hear(3, { ...acceptedOf(accept), ballot: { ...mine, round: mine.round + 1 } });
    one.hear(3, { ...acceptedOf(accept), configurationNumber: 0 });
    expect(one.applied).not.toContain('x');
    one.hear(3, acceptedOf(accept));
    expect(one.applied).toContain('x');
  });

  it('proposes no more than its window, and goes on when there is room', () => {
    const one = new OneNode(3);
    one.reign();
    for (let n = 0; n < windowSlots; n++) expect(propose(one, `v${n}`)).toBeDefined();
    expect(propose(one, 'too many')).toBeUndefined();
    one.answers();
    expect(propose(one, 'later')).toBeDefined();
  });

  it('numbers its values within its epoch', () => {
    const one = new OneNode(3);
    const epoch = one.reign();
    for (const text of ['x', 'y']) propose(one, text);
    const headers = one
      .sent('accept')
      .filter(({ to }) => to === 2)
      .map(({ message }) => decodeValue(message.value).header);
    // The configuration of a new cell was the first.
    expect(headers).toEqual([2, 3].map((orderInEpoch) => ({ kind: 'operations', epoch, orderInEpoch })));
  });

  it('sends again under a new number what was not answered', () => {
    const one = new OneNode(3);
    one.reign();
    propose(one, 'x');
    const first = one.sent('accept')[0]!.message.transmission;
    one.pass(resendMs - 1);
    expect(one.sent('accept')).toEqual([]);
    one.pass(1);
    const again = one.sent('accept');
    expect(again.map(({ to }) => to)).toEqual([2, 3]);
    expect(again[0]!.message.transmission).toBeGreaterThan(first);
  });

  it('serves as long as its lease, tested at the moment of asking, and ends a renewal later', () => {
    const one = new OneNode(3);
    const epoch = one.reign();
    one.pass(DEFAULT_LOG_TIMINGS.renewMs);
    const sentAtMs = one.nowMs;
    one.answers([2]);
    one.nowMs = sentAtMs + leaseMs * 0.9 - 20 - 0.01;
    expect(one.replica.serving).toEqual(epoch);
    one.nowMs += 0.01;
    expect(one.replica.serving).toBeUndefined();
    one.pass(0);
    one.pass(DEFAULT_LOG_TIMINGS.renewMs - 1);
    expect(one.notices.at(-1)?.type).toBe('reignBegan');
    expect(one.replica.serving).toBeUndefined();
    one.pass(1);
    expect(one.notices.at(-1)).toEqual({ type: 'reignEnded', cause: 'the lease was not renewed in time' });
  });

  it('goes on when it was kept from running past its lease, once what it was answered meanwhile is read', () => {
    const one = new OneNode(3);
    const epoch = one.reign();
    one.pass(2 * leaseMs);
    expect(one.replica.serving).toBeUndefined();
    one.answers([2]);
    expect(one.replica.serving).toEqual(epoch);
    one.pass(DEFAULT_LOG_TIMINGS.renewMs);
    expect(one.replica.serving).toEqual(epoch);
  });

  it('ends when the machine was suspended', () => {
    const one = new OneNode(3);
    one.reign();
    one.node.clockJumped(one.nowMs);
    expect(one.replica.serving).toBeUndefined();
    expect(one.node.reigning).toBe(false);
  });

  it('ends when the cell has chosen nothing for long, though it holds its lease', () => {
    const one = new OneNode(3);
    one.reign();
    propose(one, 'x');
    for (let passedMs = 0; passedMs < 5 * leaseMs && one.node.reigning; passedMs += 20) {
      one.pass(20);
      one.sent('accept');
      one.answers();
    }
    expect(one.notices.at(-1)).toEqual({ type: 'reignEnded', cause: 'nothing was chosen for four leases' });
  });

  it('is nobody else’s voter while it holds its lease', () => {
    const one = new OneNode(3);
    one.reign();
    one.hear(2, { type: 'prepare', ballot: ballot(9, 2), firstUnchosenSlot: slot(1), configurationNumber: 1 });
    one.hear(2, heartbeatOf(ballot(9, 2)));
    expect(one.sent('promise')).toEqual([]);
    expect(one.node.reigning).toBe(true);
  });
});

describe('a higher ballot under the lease', () => {
  /** A master that was told of ballot 9.2 and is preparing 10.1, with x pending. */
  const boosting = (): { one: OneNode; epoch: Ballot; higher: Ballot } => {
    const one = new OneNode(3);
    const epoch = one.reign();
    propose(one, 'x');
    one.sent('accept');
    one.hear(2, { type: 'nack', ballot: epoch, promised: ballot(9, 2) });
    return { one, epoch, higher: ballot(10, 1) };
  };

  it('keeps the epoch and re-proposes pending values as they are', () => {
    const { one, epoch, higher } = boosting();
    expect(one.node.canPropose).toBe(false);
    one.hear(3, promiseOf(higher, []));
    const accepts = one.sent('accept').filter(({ to }) => to === 3);
    expect(accepts.map(({ message }) => message.ballot)).toEqual([higher]);
    expect(decodeValue(accepts[0]!.message.value).header).toMatchObject({ epoch, kind: 'operations' });
    one.hear(3, acceptedOf(accepts[0]!.message));
    expect(one.applied.at(-1)).toBe('x');
    expect(one.replica.serving).toEqual(epoch);
    expect(propose(one, 'y')).toBeDefined();
  });

  it('renews the lease meanwhile by heartbeats at the higher ballot', () => {
    const { one, epoch, higher } = boosting();
    one.sent('prepare');
    one.pass(DEFAULT_LOG_TIMINGS.renewMs);
    const sent = one.sent('heartbeat');
    expect(sent.map(({ message }) => message.ballot)).toEqual([higher, higher]);
    one.hear(2, {
      type: 'heartbeatReply',
      ballot: higher,
      transmission: sent[0]!.message.transmission,
      chosenUpTo: slot(0),
      short: false,
    });
    one.nowMs += 500;
    expect(one.replica.serving).toEqual(epoch);
  });

  it('is asked for again when its Prepare was lost', () => {
    const { one } = boosting();
    one.forgetSent();
    for (let ticks = 0; ticks < 20; ticks++) {
      one.pass(20);
      one.answers();
    }
    expect(one.node.canPropose).toBe(true);
    expect(one.applied).toContain('x');
  });

  it('ends the reign when no quorum promises it for a lease, though heartbeats are answered', () => {
    const { one } = boosting();
    for (let passedMs = 0; passedMs < 2 * leaseMs && one.node.reigning; passedMs += 20) {
      one.sent('prepare');
      one.answers();
      one.pass(20);
    }
    expect(one.node.reigning).toBe(false);
  });

  it('is an election with a new epoch when the lease had a gap', () => {
    const { one, epoch, higher } = boosting();
    one.nowMs += leaseMs;
    one.hear(3, promiseOf(higher, []));
    expect(one.notices.at(-1)).toMatchObject({ type: 'reignEnded' });
    one.answers();
    expect(one.notices.at(-1)).toEqual({ type: 'reignBegan', epoch: higher });
    expect(one.replica.serving).not.toEqual(epoch);
  });

  it('ends the reign when it brings another epoch into force in place of a pending value', () => {
    const { one, higher } = boosting();
    // 2 was a coordinator at 9.2 for a moment, saw nothing of x, and 3 accepted its epoch value in the slot of x.
    one.hear(3, promiseOf(higher, [epochRecord(3, ballot(9, 2))]));
    expect(one.notices.at(-1)).toMatchObject({ type: 'reignEnded' });
    one.answers();
    expect(one.applied).toContain('epoch 9.2');
  });

  it('ends the reign when it replaces the last pending value, whose submitter would wait for ever', () => {
    const { one, higher } = boosting();
    // As above, but 2 had something else to begin with: a no-op in the slot of x is all that reached 3.
    const noop = { slot: slot(3), ballot: ballot(9, 2), value: valueOf(ballot(9, 2), 0, '', 'noop') };
    one.hear(3, promiseOf(higher, [noop]));
    for (let ticks = 0; ticks < 10; ticks++) {
      one.answers();
      one.pass(20);
    }
    expect(one.applied).not.toContain('x');
    expect(one.notices.map(({ type }) => type).filter((type) => type !== 'delivered')).toEqual([
      'reignBegan',
      'reignEnded',
      'reignBegan',
    ]);
  });

  it('is no news once it is above what a voter promised', () => {
    const { one, epoch } = boosting();
    one.forgetSent();
    one.hear(2, { type: 'nack', ballot: epoch, promised: ballot(9, 2) });
    expect(one.sent('prepare')).toEqual([]);
    one.hear(2, { type: 'nack', ballot: ballot(10, 1), promised: ballot(12, 2) });
    expect(one.sent('prepare').map(({ message }) => message.ballot.round)).toEqual([13, 13]);
  });
});

describe('a hand-over', () => {
  it('is done at once when nothing is in flight, and names the voter that knows most', () => {
    const one = new OneNode(3);
    const mine = one.reign();
    one.pass(DEFAULT_LOG_TIMINGS.renewMs);
    for (const { to, message } of one.sent('heartbeat')) {
      const chosenUpTo = slot(to === 3 ? 2 : 1);
      one.hear(to, {
        type: 'heartbeatReply',
        ballot: mine,
        transmission: message.transmission,
        chosenUpTo,
        short: false,
      });
    }
    one.replica.handOver(300);
    expect(one.node.reigning).toBe(false);
    expect(one.replica.serving).toBeUndefined();
    expect(one.sent('release')).toEqual(
      [2, 3].map((to) => ({ to, message: { type: 'release', ballot: mine, successor: identityOf(3).replicaId } })),
    );
  });

  it('lets what is in flight be chosen first, and takes nothing new', () => {
    const one = new OneNode(3);
    one.reign();
    propose(one, 'x');
    one.replica.handOver(300);
    expect(one.sent('release')).toEqual([]);
    expect(propose(one, 'y')).toBeUndefined();
    one.answers();
    one.pass(20);
    expect(one.applied).toContain('x');
    expect(one.sent('release')).toHaveLength(2);
  });

  it('does not wait longer than it is told to', () => {
    const one = new OneNode(3);
    one.reign();
    propose(one, 'x');
    one.replica.handOver(100);
    one.pass(80);
    expect(one.node.reigning).toBe(true);
    one.pass(20);
    expect(one.node.reigning).toBe(false);
  });

  it('takes nothing new either when it was asked for before the reign began', () => {
    const one = new OneNode(3);
    const mine = one.stand();
    one.hear(2, promiseOf(mine, []));
    one.replica.handOver(300);
    one.answers();
    expect(propose(one, 'x')).toBeUndefined();
  });

  it('comes back only at a higher ballot', () => {
    const one = new OneNode(3);
    const mine = one.reign();
    one.replica.handOver(300);
    one.forgetSent();
    const again = one.reign();
    expect(again.round).toBeGreaterThan(mine.round);
  });

  it('releases nobody from a reign that it does not have', () => {
    const one = new OneNode(3);
    one.replica.handOver(300);
    expect(one.sent('release')).toEqual([]);
  });
});

describe('values in flight', () => {
  it('are no more than the next candidate can fetch within a lease', () => {
    const one = new OneNode(3);
    one.reign();
    let proposed = 0;
    while (proposed < windowSlots && propose(one, 'x'.repeat(1_000_000)) !== undefined) proposed++;
    expect(proposed).toBe(5);
    one.answers();
    expect(one.node.canPropose).toBe(true);
  });

  it('are sent again at growing intervals to who does not answer', () => {
    const one = new OneNode(3);
    one.reign();
    one.forgetSent();
    propose(one, 'x');
    for (let passedMs = 0; passedMs < 10 * resendMs; passedMs += 10) {
      one.pass(10);
      // The lease is renewed; the value is not answered.
      for (const { to, message } of one.sent('heartbeat')) {
        one.hear(to, {
          type: 'heartbeatReply',
          ballot: message.ballot,
          transmission: message.transmission,
          chosenUpTo: slot(0),
          short: false,
        });
      }
    }
    const sent = one.sent('accept').filter(({ to }) => to === 2).length;
    expect(sent).toBeGreaterThan(2);
    expect(sent).toBeLessThan(6);
  });
});

describe('a second boost', () => {
  it('may begin while the first still re-proposes a change of who votes', () => {
    const one = new OneNode(3);
    const epoch = one.reign();
    const old = ballot(1, 3);
    const change = { ...configurationRecord(3, old), ballot: ballot(9, 2) };
    const next = { ...record(4, old, 2, 'z'), ballot: ballot(9, 2) };
    one.hear(2, { type: 'nack', ballot: epoch, promised: ballot(9, 2) });
    const higher = one.sent('prepare')[0]!.message.ballot;
    one.hear(3, promiseOf(higher, [change, next]));
    const accept = one.sent('accept').find(({ to }) => to === 3)!.message;
    one.hear(2, { type: 'nack', ballot: higher, promised: ballot(higher.round + 5, 2) });
    one.hear(3, acceptedOf(accept));
    expect(one.violation).toBeUndefined();
  });
});
