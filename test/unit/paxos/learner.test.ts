import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantViolation } from '../../../src/common/assert.js';
import type { AcceptedRecord } from '../../../src/paxos/accepted-record.js';
import { Acceptor } from '../../../src/paxos/acceptor.js';
import { NO_BALLOT } from '../../../src/paxos/ballot.js';
import type { Ballot } from '../../../src/paxos/ballot.js';
import { Outbox } from '../../../src/paxos/effects.js';
import type { DeliveredValue, Effects } from '../../../src/paxos/effects.js';
import { EpochJudge } from '../../../src/paxos/epoch-judge.js';
import { CATCH_UP_BYTES, Learner } from '../../../src/paxos/learner.js';
import type { CatchUpReply } from '../../../src/paxos/messages.js';
import { encodeValue } from '../../../src/paxos/value.js';
import { ballot, identityOf, slot, valueOf } from './ids.js';
import { nameOf } from './watch.js';

const RESEND_MS = 150;
const id = (n: number) => identityOf(n);
const [B1, B2] = [ballot(1, 1), ballot(2, 2)];

/** A learner with its acceptor, and what it delivered. */
class Bench {
  readonly outbox = new Outbox();
  readonly acceptor = new Acceptor(NO_BALLOT, [], this.outbox);
  readonly delivered: DeliveredValue[] = [];
  readonly learner = new Learner(
    slot(0),
    this.acceptor,
    new EpochJudge(),
    this.outbox,
    () => RESEND_MS,
    (value) => this.delivered.push(value),
  );

  accept(n: number, at: Ballot = B1, text = `v${n}`): AcceptedRecord {
    const record = recordOf(n, at, text);
    this.acceptor.accept(record);
    this.learner.learnAccepted(record);
    return record;
  }

  get names(): string[] {
    return this.delivered.map(({ slot: at, header, body }) => `${at} ${nameOf(header, body)}`);
  }

  requests(nowMs: number): string[] {
    this.learner.requestMissing(nowMs);
    return this.effects().messages.map(({ to, message }) =>
      message.type === 'catchUpRequest' ? `${to.replicaId} from ${message.fromSlot}` : message.type,
    );
  }

  effects(): Effects {
    return this.outbox.takeEffects();
  }
}

const recordOf = (n: number, at: Ballot, text = `v${n}`): AcceptedRecord => ({
  slot: slot(n),
  ballot: at,
  value: n === 1 ? valueOf(B1, 0, '', 'epoch') : valueOf(B1, n - 1, text),
});

const replyOf = (chosen: readonly AcceptedRecord[], upTo = chosen.at(-1)?.slot ?? slot(0)): CatchUpReply => ({
  type: 'catchUpReply',
  fromSlot: chosen[0]?.slot ?? slot(1),
  chosen,
  chosenUpTo: upTo,
  firstSlot: slot(1),
});

