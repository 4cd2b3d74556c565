import { describe, expect, it } from 'vitest';
import type { AcceptedRecord } from '../../../src/paxos/accepted-record.js';
import type { Ballot } from '../../../src/paxos/ballot.js';
import { encodeConfiguration } from '../../../src/paxos/configuration.js';
import type { Configuration } from '../../../src/paxos/configuration.js';
import { changedBy } from '../../../src/paxos/membership-change.js';
import type { MembershipChange } from '../../../src/paxos/membership-change.js';
import type { CoreBugs } from '../../../src/paxos/planted-bugs.js';
import { DEFAULT_LOG_TIMINGS } from '../../../src/paxos/timings.js';
import { encodeValue } from '../../../src/paxos/value.js';
import { ballot, configurationOf, identityOf, slot, valueOf } from './ids.js';
import { acceptedOf, acceptOf, catchUpReplyOf, heartbeatOf, OneNode, promiseOf } from './one-node.js';
import { nameOfValue } from './watch.js';

const { leaseMs, renewMs, resendMs } = DEFAULT_LOG_TIMINGS;

const add = (id: number): MembershipChange => ({ type: 'addLearner', identity: identityOf(id) });
const promote = (id: number): MembershipChange => ({ type: 'makeVoter', identity: identityOf(id) });
const remove = (id: number): MembershipChange => ({ type: 'remove', identity: identityOf(id) });

/** Of 1 to `voters`, and learners with the ids after those. */
const founding = (voters: number, learners = 0): Configuration => ({
  ...configurationOf(voters),
  learners: Array.from({ length: learners }, (_, index) => identityOf(voters + index + 1)),
});

const ask = (one: OneNode, change: MembershipChange): string | undefined => one.replica.proposeChange(change);
const propose = (one: OneNode, text: string): number | undefined => one.replica.propose(Buffer.from(text));

/** What was proposed since this was last asked, as sent to one voter. */
const proposals = (one: OneNode, to = 2): string[] =>
  one
    .sent('accept')
    .filter((envelope) => envelope.to === to)
    .map(({ message }) => `${message.slot} ${nameOfValue(message.value)}`);

const outcomes = (one: OneNode): string[] =>
  one.notices.flatMap((notice) => (notice.type === 'changeEnded' ? [notice.outcome] : []));

/** A master of a founded cell whose other members answer. */
const masterOf = (configuration: Configuration, bugs: CoreBugs = {}): OneNode => {
  const one = new OneNode(configuration.voters.length, bugs, configuration);
  one.reign();
  return one;
};

/** Time passes, and the named peers answer whatever they are asked. */
const live = (one: OneNode, ms: number, peers: readonly number[]): void => {
  for (let passedMs = 0; passedMs < ms; passedMs += 10) {
    one.pass(10);
    one.answers(peers);
  }
};

const record = (n: number, at: Ballot, order: number, text: string): AcceptedRecord => ({
  slot: slot(n),
  ballot: at,
  value: valueOf(at, order, text),
});
const epochRecord = (n: number, epoch: Ballot): AcceptedRecord => ({
  slot: slot(n),
  ballot: epoch,
  value: valueOf(epoch, 0, '', 'epoch'),
});
const changeRecord = (n: number, at: Ballot, order: number, configuration: Configuration): AcceptedRecord => ({
  slot: slot(n),
  ballot: at,
  value: encodeValue({ kind: 'configuration', epoch: at, orderInEpoch: order }, encodeConfiguration(configuration)),
});

