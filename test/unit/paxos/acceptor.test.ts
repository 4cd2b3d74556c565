import { describe, expect, it } from 'vitest';
import { InvariantViolation } from '../../../src/common/assert.js';
import { Acceptor } from '../../../src/paxos/acceptor.js';
import { NO_BALLOT } from '../../../src/paxos/ballot.js';
import type { Ballot } from '../../../src/paxos/ballot.js';
import { Outbox } from '../../../src/paxos/effects.js';
import {
  acceptedNotBelowPromise,
  chosenOnce,
  deliveredInOrder,
  oneValuePerBallotAndSlot,
  promiseNeverFalls,
  roundIsFresh,
} from '../../../src/paxos/invariants.js';
import { ballot, slot, valueOf } from './ids.js';

const record = (n: number, at: Ballot, text = 'x') => ({ slot: slot(n), ballot: at, value: valueOf(at, n, text) });

describe('an acceptor', () => {
  it('starts with what the disk holds', () => {
    const acceptor = new Acceptor(ballot(3, 1), [record(7, ballot(2, 1)), record(5, ballot(2, 1))], new Outbox());
    expect(acceptor.promised).toEqual(ballot(3, 1));
    expect(acceptor.highestSlot).toBe(7);
    expect(acceptor.above(slot(0)).map((kept) => kept.slot)).toEqual([5, 7]);
    expect(acceptor.above(slot(5)).map((kept) => kept.slot)).toEqual([7]);
  });

  it('asks for a promise to be written, once', () => {
    const outbox = new Outbox();
    const acceptor = new Acceptor(NO_BALLOT, [], outbox);
    acceptor.promise(ballot(1, 2));
    expect(outbox.takeTurn(slot(0))).toMatchObject({ promised: ballot(1, 2) });
    acceptor.promise(ballot(1, 2));
    expect(outbox.hasTurn).toBe(false);
  });

  it('promises by accepting: both are of one write', () => {
    const outbox = new Outbox();
    const acceptor = new Acceptor(ballot(1, 1), [], outbox);
    const accepted = record(1, ballot(2, 2));
    acceptor.accept(accepted);
    expect(acceptor.promised).toEqual(ballot(2, 2));
    expect(outbox.takeTurn(slot(0))).toMatchObject({ promised: ballot(2, 2), accepted: [accepted] });
  });

  it('stores what is known chosen below its promise, and at a ballot that it never promised', () => {
    const acceptor = new Acceptor(ballot(5, 1), [], new Outbox());
    acceptor.store(record(1, ballot(2, 2)));
    acceptor.store(record(2, ballot(9, 2)));
    expect(acceptor.promised).toEqual(ballot(5, 1));
    expect(acceptor.above(slot(0))).toHaveLength(2);
  });

  it('stops the process rather than accept below its promise, or two values at one ballot', () => {
    const acceptor = new Acceptor(ballot(2, 2), [], new Outbox());
    expect(() => acceptor.accept(record(1, ballot(1, 1)))).toThrow(InvariantViolation);
    expect(() => acceptor.promise(ballot(2, 1))).toThrow(InvariantViolation);
    acceptor.accept(record(1, ballot(2, 2), 'x'));
    acceptor.accept(record(1, ballot(2, 2), 'x'));
    expect(() => acceptor.accept(record(1, ballot(2, 2), 'y'))).toThrow('ballot 2.2 proposes one value in slot 1');
    acceptor.accept(record(1, ballot(3, 1), 'y'));
  });
});

describe('the invariants', () => {
  const [low, high] = [ballot(1, 1), ballot(1, 2)];

  it('hold where they hold', () => {
    promiseNeverFalls(low, low);
    promiseNeverFalls(low, high);
    acceptedNotBelowPromise(record(1, low), low);
    oneValuePerBallotAndSlot(undefined, record(1, low));
    oneValuePerBallotAndSlot(record(1, low, 'x'), record(1, high, 'y'));
    chosenOnce(slot(1), record(1, low), { ...record(1, low), ballot: high });
    roundIsFresh(3, 2, ballot(2, 9));
    deliveredInOrder(slot(4), slot(5));
  });

  it.each([
    ['a promise falls', () => promiseNeverFalls(high, low)],
    ['an accepted ballot is below the promise', () => acceptedNotBelowPromise(record(1, low), high)],
    ['a ballot proposes twice', () => oneValuePerBallotAndSlot(record(1, low, 'x'), record(1, low, 'y'))],
    ['a slot is chosen twice', () => chosenOnce(slot(1), record(1, low, 'x'), record(1, high, 'y'))],
    ['a round was used', () => roundIsFresh(3, 3, ballot(2, 9))],
    ['a round was promised', () => roundIsFresh(3, 2, ballot(3, 1))],
    ['a slot is delivered twice', () => deliveredInOrder(slot(5), slot(5))],
    ['a slot is left out', () => deliveredInOrder(slot(5), slot(7))],
  ])('stop the process when %s', (_what, break_) => {
    expect(break_).toThrow(InvariantViolation);
  });
});