describe('a learner', () => {
  it('delivers each slot once and in order, however slots become chosen', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([1, 2, 3, 4, 5, 6], { minLength: 6 }), fc.array(fc.nat(5)), (order, again) => {
        const bench = new Bench();
        for (let n = 1; n <= 6; n++) bench.accept(n);
        for (const n of order) bench.learner.learnCounted(slot(n));
        for (const n of again) bench.learner.learnCounted(slot(n + 1));
        expect(bench.delivered.map((value) => value.slot)).toEqual([1, 2, 3, 4, 5, 6]);
        expect(bench.delivered.every(({ counts }) => counts)).toBe(true);
        expect(bench.learner.chosenUpTo).toBe(6);
      }),
    );
  });

  it('takes a watermark for what was accepted at that very ballot, and for nothing else', () => {
    const bench = new Bench();
    bench.accept(1);
    bench.accept(2);
    bench.accept(3, B2);
    bench.learner.learnWatermark(B1, slot(3), id(1), 0);
    expect(bench.names).toEqual(['1 epoch 1.1', '2 v2']);
    expect(bench.learner.isChosen(slot(3))).toBe(false);
    bench.learner.learnWatermark(B2, slot(3), id(2), 0);
    expect(bench.names).toEqual(['1 epoch 1.1', '2 v2', '3 v3']);
  });

  it('takes a watermark for what is accepted at its ballot later on', () => {
    const bench = new Bench();
    bench.learner.learnWatermark(B2, slot(2), id(2), 0);
    bench.accept(1, B1);
    expect(bench.names).toEqual([]);
    bench.accept(2, B2);
    bench.accept(1, B2);
    expect(bench.names).toEqual(['1 epoch 1.1', '2 v2']);
    bench.accept(3, B2);
    expect(bench.names).toHaveLength(2);
  });

  it('forgets at the end of a reign what that counted above an open slot: a change of members may be chosen there', () => {
    const bench = new Bench();
    for (const n of [1, 2, 3]) bench.accept(n);
    for (const n of [1, 3]) bench.learner.learnCounted(slot(n));
    bench.learner.forgetCounted();
    bench.learner.learnCounted(slot(2));
    expect(bench.names).toEqual(['1 epoch 1.1', '2 v2']);
    bench.learner.learnRecords(replyOf([recordOf(3, B1)]), id(2));
    expect(bench.learner.chosenUpTo).toBe(3);
  });

  it('is not set back by an older watermark of the same reign', () => {
    const bench = new Bench();
    bench.learner.learnWatermark(B1, slot(3), id(1), 0);
    bench.learner.learnWatermark(B1, slot(1), id(1), 0);
    for (let n = 1; n <= 3; n++) bench.accept(n);
    expect(bench.learner.chosenUpTo).toBe(3);
  });

  it('judges: a value that does not follow is delivered as not counting', () => {
    const bench = new Bench();
    bench.learner.learnRecords(replyOf([recordOf(1, B1), recordOf(2, B1)]), id(2));
    bench.acceptor.accept({ slot: slot(3), ballot: B1, value: valueOf(B1, 9, 'too far') });
    bench.learner.learnCounted(slot(3));
    expect(bench.delivered.map(({ counts }) => counts)).toEqual([true, true, false]);
  });

  it('asks for what is missing whoever said it has it, and again only after a while', () => {
    const bench = new Bench();
    expect(bench.requests(0)).toEqual([]);
    bench.learner.aim(slot(5), id(3));
    expect(bench.requests(0)).toEqual(['3 from 1']);
    expect(bench.requests(RESEND_MS - 1)).toEqual([]);
    bench.learner.aim(slot(5), id(2));
    expect(bench.requests(RESEND_MS)).toEqual(['2 from 1']);
  });

  it('catches up page by page, without a pause while answers bring something', () => {
    const behind = new Bench();
    const ahead = new Bench();
    const records = [1, 2, 3, 4, 5].map((n) => bigRecord(n, CATCH_UP_BYTES / 2));
    ahead.learner.learnRecords(replyOf(records), id(9));
    ahead.effects();
    behind.learner.aim(slot(5), id(1));
    const pages: number[][] = [];
    for (let asked = 0; behind.learner.chosenUpTo < 5 && asked < 10; asked++) {
      behind.learner.requestMissing(0);
      for (const { message } of behind.effects().messages) {
        if (message.type === 'catchUpRequest') ahead.learner.serve(message, id(2));
      }
      for (const { message } of ahead.effects().messages) {
        if (message.type !== 'catchUpReply') continue;
        pages.push(message.chosen.map((record) => record.slot));
        behind.learner.learnRecords(message, id(1));
      }
    }
    expect(pages).toEqual([[1, 2], [3, 4], [5]]);
    expect(behind.requests(1000)).toEqual([]);
  });

  it('does not ask at once again when an answer brought nothing', () => {
    const bench = new Bench();
    bench.learner.aim(slot(5), id(1));
    expect(bench.requests(0)).toHaveLength(1);
    bench.learner.learnRecords(replyOf([], slot(5)), id(1));
    expect(bench.requests(1)).toEqual([]);
  });

  it('stores what it fetched, and keeps what it holds at a higher ballot', () => {
    const bench = new Bench();
    bench.accept(2, B1, 'not chosen');
    bench.accept(1, B2);
    bench.learner.learnRecords(replyOf([recordOf(1, B1), recordOf(2, B2)]), id(3));
    expect(bench.names).toEqual(['1 epoch 1.1', '2 v2']);
    expect(bench.acceptor.record(slot(1))?.ballot).toEqual(B2);
    expect(bench.acceptor.record(slot(2))?.ballot).toEqual(B2);
  });

  it('stops the process when somebody claims another value for a chosen slot', () => {
    const bench = new Bench();
    bench.learner.learnRecords(replyOf([recordOf(1, B1), recordOf(2, B1)]), id(3));
    expect(() => bench.learner.learnRecords(replyOf([recordOf(2, B2, 'other')]), id(2))).toThrow(InvariantViolation);
  });

  it('stops the process when a chosen value contradicts one that it accepted above it', () => {
    const bench = new Bench();
    bench.accept(1, B2);
    const other: AcceptedRecord = { slot: slot(1), ballot: B1, value: valueOf(B1, 1, 'other') };
    expect(() => bench.learner.learnRecords(replyOf([other]), id(3))).toThrow('slot 1 is chosen once');
  });

  it('ignores an answer that leaves a gap: it was to a question of an earlier life', () => {
    const bench = new Bench();
    bench.learner.learnRecords(replyOf([recordOf(3, B2), recordOf(4, B2)]), id(2));
    expect(bench.learner.isChosen(slot(3))).toBe(false);
    expect(bench.acceptor.record(slot(3))).toBeUndefined();
  });

  it('says nothing to who asks for more than it has, and leaves to the disk what memory dropped', () => {
    const bench = new Bench();
    bench.learner.learnRecords(replyOf([1, 2, 3, 4, 5].map((n) => bigRecord(n, 3 * 1024 * 1024))), id(2));
    bench.effects();
    bench.learner.serve({ type: 'catchUpRequest', fromSlot: slot(6) }, id(2));
    bench.learner.serve({ type: 'catchUpRequest', fromSlot: slot(1) }, id(2));
    const { messages, logReads } = bench.effects();
    expect(messages).toEqual([]);
    expect(logReads).toEqual([{ to: id(2), fromSlot: 1 }]);
    bench.learner.serve({ type: 'catchUpRequest', fromSlot: slot(5) }, id(2));
    expect(bench.effects().messages).toHaveLength(1);
  });

  it('keeps chosen values in memory up to a bound, and always the newest', () => {
    const bench = new Bench();
    let kept = 0;
    for (let n = 1; n <= 40; n++) {
      bench.learner.learnRecords(replyOf([bigRecord(n, 1024 * 1024)]), id(2));
      bench.outbox.takeTurn(bench.learner.chosenUpTo);
      kept = bench.acceptor.above(slot(0)).length;
      expect(kept).toBeLessThanOrEqual(8);
      expect(bench.acceptor.record(slot(n))).toBeDefined();
    }
    expect(kept).toBeGreaterThan(4);
    bench.learner.learnRecords(replyOf([bigRecord(41, 64 * 1024 * 1024)]), id(2));
    expect(bench.acceptor.above(slot(0)).map((record) => record.slot)).toEqual([41]);
  });
});

/** A value of about `sizeBytes` that follows in its epoch. */
function bigRecord(n: number, sizeBytes: number): AcceptedRecord {
  if (n === 1) return { ...recordOf(1, B1), value: encodeValue(header('epoch', 0), new Uint8Array(sizeBytes)) };
  return { slot: slot(n), ballot: B1, value: encodeValue(header('operations', n - 1), new Uint8Array(sizeBytes)) };
}

const header = (kind: 'epoch' | 'operations', orderInEpoch: number) => ({ kind, epoch: B1, orderInEpoch }) as const;