describe('a change of membership', () => {
  it('is proposed when all below it is chosen, and nothing beyond it until it is', () => {
    const one = masterOf(founding(3));
    propose(one, 'x');
    expect(ask(one, add(4))).toBeUndefined();
    expect(propose(one, 'y')).toBeUndefined();
    expect(one.sent('accept').map(({ message }) => nameOfValue(message.value))).toEqual(['x', 'x']);
    const heartbeats = one.sent('heartbeat').length;
    expect(heartbeats).toBeGreaterThan(0);
    one.pass(resendMs);
    const [again] = one.sent('accept');
    one.hear(2, acceptedOf(again!.message));
    expect(proposals(one)).toEqual(['3 configuration']);
    expect(propose(one, 'y')).toBeUndefined();
    expect(outcomes(one)).toEqual([]);
    live(one, resendMs * 2, [2]);
    expect(outcomes(one)).toEqual(['chosen']);
    expect(one.node.configuration).toEqual(changedBy(founding(3), add(4)));
    expect(propose(one, 'y')).toBe(4);
  });

  it('is refused, with the reason, where it cannot be', () => {
    const follower = new OneNode(3);
    expect(ask(follower, remove(3))).toMatch(/not master/);
    const one = masterOf(founding(3, 1));
    expect(ask(one, remove(9))).toMatch(/is no member/);
    expect(ask(one, promote(4))).toMatch(/^the learner has 0 of 1 slots: wait/);
    expect(ask(one, remove(3))).toBeUndefined();
    expect(ask(one, remove(2))).toMatch(/another change is under way, removing 3/);
  });

  it('waits for a lease by answers of the configuration that it makes, and is given up where none answers', () => {
    const one = masterOf(founding(3));
    // 2 has been silent for longer than a lease; without 3 nothing could be chosen any more.
    live(one, leaseMs, [3]);
    expect(ask(one, remove(3))).toBeUndefined();
    live(one, leaseMs, [3]);
    expect(propose(one, 'x')).toBeDefined();
    expect(one.replica.serving).toBeDefined();
    live(one, 2 * leaseMs, [3]);
    expect(outcomes(one)).toEqual(['notProposed']);
    expect(one.node.configuration.number).toBe(1);
  });

  it('has an unknown outcome when the reign ends before it is chosen', () => {
    const one = masterOf(founding(3));
    ask(one, remove(3));
    expect(proposals(one)).toEqual(['2 configuration']);
    live(one, 2 * leaseMs, []);
    expect(one.node.reigning).toBe(false);
    expect(outcomes(one)).toEqual(['unknown']);
  });

  it('does not happen when its master hands over first', () => {
    const one = masterOf(founding(3));
    propose(one, 'x');
    ask(one, remove(3));
    one.replica.handOver(300);
    expect(outcomes(one)).toEqual(['notProposed']);
  });

  it('stays the same under a higher ballot', () => {
    const one = masterOf(founding(3));
    ask(one, remove(3));
    one.forgetSent();
    one.hear(2, { type: 'nack', ballot: ballot(1, 1), promised: ballot(9, 2) });
    one.hear(2, promiseOf(ballot(10, 1), []));
    live(one, 2 * resendMs, [2]);
    expect(outcomes(one)).toEqual(['chosen']);
    expect(one.node.configuration.voters).toEqual([identityOf(1), identityOf(2)]);
  });
});

