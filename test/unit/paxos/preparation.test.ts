import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AcceptedRecord } from '../../../src/paxos/accepted-record.js';
import type { Identity } from '../../../src/paxos/ballot.js';
import type { Promise as PromiseMessage } from '../../../src/paxos/messages.js';
import { Preparation } from '../../../src/paxos/preparation.js';
import { splitPromise } from '../../../src/paxos/promise-parts.js';
import { encodeValue } from '../../../src/paxos/value.js';
import { ballot, configurationOf, identityOf, slot, valueOf } from './ids.js';
import { promiseOf } from './one-node.js';

const id = (n: number) => identityOf(n);
const MINE = ballot(9, 1);

const record = (n: number, round: number, text: string): AcceptedRecord => ({
  slot: slot(n),
  ballot: ballot(round, 2),
  value: valueOf(ballot(round, 2), n, text),
});

/** A phase 1 in a cell of so many voters. */
const prepare = (voters: number) => {
  const configuration = configurationOf(voters);
  const phase = new Preparation(MINE);
  return {
    receive: (from: Identity, promise: PromiseMessage) => phase.receive(from, promise, configuration, 0),
    hasPromiseOf: (voter: Identity) => phase.hasPromiseOf(voter),
    result: () => (phase.coversSlotsOf(configuration) ? phase : undefined),
  };
};

describe('phase 1', () => {
  it('tells nothing before a majority promised, each counted once', () => {
    const phase = prepare(5);
    phase.receive(id(1), promiseOf(MINE, []));
    phase.receive(id(2), promiseOf(MINE, []));
    phase.receive(id(2), promiseOf(MINE, [], { answer: 2 }));
    expect(phase.result()).toBeUndefined();
    phase.receive(id(3), promiseOf(MINE, []));
    expect(phase.result()).toBeDefined();
    expect(phase.hasPromiseOf(id(3))).toBe(true);
    expect(phase.hasPromiseOf(id(4))).toBe(false);
  });

  it('takes per slot the record of the highest ballot, whoever reports first', () => {
    const reports = [[record(7, 2, 'older'), record(8, 2, 'only')], [record(7, 3, 'newest')], [record(7, 1, 'oldest')]];
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), (order) => {
        const phase = prepare(5);
        for (const [index, report] of order.entries()) phase.receive(id(index + 1), promiseOf(MINE, reports[report]!));
        const { reported } = phase.result()!;
        expect(reported.get(slot(7))).toEqual(record(7, 3, 'newest'));
        expect(reported.get(slot(8))).toEqual(record(8, 2, 'only'));
        expect(reported.size).toBe(2);
      }),
    );
  });

  it('names the highest watermark and who reported it', () => {
    const phase = prepare(3);
    phase.receive(id(1), promiseOf(MINE, [], { chosenUpTo: slot(4) }));
    phase.receive(id(3), promiseOf(MINE, [], { chosenUpTo: slot(6) }));
    expect(phase.result()).toMatchObject({ chosenUpTo: 6, source: id(3) });
  });

  it('knows nobody else to ask where nobody knows more', () => {
    const phase = prepare(1);
    phase.receive(id(1), promiseOf(MINE, []));
    expect(phase.result()).toMatchObject({ chosenUpTo: 0, source: id(1) });
  });

  it('puts together the parts of one answer in any order, repeated or not', () => {
    const parts = [0, 1, 2].map((part) => promiseOf(MINE, [record(part + 1, 2, `p${part}`)], { part, parts: 3 }));
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 0, 1, 1, 2, 2], { minLength: 6 }), (order) => {
        const phase = prepare(1);
        const seen = new Set<number>();
        for (const part of order) {
          expect(phase.result() !== undefined).toBe(seen.size === 3);
          phase.receive(id(1), parts[part]!);
          seen.add(part);
        }
        expect([...phase.result()!.reported.keys()].sort()).toEqual([1, 2, 3]);
      }),
    );
  });

  it('never puts together parts of two answers, which were made at different times', () => {
    const phase = prepare(1);
    const part = (answer: number, at: number, text: string) =>
      promiseOf(MINE, [record(at + 1, 2, text)], { answer, part: at, parts: 2 });
    phase.receive(id(1), part(1, 0, 'first answer'));
    phase.receive(id(1), part(2, 1, 'second answer'));
    expect(phase.result()).toBeUndefined();
    phase.receive(id(1), part(1, 1, 'first answer'));
    expect(phase.result()).toBeUndefined();
    phase.receive(id(1), part(1, 0, 'first answer'));
    const { reported } = phase.result()!;
    expect(reported.get(slot(1))).toEqual(record(1, 2, 'first answer'));
    expect(reported.get(slot(2))).toEqual(record(2, 2, 'first answer'));
  });
});

describe('a promise in parts', () => {
  const whole = (accepted: readonly AcceptedRecord[]) => {
    const { type: _type, part: _part, parts: _parts, ...promise } = promiseOf(MINE, accepted);
    return promise;
  };

  const sized = (n: number, sizeBytes: number): AcceptedRecord => ({
    slot: slot(n),
    ballot: MINE,
    value: encodeValue({ kind: 'operations', epoch: MINE, orderInEpoch: n }, new Uint8Array(sizeBytes)),
  });

  it('is one message when there is nothing or little', () => {
    expect(splitPromise(whole([]))).toMatchObject([{ type: 'promise', part: 0, parts: 1, accepted: [] }]);
    expect(splitPromise(whole([sized(1, 10), sized(2, 10)]))).toHaveLength(1);
  });

  it('keeps every record once and in order, and each part below its bound and one value', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 8 });
    fc.assert(
      fc.property(sizes, (bytes) => {
        const records = bytes.map((sizeBytes, index) => sized(index + 1, sizeBytes));
        const parts = splitPromise(whole(records));
        expect(parts.flatMap(({ accepted }) => accepted)).toEqual(records);
        expect(parts.map(({ part }) => part)).toEqual(parts.map((_, index) => index));
        for (const { accepted, parts: count } of parts) {
          expect(count).toBe(parts.length);
          const sum = accepted.slice(0, -1).reduce((total, { value }) => total + value.length, 0);
          expect(sum).toBeLessThan(512 * 1024);
        }
      }),
      { numRuns: 40 },
    );
  });
});
