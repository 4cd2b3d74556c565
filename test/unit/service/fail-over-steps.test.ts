import { describe, expect, it } from 'vitest';
import { Listener } from './listener.js';
import { byHandle, byName, reasonOf, responseOf, TestCell } from './test-cell.js';

const F = '/ls/test/f';
const G = '/ls/test/g';
const CACHES = { cachesNothing: false };

const write = (name: string) => ({ ...byName(name), contents: Buffer.from('x'), create: true });

/** The master is dead to its clients, and keeps what it believes: another one reigns. */
const successor = (cell: TestCell, round = 2): TestCell => cell.successor(round);

// The nine steps of a new master, [CH] 2.9, with the departures of DESIGN 5.
describe('the steps of a fail-over', () => {
  it('1: what was meant for an earlier master acts on no later one', () => {
    const cell = TestCell.reigning();
    const session = cell.session(1, CACHES);
    const old = responseOf((cell.advance(11_000), session.keepAlive())).replyNumber;
    session.do('setContents', write(F));
    session.acknowledged = session.number;
    session.cell = successor(cell);
    // An acknowledgement of an old reply is none of the fail-over: writes go on waiting for it.
    expect(responseOf(session.keepAlive(old)).replyNumber).toBeGreaterThan(old);
    expect(session.ask('setContents', write(F)).reply).toBeUndefined();
    // A late copy of an answered request finds its number taken.
    const stray = session.ask('setContents', write(G), { number: session.acknowledged });
    expect(reasonOf(stray)).toBe('REQUEST_FORGOTTEN');
  });

  it('2: before its first value is applied it tells where the master is, and nothing else', () => {
    const cell = TestCell.reigning();
    const { credential } = cell.session();
    const next = new TestCell({}, cell.clock, 2);
    cell.log.chosen.forEach((value) => next.log.choose(value));
    expect(reasonOf(next.ask('getStat', byName('/ls/test')))).toBe('NOT_MASTER');
    expect(reasonOf(next.ask('setContents', write(F), { credential, number: 1 }))).toBe('NOT_MASTER');
    expect(next.service.masterLocation().replicas).toHaveLength(3);
    next.log.beginReign(2);
    expect(responseOf(next.ask('getStat', byName('/ls/test'))).stat).toBeDefined();
  });

  it('3: it knows sessions and locks from the database, and gives each session its full lease', () => {
    const cell = TestCell.reigning();
    const holder = cell.session(1, { leaseMs: 20_000 });
    const other = cell.session(2);
    holder.do('acquire', { handle: holder.create(F) });
    cell.advance(11_000);
    other.cell = successor(cell);
    holder.cell = other.cell;
    expect(other.do('tryAcquire', { handle: other.open(F) }).granted).toBe(false);
    other.cell.advance(11_999);
    expect(other.cell.cellHas(other)).toBe(true);
    other.cell.advance(8_000);
    expect(other.cell.cellHas(other)).toBe(false);
    expect(holder.cell.cellHas(holder)).toBe(true);
  });

  it('3: of many sessions it gives each a full lease from the turn on in which its client comes', () => {
    const cell = TestCell.reigning();
    const silent = cell.session(1);
    for (let i = 2; i <= 200; i++) cell.session(i);
    const next = successor(cell);
    silent.cell = next;
    const { spreadMs } = next.service.masterLocation();
    expect(spreadMs).toBeGreaterThan(500);
    next.advance(12_000 + spreadMs - 1);
    expect(next.cellHas(silent)).toBe(true);
    next.advance(1_000);
    expect(next.cellHas(silent)).toBe(false);
  });

  it('3: of many sessions it gives none up while others still come, and none is waited for longer than a minute', () => {
    const cell = TestCell.reigning();
    const sessions = Array.from({ length: 40 }, (_, i) => cell.session(i + 1));
    const next = successor(cell);
    const [silent, late, ...others] = sessions;
    for (const session of sessions) session.cell = next;
    const nextComes = (): void => {
      others.shift()!.keepAlive();
      next.advance(3_000);
    };
    for (let i = 0; i < 10; i++) nextComes();
    expect(next.cellHas(silent!)).toBe(true);
    late!.keepAlive();
    for (let i = 0; i < 12; i++) nextComes();
    expect(next.cellHas(silent!)).toBe(false);
  });

  it('3: it gives up those that did not come when nobody comes any more', () => {
    const cell = TestCell.reigning();
    const sessions = Array.from({ length: 40 }, (_, i) => cell.session(i + 1));
    const next = successor(cell);
    for (const session of sessions) session.cell = next;
    next.advance(11_000);
    sessions[1]!.keepAlive();
    next.advance(3_900);
    expect(next.cellHas(sessions[0]!)).toBe(true);
    next.advance(200);
    expect(next.cellHas(sessions[0]!)).toBe(false);
    expect(next.cellHas(sessions[1]!)).toBe(true);
  });

  it('4: it keeps sessions alive at once', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    session.cell = successor(cell);
    expect(responseOf(session.keepAlive()).leaseMs).toBe(12_000);
  });

  it('5: it tells each session that the master failed over, those that cache nothing, too', () => {
    const cell = TestCell.reigning();
    const sessions = [cell.session(1), cell.session(2, CACHES)];
    const next = successor(cell);
    for (const session of sessions) {
      session.cell = next;
      expect(new Listener(session).take()[0]).toBe('masterFailedOver');
    }
  });

  it('6: a write waits for the sessions that may still cache, until they have heard or their leases are over', () => {
    const cell = TestCell.reigning();
    const [writer, silent, other] = [cell.session(1), cell.session(2, CACHES), cell.session(3, CACHES)];
    const next = successor(cell);
    for (const session of [writer, silent, other]) session.cell = next;
    new Listener(writer);
    const asked = writer.ask('setContents', write(F));
    new Listener(other);
    next.advance(11_900);
    expect(asked.reply).toBeUndefined();
    next.advance(200);
    expect(responseOf(asked).stat!.contentGeneration).toBe(1);
  });

  it('6, sooner: who has heard reads and opens at once, while writes still wait', () => {
    const cell = TestCell.reigning();
    const session = cell.session(1, CACHES);
    session.create(F);
    cell.session(2, CACHES);
    session.cell = successor(cell);
    new Listener(session);
    session.do('getStat', byName(F));
    session.open(F);
    expect(session.ask('setContents', write(F)).reply).toBeUndefined();
  });

  it('7: then everything is served', () => {
    const cell = TestCell.reigning();
    const session = cell.session(1, CACHES);
    session.cell = successor(cell);
    new Listener(session);
    session.cell.advance(0);
    session.do('setContents', write(F));
    expect(session.do('acquire', { handle: session.open(F) }).granted).toBe(true);
  });

  it('8: a handle of an earlier master is recreated when it is used; closed here, it is not used again', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const handle = session.create(F);
    session.cell = successor(cell);
    new Listener(session);
    session.do('getStat', byHandle(handle));
    session.do('close', { handle });
    expect(reasonOf(session.ask('getStat', byHandle(handle)))).toBe('HANDLE_CLOSED');
  });

  it('9: after a minute ephemeral nodes go that nobody has come back for', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    session.create(F, { ephemeral: true });
    const kept = session.create(G, { ephemeral: true });
    session.cell = successor(cell);
    new Listener(session);
    session.cell.advance(0);
    session.do('reattach', { handles: [{ handle: kept, seenRevision: 1 }], complete: true });
    session.cell.advance(61_000);
    expect(reasonOf(session.cell.ask('getStat', byName(F)))).toBe('NOT_FOUND');
    responseOf(session.cell.ask('getStat', byName(G)));
  });
});