describe('a lease through changes', () => {
  /** How long a master that has proposed to remove 3 believes in its lease, while 3 alone answers. */
  const servedForMs = (bugs: CoreBugs): number => {
    const one = masterOf(founding(3), bugs);
    live(one, renewMs, [2, 3]);
    ask(one, remove(3));
    one.sent('accept');
    const startMs = one.nowMs;
    while (one.replica.serving !== undefined && one.nowMs - startMs < 5 * leaseMs) {
      one.pass(10);
      one.sent('accept');
      one.answers([3]);
    }
    return one.nowMs - startMs;
  };

  it('counts without the one to go from the proposal of its removal on (T13)', () => {
    expect(servedForMs({})).toBeLessThan(leaseMs);
    expect(servedForMs({ leaseOutlivesChange: true })).toBeGreaterThan(leaseMs);
  });

  it('ends as soon as the answers of those who stay say, when a removal is proposed', () => {
    const one = masterOf(founding(3));
    live(one, renewMs, [2, 3]);
    live(one, leaseMs / 2, [3]);
    ask(one, remove(3));
    const startMs = one.nowMs;
    while (one.replica.serving !== undefined) one.pass(10);
    expect(one.nowMs - startMs).toBeLessThan(leaseMs / 2);
  });

  it('is counted anew when another configuration is in force', () => {
    const one = masterOf(founding(3, 1));
    live(one, renewMs, [2, 3, 4]);
    const grantedAtMs = one.nowMs;
    expect(ask(one, promote(4))).toBeUndefined();
    one.answers([4]);
    // The vote that makes the change chosen is newer than the grants of 3 and 4, of which three of four need one.
    one.pass(leaseMs / 2);
    one.answers([2]);
    expect(one.node.configuration.voters).toHaveLength(4);
    while (one.replica.serving !== undefined) {
      one.pass(10);
      one.answers([2]);
    }
    expect(one.nowMs - grantedAtMs).toBeLessThan(leaseMs);
  });

  it('may be asked for anew by a coordinator that comes to other voters by catching up', () => {
    const old = ballot(1, 2);
    const one = new OneNode(3, {}, configurationOf(3));
    const mine = one.stand(old);
    const learning = changedBy(configurationOf(3), add(4));
    one.hear(2, promiseOf(mine, [], { chosenUpTo: slot(3) }));
    live(one, 3 * leaseMs, [2]);
    const chosen = [
      epochRecord(1, old),
      changeRecord(2, old, 1, learning),
      changeRecord(3, old, 2, changedBy(learning, promote(4))),
    ];
    one.hear(2, catchUpReplyOf(chosen));
    one.pass(10);
    expect(one.node.reigning).toBe(true);
    live(one, leaseMs, [2, 3, 4]);
    expect(one.replica.serving).toEqual(mine);
  });

  it('has no gap when a learner becomes a voter: it gave its grant before', () => {
    const one = masterOf(founding(3, 1));
    // 3 is dead: after the change every majority needs 4.
    live(one, leaseMs, [2, 4]);
    expect(ask(one, promote(4))).toBeUndefined();
    const served = new Set<boolean>();
    for (let passedMs = 0; passedMs < leaseMs; passedMs += 10) {
      one.pass(10);
      one.answers([2, 4]);
      served.add(one.replica.serving !== undefined);
    }
    expect(one.node.configuration.voters).toHaveLength(4);
    expect([...served]).toEqual([true]);
  });

  it('counts no answer of another life of a voter', () => {
    const one = masterOf(founding(3));
    for (let passedMs = 0; passedMs < 2 * leaseMs; passedMs += 10) {
      one.pass(10);
      for (const { message } of one.sent('heartbeat')) {
        const { ballot: at, transmission } = message;
        one.hearLife(2, 77, { type: 'heartbeatReply', ballot: at, transmission, chosenUpTo: slot(1), short: false });
      }
    }
    expect(one.replica.serving).toBeUndefined();
  });
});

describe('learners', () => {
  it('are told what is chosen, and asked for nothing', () => {
    const one = masterOf(founding(3, 1));
    one.pass(renewMs);
    const heartbeats = one.sent('heartbeat');
    expect(heartbeats.map(({ to, message }) => [to, message.leaseMs])).toEqual([
      [2, leaseMs],
      [3, leaseMs],
      [4, 0],
    ]);
    expect(heartbeats[2]!.message.transmission).toBe(0);
    propose(one, 'x');
    expect(one.sent('accept').map(({ to }) => to)).toEqual([2, 3]);
  });

  it('do not vote, whatever they answer', () => {
    const one = masterOf(founding(3, 1));
    propose(one, 'x');
    const [accept] = one.sent('accept');
    one.hear(4, acceptedOf(accept!.message));
    expect(one.applied).not.toContain('x');
    live(one, 2 * leaseMs, [4]);
    expect(one.replica.serving).toBeUndefined();
  });

  it('are known by how far they are, and vote once they have caught up', () => {
    const one = masterOf(founding(3, 1));
    const learner = () => one.node.view(one.nowMs).members.find(({ identity }) => identity.replicaId === 4);
    expect(learner()).toMatchObject({ votes: false, chosenUpTo: undefined, caughtUp: false });
    live(one, renewMs, [2, 3]);
    expect(ask(one, promote(4))).toBeDefined();
    live(one, renewMs, [2, 3, 4]);
    expect(learner()).toMatchObject({ chosenUpTo: 0, caughtUp: true });
    expect(ask(one, promote(4))).toBeUndefined();
    live(one, renewMs, [2, 3, 4]);
    expect(learner()).toMatchObject({ votes: true });
  });

  it('are bound by nothing, follow, and do not stand', () => {
    const newcomer = new OneNode(1, {}, { number: 0, voters: [], learners: [] });
    const at = ballot(1, 2);
    newcomer.hear(2, heartbeatOf(at, 2, 0, { leaseMs: 0, configurationNumber: 2 }));
    expect(newcomer.node.master(newcomer.nowMs)).toBeUndefined();
    expect(newcomer.sent('heartbeatReply')).toMatchObject([{ to: 2, message: { transmission: 0, chosenUpTo: 0 } }]);
    newcomer.pass(2 * resendMs);
    expect(newcomer.sent('catchUpRequest')).toMatchObject([{ to: 2, message: { fromSlot: 1 } }]);
    const configuration = { number: 1, voters: [identityOf(2), identityOf(3)], learners: [identityOf(1)] };
    newcomer.hear(2, catchUpReplyOf([epochRecord(1, at), changeRecord(2, at, 1, configuration)]));
    expect(newcomer.node.configuration).toEqual(configuration);
    for (let ticks = 0; ticks < 100; ticks++) newcomer.pass(20);
    expect(newcomer.sent('preVote')).toEqual([]);
  });
});

