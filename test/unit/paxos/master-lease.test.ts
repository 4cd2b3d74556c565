import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MasterLease } from '../../../src/paxos/master-lease.js';
import { DEFAULT_LOG_TIMINGS, reliedOnMs } from '../../../src/paxos/timings.js';
import { configurationOf, identityOf } from './ids.js';

const id = (n: number) => identityOf(n);
const RELIED_ON_MS = reliedOnMs(DEFAULT_LOG_TIMINGS);

describe('a master lease', () => {
  it('lasts the lease less drift and margin', () => {
    expect(RELIED_ON_MS).toBe(600 * 0.9 - 20);
  });

  it('is not held before a majority, this replica included, answered', () => {
    const five = configurationOf(5);
    const lease = new MasterLease(id(1), DEFAULT_LOG_TIMINGS);
    const transmission = lease.transmit(1000, five);
    lease.answered(id(2), transmission, 1001, five);
    expect(lease.held(1001)).toBe(false);
    lease.answered(id(2), transmission, 1002, five);
    expect(lease.held(1002)).toBe(false);
    lease.answered(id(3), transmission, 1003, five);
    expect(lease.held(1003)).toBe(true);
    expect(lease.untilMs).toBe(1000 + RELIED_ON_MS);
  });

  it('counts from the sending of the very transmission that was answered (T9, T10)', () => {
    const three = configurationOf(3);
    const lease = new MasterLease(id(1), DEFAULT_LOG_TIMINGS);
    const first = lease.transmit(0, three);
    const again = lease.transmit(300, three);
    expect(again).not.toBe(first);
    lease.answered(id(2), first, 400, three);
    expect(lease.untilMs).toBe(RELIED_ON_MS);
    lease.answered(id(2), again, 500, three);
    expect(lease.untilMs).toBe(300 + RELIED_ON_MS);
  });

  it('does not shrink when answers overtake each other', () => {
    const three = configurationOf(3);
    const lease = new MasterLease(id(1), DEFAULT_LOG_TIMINGS);
    const older = lease.transmit(0, three);
    const newer = lease.transmit(100, three);
    lease.answered(id(2), newer, 110, three);
    lease.answered(id(2), older, 120, three);
    expect(lease.untilMs).toBe(100 + RELIED_ON_MS);
  });

  it('counts nothing for an answer to what was never sent, or so long ago that it is forgotten', () => {
    const three = configurationOf(3);
    const lease = new MasterLease(id(1), DEFAULT_LOG_TIMINGS);
    const old = lease.transmit(0, three);
    lease.transmit(601, three);
    lease.answered(id(2), old, 602, three);
    lease.answered(id(2), 99, 602, three);
    expect(lease.untilMs).toBe(-Infinity);
  });

  it('stops exactly when it ends, and remembers a gap', () => {
    const three = configurationOf(3);
    const lease = new MasterLease(id(1), DEFAULT_LOG_TIMINGS);
    lease.answered(id(2), lease.transmit(0, three), 1, three);
    expect(lease.held(RELIED_ON_MS - 0.001)).toBe(true);
    expect(lease.held(RELIED_ON_MS)).toBe(false);
    expect(lease.lapsed).toBe(false);
    const after = lease.transmit(RELIED_ON_MS + 1, three);
    lease.answered(id(2), after, RELIED_ON_MS + 2, three);
    expect(lease.held(RELIED_ON_MS + 2)).toBe(true);
    expect(lease.lapsed).toBe(true);
  });

  it('shows no gap while it is renewed in time', () => {
    const three = configurationOf(3);
    const lease = new MasterLease(id(1), DEFAULT_LOG_TIMINGS);
    for (let nowMs = 0; nowMs < 5000; nowMs += 150) {
      lease.answered(id(3), lease.transmit(nowMs, three), nowMs + 40, three);
      expect(lease.held(nowMs + 40)).toBe(true);
    }
    expect(lease.lapsed).toBe(false);
  });

  it('is never longer than the sending that the quorum-th newest voter answered allows', () => {
    const anyAnswers = fc.array(
      fc.record({ from: fc.integer({ min: 2, max: 5 }), sending: fc.nat(9), lateMs: fc.nat(400) }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        const five = configurationOf(5);
        const lease = new MasterLease(id(1), DEFAULT_LOG_TIMINGS);
        const sendings = Array.from({ length: 10 }, (_, index) => ({
          atMs: index * 20,
          number: lease.transmit(index * 20, five),
        }));
        const newest = new Map([[1, 180]]);
        for (const { from, sending, lateMs } of answers) {
          const { atMs, number } = sendings[sending]!;
          lease.answered(id(from), number, 200 + lateMs, five);
          newest.set(from, Math.max(atMs, newest.get(from) ?? -Infinity));
        }
        const quorumNewest = [...newest.values()].sort((a, b) => b - a)[2];
        expect(lease.untilMs).toBe(quorumNewest === undefined ? -Infinity : quorumNewest + RELIED_ON_MS);
      }),
    );
  });
});
