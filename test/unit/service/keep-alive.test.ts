import { describe, expect, it } from 'vitest';
import { byName, failureOf, reasonOf, responseOf, TestCell } from './test-cell.js';

describe('a KeepAlive', () => {
  it('is held until the lease is nearly over, then extends it, counted from its receipt', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    cell.advance(100);
    const keepAlive = session.keepAlive();
    cell.advance(7_099);
    expect(keepAlive.reply).toBeUndefined();
    cell.advance(1);
    // 12 s from now, said as a length from the receipt 7.1 s ago.
    expect(responseOf(keepAlive)).toMatchObject({
      sessionId: session.credential.id,
      answers: keepAlive.number,
      leaseMs: 19_100,
      events: [],
    });
    cell.advance(11_999);
    session.do('getStat', byName('/ls/test'));
    cell.advance(1);
    expect(reasonOf(session.ask('getStat', byName('/ls/test')))).toBe('UNKNOWN_SESSION');
  });

  it('keeps a session alive as long as one follows the other', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    // Without it the session would be idle.
    session.create('/ls/test/f');
    const exchanges: number[] = [];
    for (let keepAlive = session.keepAlive(); exchanges.length < 10;) {
      cell.advance(100);
      if (keepAlive.reply === undefined) continue;
      exchanges.push(cell.clock.monotonicMs());
      keepAlive = session.keepAlive();
    }
    expect(exchanges[9]! - exchanges[8]!).toBe(7_200);
    session.do('getStat', byName('/ls/test'));
  });

  it('is answered at once when the lease is nearly over already', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    cell.advance(11_000);
    expect(responseOf(session.keepAlive()).leaseMs).toBe(12_000);
  });

  it('answers the one before it: a session has one held', () => {
    const session = TestCell.reigning().session();
    const [first, second] = [session.keepAlive(), session.keepAlive()];
    expect(responseOf(first).answers).toBe(first.number);
    expect(second.reply).toBeUndefined();
  });

  it('hears of the end of its session when that is applied, and not before', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    cell.automatic = false;
    const first = session.keepAlive();
    session.ask('closeSession', {});
    const second = session.keepAlive();
    const third = session.keepAlive();
    expect([first, second, third].map(({ reply }) => reply)).toEqual([undefined, undefined, undefined]);
    cell.log.run();
    for (const each of [first, second, third]) {
      expect(responseOf(each)).toMatchObject({ answers: each.number, failure: { reason: 'SESSION_EXPIRED' } });
    }
  });

  it('is sent to the next master when the reign ends before the session does', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    cell.automatic = false;
    session.ask('closeSession', {});
    const asked = [session.keepAlive(), session.keepAlive()];
    cell.log.endReign();
    expect(asked.map(reasonOf)).toEqual(['NOT_MASTER', 'NOT_MASTER']);
  });

  it('that was withdrawn promises nothing', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const keepAlive = session.keepAlive();
    keepAlive.withdraw();
    keepAlive.withdraw();
    cell.advance(12_000);
    expect(keepAlive.reply).toBeUndefined();
    expect(reasonOf(session.ask('getStat', byName('/ls/test')))).toBe('UNKNOWN_SESSION');
  });

  it('of a session that is gone, or of nobody, says so within the stream', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    session.do('closeSession', {});
    expect(responseOf(session.keepAlive())).toMatchObject({
      sessionId: session.credential.id,
      failure: { reason: 'UNKNOWN_SESSION' },
    });
  });

  it('that is held while its session ends is told', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const keepAlive = session.keepAlive();
    session.do('closeSession', {});
    expect(responseOf(keepAlive).failure).toMatchObject({ reason: 'SESSION_EXPIRED' });
  });

  it('that comes while the end of its session is on its way is told when that is certain', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    cell.automatic = false;
    session.ask('closeSession', {});
    const keepAlive = session.keepAlive();
    expect(keepAlive.reply).toBeUndefined();
    cell.log.run();
    expect(responseOf(keepAlive).failure).toMatchObject({ reason: 'SESSION_EXPIRED' });
  });

  it('is not answered while the master itself holds no lease, and is when it holds one again', () => {
    const cell = TestCell.reigning();
    const keepAlive = cell.session().keepAlive();
    cell.log.leaseHeld = false;
    cell.advance(8_000);
    expect(keepAlive.reply).toBeUndefined();
    cell.log.leaseHeld = true;
    cell.advance(50);
    expect(responseOf(keepAlive).leaseMs).toBe(20_050);
  });

  it('at a replica that is not master, or no longer, fails as a stream', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const held = session.keepAlive();
    cell.log.endReign();
    expect(reasonOf(held)).toBe('NOT_MASTER');
    expect(failureOf(session.keepAlive())).toMatchObject({
      reason: 'NOT_MASTER',
      metadata: { 'retry-after-ms': '50' },
    });
  });
});

describe('the event of a fail-over', () => {
  const failOver = { event: 'masterFailedOver', masterFailedOver: {} };

  it('comes at once, again until it is acknowledged, and then no more', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const before = responseOf((cell.advance(11_000), session.keepAlive())).replyNumber;
    session.cell = cell.successor(2);
    // What was acknowledged to the old master acknowledges nothing here.
    const first = responseOf(session.keepAlive(before));
    expect(first.events).toEqual([failOver]);
    const again = session.keepAlive(before);
    session.cell.advance(100);
    const second = responseOf(again);
    expect(second).toMatchObject({ events: [failOver], replyNumber: first.replyNumber + 1 });
    const third = session.keepAlive(second.replyNumber);
    session.cell.advance(11_000);
    expect(responseOf(third).events).toEqual([]);
  });

  it('is not for sessions that never had another master', () => {
    const session = TestCell.reigning().session();
    expect(session.keepAlive().reply).toBeUndefined();
  });
});