describe('a master that is removed', () => {
  it('has the change chosen, lets the others know, and hands over', () => {
    const one = masterOf(founding(3));
    live(one, renewMs, [2, 3]);
    expect(ask(one, remove(1))).toBeUndefined();
    const accepts = one.sent('accept');
    one.forgetSent();
    for (const { to, message } of accepts) one.hear(to, acceptedOf(message));
    expect(outcomes(one)).toEqual(['chosen']);
    expect(one.node.reigning).toBe(true);
    expect(propose(one, 'x')).toBeUndefined();
    one.pass(10);
    expect(one.node.reigning).toBe(true);
    const told = one.sent('heartbeat');
    expect(told.map(({ to, message }) => [to, message.chosenUpTo, message.configurationNumber])).toEqual([
      [2, 2, 2],
      [3, 2, 2],
    ]);
    for (const { to, message } of told) {
      const { ballot: at, transmission } = message;
      one.hear(to, { type: 'heartbeatReply', ballot: at, transmission, chosenUpTo: slot(2), short: false });
    }
    one.pass(10);
    expect(one.node.reigning).toBe(false);
    expect(one.sent('release').map(({ to }) => to)).toEqual([2, 3]);
    expect(one.sent('accept')).toEqual([]);
    one.nowMs += 10 * leaseMs;
    for (let ticks = 0; ticks < 20; ticks++) one.pass(20);
    expect(one.sent('preVote')).toEqual([]);
  });

  it('waits for the others no longer than a lease', () => {
    const one = masterOf(founding(3));
    expect(ask(one, remove(1))).toBeUndefined();
    const accepts = one.sent('accept');
    for (const { to, message } of accepts) one.hear(to, acceptedOf(message));
    for (let passedMs = 0; passedMs <= leaseMs; passedMs += 10) one.pass(10);
    expect(one.node.reigning).toBe(false);
  });

  it('proposes nothing more, though it was no master yet and somebody else removed it', () => {
    const old = ballot(1, 2);
    const one = new OneNode(3, {}, configurationOf(3));
    const mine = one.stand(old);
    const without = changedBy(configurationOf(3), remove(1));
    one.hear(2, promiseOf(mine, [epochRecord(1, old), changeRecord(2, old, 1, without), record(3, old, 2, 'x')]));
    one.hear(3, promiseOf(mine, []));
    for (const { to, message } of one.sent('accept')) one.hear(to, acceptedOf(message));
    expect(one.node.configuration).toEqual(without);
    live(one, leaseMs, [2, 3]);
    expect(one.sent('accept')).toEqual([]);
    expect(one.applied).not.toContain('x');
    expect(one.node.reigning).toBe(false);
  });

  it('counts the others alone for its lease from the proposal on', () => {
    const one = masterOf(founding(3));
    live(one, leaseMs, [2]);
    // With itself it would be a majority of 1 and 2; without, 2 and 3 are needed.
    expect(ask(one, remove(1))).toBeUndefined();
    live(one, 3 * leaseMs, [2]);
    expect(outcomes(one)).toEqual(['notProposed']);
  });
});

