import { describe, expect, it } from 'vitest';
import { Listener } from './listener.js';
import { responseOf, TestCell } from './test-cell.js';
import type { TestSession } from './test-cell.js';

/** One KeepAlive every two seconds: two sessions are enough for leases of 12 s no more. */
const SLOW = { limits: { keepAlivesPerSecond: 0.5 } };

const sessions = (cell: TestCell, count: number, firstNonceByte = 10): TestSession[] =>
  Array.from({ length: count }, (_, i) => cell.session(firstNonceByte + i));

/** The lease of the next answer, whenever it comes. */
function nextLeaseMs(session: TestSession): number {
  const askedAtMs = session.cell.clock.monotonicMs();
  const asked = session.keepAlive();
  while (asked.reply === undefined) session.cell.advance(100);
  return responseOf(asked).leaseMs - (session.cell.clock.monotonicMs() - askedAtMs);
}

describe('the leases of sessions', () => {
  it('are what was asked for while there are few', () => {
    const cell = TestCell.reigning(SLOW);
    const [session] = sessions(cell, 2);
    expect(nextLeaseMs(session!)).toBe(12_000);
  });

  it('are stretched with the number of sessions, once the log says so, up to a minute', () => {
    const cell = TestCell.reigning(SLOW);
    const [session, ...others] = sessions(cell, 6);
    others.forEach((other) => new Listener(other));
    // The first answer raises the longest lease, which is applied behind it.
    expect(nextLeaseMs(session!)).toBe(12_000);
    expect(nextLeaseMs(session!)).toBe(20_000);
    expect(cell.service.load.stretchedLeaseMs).toBe(20_000);
    sessions(cell, 50, 100).forEach((other) => new Listener(other));
    cell.advance(10_000);
    expect(nextLeaseMs(session!)).toBe(60_000);
  });

  it('are not promised longer before the log says so', () => {
    const cell = TestCell.reigning(SLOW);
    const [session, ...others] = sessions(cell, 6);
    others.forEach((other) => new Listener(other));
    cell.automatic = false;
    expect(nextLeaseMs(session!)).toBe(12_000);
    expect(nextLeaseMs(session!)).toBe(12_000);
    cell.log.run();
    expect(nextLeaseMs(session!)).toBe(20_000);
  });

  it('stay longer for whoever asked for more', () => {
    const cell = TestCell.reigning(SLOW);
    sessions(cell, 6).forEach((other) => new Listener(other));
    const patient = cell.session(1, { leaseMs: 45_000 });
    new Listener(patient);
    cell.advance(40_000);
    expect(patient.leaseMs).toBe(45_000);
    expect(cell.cellHas(patient)).toBe(true);
  });

  it('are as long under the next master as any that may be outstanding', () => {
    const cell = TestCell.reigning(SLOW);
    const [session, ...others] = sessions(cell, 6);
    others.forEach((other) => new Listener(other));
    nextLeaseMs(session!);
    nextLeaseMs(session!);
    const next = cell.successor(2);
    session!.cell = next;
    next.advance(19_900);
    expect(next.cellHas(session!)).toBe(true);
    next.advance(200);
    expect(next.cellHas(session!)).toBe(false);
  });

  it('are short again when there are few, and only then does the next master give shorter ones', () => {
    const cell = TestCell.reigning(SLOW);
    const [session, ...others] = sessions(cell, 6);
    const handle = session!.create('/ls/test/f');
    expect(handle.length).toBeGreaterThan(0);
    nextLeaseMs(session!);
    nextLeaseMs(session!);
    for (const other of others) other.ask('closeSession', {});
    expect(nextLeaseMs(session!)).toBe(12_000);
    for (let i = 0; i < 4; i++) nextLeaseMs(session!);
    const next = cell.successor(2);
    session!.cell = next;
    next.advance(12_100);
    expect(next.cellHas(session!)).toBe(false);
  });

  it('stay as long under the next master while a long one may be outstanding, though there are few by now', () => {
    const cell = TestCell.reigning(SLOW);
    const [session, ...others] = sessions(cell, 6);
    [session!, ...others].forEach((each) => new Listener(each));
    cell.advance(20_000);
    for (const other of others) other.ask('closeSession', {});
    // Time enough for a KeepAlive that finds few sessions, and not for the long promises to be over.
    cell.advance(13_000);
    const next = cell.successor(2);
    next.advance(19_900);
    expect(next.cellHas(session!)).toBe(true);
  });

  it('stay as long under the next master as a promise shorter than the longest one, when few are left at once', () => {
    const cell = TestCell.reigning(SLOW);
    const [session, other, ...more] = sessions(cell, 12);
    const promisedMs = (to: TestSession): number => {
      const asked = to.keepAlive();
      // A second one makes the master answer the first.
      to.keepAlive();
      cell.log.run();
      return responseOf(asked).leaseMs;
    };
    promisedMs(other!);
    for (const each of [session!, other!, ...more]) expect(promisedMs(each)).toBe(40_000);
    for (const each of more.splice(0, 3)) each.ask('closeSession', {});
    cell.advance(39_000);
    expect(promisedMs(session!)).toBe(32_000);
    for (const each of more) each.ask('closeSession', {});
    // The promises of 40 s are over by then, and this one finds that there are few sessions.
    cell.advance(1_100);
    promisedMs(other!);
    const next = cell.successor(2);
    session!.cell = next;
    next.advance(30_800);
    expect(next.cellHas(session!)).toBe(true);
  });
});