describe('phase 1 past a change', () => {
  const old = ballot(1, 2);
  const five = configurationOf(5, 0);
  const founded = configurationOf(5, 1);
  const four = changedBy(founded, remove(3));
  const found = [epochRecord(1, old), changeRecord(2, old, 1, founded), changeRecord(3, old, 2, four)];

  const accepts = (one: OneNode, upTo: number, peers: readonly number[]): void => {
    for (const { to, message } of one.sent('accept')) {
      if (peers.includes(to) && message.slot <= upTo) one.hear(to, acceptedOf(message));
    }
  };

  /** Elected by 1, 2 and 3; what 2 reports removes 3. */
  const candidate = (bugs: CoreBugs = {}): { one: OneNode; mine: Ballot } => {
    const one = new OneNode(5, bugs, five);
    const mine = one.stand(old);
    one.hear(2, promiseOf(mine, found));
    one.hear(3, promiseOf(mine, []));
    return { one, mine };
  };

  it('stops at each change until it is chosen (T6)', () => {
    const { one } = candidate();
    expect(proposals(one)).toEqual(['1 epoch 1.2', '2 configuration']);
    one.pass(resendMs);
    accepts(one, 2, [2, 3]);
    expect(proposals(one)).toEqual(['3 configuration']);
  });

  it('goes on at once, if it forgets to stop', () => {
    const { one } = candidate({ reproposedPastChange: true });
    expect(proposals(one)).toEqual(['1 epoch 1.2', '2 configuration', '3 configuration', '4 epoch 2.1']);
  });

  it('asks the rest for the same ballot where its promises are no majority of those who vote then (T6)', () => {
    const { one, mine } = candidate();
    one.forgetSent();
    one.pass(resendMs);
    accepts(one, 2, [2, 3]);
    one.forgetSent();
    one.pass(resendMs);
    accepts(one, 3, [2, 3]);
    expect(one.node.configuration).toEqual(four);
    // Of 1, 2, 4 and 5 two have promised; what 3 promised is over.
    expect(one.sent('accept')).toEqual([]);
    expect(one.sent('prepare').map(({ to, message }) => [to, message.ballot, message.firstUnchosenSlot])).toEqual([
      [4, mine, 4],
      [5, mine, 4],
    ]);
    expect(one.sent('prepare').every(({ message }) => message.configurationNumber === 2)).toBe(true);
    // 4 accepted x of the master that removed 3: it is kept.
    one.hear(9, promiseOf(mine, [record(4, mine, 3, 'of no voter')], { chosenUpTo: slot(99) }));
    one.hear(4, promiseOf(mine, [record(4, old, 3, 'x')], { chosenUpTo: slot(3) }));
    expect(proposals(one)).toEqual(['4 x', '5 epoch 2.1']);
  });

  it('catches up first with what the rest reports chosen', () => {
    const { one, mine } = candidate();
    one.forgetSent();
    one.pass(resendMs);
    accepts(one, 2, [2, 3]);
    one.pass(resendMs);
    accepts(one, 3, [2, 3]);
    one.forgetSent();
    one.hear(4, promiseOf(mine, [], { chosenUpTo: slot(4) }));
    expect(one.sent('accept')).toEqual([]);
    expect(one.sent('catchUpRequest')).toMatchObject([{ to: 4, message: { fromSlot: 4 } }]);
    one.hear(4, catchUpReplyOf([record(4, old, 3, 'x')]));
    expect(one.applied.at(-1)).toBe('x');
    expect(proposals(one)).toEqual(['5 epoch 2.1']);
  });

  const caughtUp = (bugs: CoreBugs = {}): { one: OneNode; mine: Ballot } => {
    const one = new OneNode(5, bugs, five);
    const mine = one.stand(old);
    one.hear(2, promiseOf(mine, [], { chosenUpTo: slot(3) }));
    one.hear(3, promiseOf(mine, []));
    one.hear(2, catchUpReplyOf(found, 3));
    return { one, mine };
  };

  it('counts for the slot that it comes to by catching up, too', () => {
    const { one, mine } = caughtUp();
    expect(one.sent('accept')).toEqual([]);
    // Late, from who is no voter any more; and from another life of who is one.
    one.hearLife(4, 44, promiseOf(mine, []));
    expect(one.sent('accept')).toEqual([]);
    one.hear(5, promiseOf(mine, []));
    expect(proposals(one)).toEqual(['4 epoch 2.1']);
  });

  it('would propose without a quorum, if promises outlived changes', () => {
    expect(proposals(caughtUp({ promisesOutliveChange: true }).one)).toEqual(['4 epoch 2.1']);
  });

  it('counts for the slot that a snapshot leads to, however many changes that is away', () => {
    const one = new OneNode(5, {}, five);
    const mine = one.stand(old);
    one.hear(2, promiseOf(mine, [], { chosenUpTo: slot(9) }));
    one.hear(3, promiseOf(mine, []));
    const far = { ...configurationOf(6, 7), voters: [1, 2, 4, 6].map((id) => identityOf(id)) };
    one.node.snapshotInstalled(slot(9), far, { epoch: old, orderInEpoch: 8 }, one.nowMs);
    one.pass(10);
    expect(one.sent('accept')).toEqual([]);
    expect(one.sent('prepare').map(({ to }) => to)).toEqual([4, 6]);
    one.hear(6, promiseOf(mine, []));
    expect(proposals(one)).toEqual(['10 epoch 2.1']);
  });

  it('is given up when the rest does not answer', () => {
    const { one } = caughtUp();
    for (let passedMs = 0; passedMs < 3 * leaseMs && one.node.reigning; passedMs += 20) {
      one.pass(20);
      one.sent('prepare');
      one.answers([2]);
    }
    expect(one.node.reigning).toBe(false);
  });

  it('counts promises of identities: another life of a voter has none', () => {
    const one = new OneNode(3, {}, configurationOf(3));
    const mine = one.stand();
    one.hearLife(2, 77, promiseOf(mine, []));
    expect(one.node.reigning).toBe(false);
  });

  it('counts pre-votes of identities', () => {
    const one = new OneNode(3);
    for (let ticks = 0; ticks < 10; ticks++) one.pass(20);
    const { ballot: mine } = one.sent('preVote')[0]!.message;
    one.hearLife(2, 77, { type: 'preVoteReply', ballot: mine, granted: true, promised: ballot(50, 2) });
    expect(one.sent('prepare')).toEqual([]);
    one.hear(2, { type: 'preVoteReply', ballot: mine, granted: true, promised: ballot(0, 0) });
    expect(one.sent('prepare')[0]!.message.ballot.round).toBeLessThan(50);
  });
});

describe('votes', () => {
  it('are of identities: another life of a voter has none (T1)', () => {
    const chosen = (bugs: CoreBugs): boolean => {
      const one = masterOf(founding(3), bugs);
      propose(one, 'x');
      const [accept] = one.sent('accept');
      one.hearLife(2, 77, acceptedOf(accept!.message));
      return one.applied.includes('x');
    };
    expect(chosen({})).toBe(false);
    expect(chosen({ votesByReplicaId: true })).toBe(true);
  });
});

describe('a voter', () => {
  const mine = founding(3);
  const at = ballot(5, 9);

  it('follows a master that it does not know, who names a newer configuration', () => {
    const one = new OneNode(3, {}, mine);
    one.hear(9, heartbeatOf(at, 4, 1, { configurationNumber: 3 }));
    expect(one.node.master(one.nowMs)).toBe(9);
    expect(one.sent('heartbeatReply').map(({ to }) => to)).toEqual([9]);
    one.pass(2 * resendMs);
    expect(one.sent('catchUpRequest').map(({ to }) => to)).toEqual([9]);
  });

  it('promises to a candidate that it does not know, who names a newer configuration', () => {
    const one = new OneNode(3, {}, mine);
    one.hear(9, { type: 'preVote', ballot: at, configurationNumber: 2 });
    one.hear(9, { type: 'prepare', ballot: at, firstUnchosenSlot: slot(1), configurationNumber: 2 });
    expect(one.sent('preVoteReply')).toMatchObject([{ to: 9, message: { granted: true } }]);
    expect(one.sent('promise').map(({ to }) => to)).toEqual([9]);
  });

  it('is disturbed by nobody who was removed, and tells him how far the log goes', () => {
    const one = new OneNode(3, {}, mine);
    one.hear(9, { type: 'preVote', ballot: at, configurationNumber: 1 });
    one.hear(9, { type: 'prepare', ballot: at, firstUnchosenSlot: slot(1), configurationNumber: 1 });
    one.hear(9, heartbeatOf(at, 4, 1, { configurationNumber: 1 }));
    one.hear(9, acceptOf(epochRecord(1, at), 0, { configurationNumber: 1 }));
    one.hear(9, { type: 'nack', ballot: ballot(1, 1), promised: at });
    expect(one.sent('preVoteReply')).toMatchObject([{ to: 9, message: { granted: false } }]);
    expect(one.sent('promise')).toEqual([]);
    expect(one.sent('heartbeatReply')).toEqual([]);
    expect(one.sent('accepted')).toEqual([]);
    expect(one.node.master(one.nowMs)).toBeUndefined();
    expect(one.node.view(one.nowMs).promised.round).toBe(0);
    expect(one.sent('catchUpReply')).toHaveLength(4);
  });

  it('that reigns leaves its ballot for no stranger', () => {
    const one = masterOf(mine);
    one.hear(9, { type: 'nack', ballot: ballot(1, 1), promised: at });
    expect(one.sent('prepare')).toEqual([]);
    expect(one.node.reigning).toBe(true);
  });

  it('serves what is chosen to whoever asks: so one that was removed finds out, and stands no more', () => {
    const removed = new OneNode(3, {}, mine);
    const epoch = ballot(1, 2);
    const news = [epochRecord(1, epoch), changeRecord(2, epoch, 1, changedBy(mine, remove(1)))];
    removed.hear(2, { ...catchUpReplyOf([], 2) });
    removed.pass(20);
    expect(removed.sent('catchUpRequest').map(({ to }) => to)).toEqual([2]);
    removed.hear(2, catchUpReplyOf(news));
    expect(removed.node.configuration.number).toBe(2);
    for (let ticks = 0; ticks < 100; ticks++) removed.pass(20);
    expect(removed.sent('preVote')).toEqual([]);
    removed.forgetSent();
    removed.hear(9, { type: 'catchUpRequest', fromSlot: slot(1) });
    expect(removed.sent('catchUpReply')).toMatchObject([{ to: 9, message: { chosenUpTo: 2 } }]);
  });

  it('accepts in a slot only under a number that the slot may have', () => {
    const one = new OneNode(3, {}, mine);
    const epoch = ballot(1, 2);
    one.hear(2, catchUpReplyOf([epochRecord(1, epoch), changeRecord(2, epoch, 1, changedBy(mine, add(4)))]));
    const answers = (n: number, configurationNumber: number): boolean => {
      const known = [epochRecord(1, epoch), changeRecord(2, epoch, 1, changedBy(mine, add(4)))];
      const proposed = known[n - 1] ?? record(n, epoch, n, `v${n} ${configurationNumber}`);
      one.hear(2, acceptOf(proposed, 0, { configurationNumber }));
      return one.sent('accepted').length > 0;
    };
    // The next slot is one of configuration 2; earlier ones are of that at the most, later ones at the least.
    expect([1, 2, 3].map((number) => answers(1, number))).toEqual([true, true, false]);
    expect([1, 3, 2].map((number) => answers(3, number))).toEqual([false, false, true]);
    expect([1, 2].map((number) => answers(5, number))).toEqual([false, true]);
    expect([1, 3].map((number) => answers(6, number))).toEqual([false, true]);
  });

  it('refuses no ballot because of a change that it merely accepted (T5)', () => {
    const promises = (bugs: CoreBugs): number => {
      const one = new OneNode(3, bugs, mine);
      const epoch = ballot(1, 2);
      one.hear(2, acceptOf(epochRecord(1, epoch), 0, { configurationNumber: 1 }));
      const change = changeRecord(2, epoch, 1, changedBy(mine, remove(3)));
      one.hear(2, acceptOf(change, 1, { configurationNumber: 1 }));
      one.pass(leaseMs);
      one.hear(3, { type: 'prepare', ballot: ballot(2, 3), firstUnchosenSlot: slot(1), configurationNumber: 1 });
      return one.sent('promise').length;
    };
    expect(promises({})).toBe(1);
    expect(promises({ acceptedChangeRefuses: true })).toBe(0);
  });

  it('stops where a change is more than one step', () => {
    const one = new OneNode(3, {}, mine);
    const epoch = ballot(1, 2);
    one.hear(2, catchUpReplyOf([epochRecord(1, epoch), changeRecord(2, epoch, 1, configurationOf(5, 2))]));
    expect(one.violation?.message).toBe('configuration 2 is one step from 1');
  });
});
