import { describe, expect, it } from 'vitest';
import { byHandle, byName, reasonOf, responseOf, TestCell } from './test-cell.js';

describe('a full database', () => {
  function fullCell() {
    const cell = TestCell.reigning({ limits: { databaseBytes: 50_000 } });
    const session = cell.session(1, { leaseMs: 60_000 });
    const handle = session.create('/ls/test/f');
    const other = cell.session(2, { leaseMs: 60_000 });
    const held = session.create('/ls/test/held');
    session.do('acquire', { handle: held });
    const theirs = other.open('/ls/test/held');
    const waiting = other.ask('acquire', { handle: theirs });
    session.create('/ls/test/big', { initialContents: Buffer.alloc(50_000) });
    return { cell, session, other, handle, held, theirs, waiting };
  }

  it('takes nothing in: no file, no session, no lock, nor the answers to such requests', () => {
    const { cell, session, handle } = fullCell();
    expect(reasonOf(cell.ask('createSession', { nonce: Buffer.alloc(16, 9) }))).toBe('LIMIT_DATABASE');
    expect(reasonOf(session.ask('setContents', byHandle(handle)))).toBe('LIMIT_DATABASE');
    expect(reasonOf(session.ask('open', { name: '/ls/test/f', create: 'CREATE_MODE_MAY' }))).toBe('LIMIT_DATABASE');
    expect(reasonOf(session.ask('tryAcquire', { handle }))).toBe('LIMIT_DATABASE');
    expect(reasonOf(session.ask('acquire', { handle }))).toBe('LIMIT_DATABASE');
  });

  it('still finds the session of a known nonce', () => {
    const { cell, session } = fullCell();
    const found = responseOf(cell.ask('createSession', { nonce: Buffer.alloc(16, 1) })).session;
    expect(found).toEqual(session.credential);
  });

  it('reads, opens, releases, hands on, closes and deletes, and has room again', () => {
    const { cell, session, other, handle, held, theirs, waiting } = fullCell();
    session.do('getContentsAndStat', byName('/ls/test/big'));
    session.do('close', { handle: session.open('/ls/test/f') });
    expect(session.do('release', { handle: held })).toEqual({ released: true });
    expect(responseOf(waiting).granted).toBe(true);
    other.do('close', { handle: theirs });
    other.do('closeSession', {});
    session.do('delete', byName('/ls/test/big'));
    session.do('setContents', byHandle(handle));
    cell.session(3);
  });

  it('lets a session that acknowledges nothing leave little behind', () => {
    const { cell, session, handle } = fullCell();
    const before = cell.service.status().entries;
    const reasons = Array.from({ length: 1_000 }, () => reasonOf(session.ask('setContents', byHandle(handle))));
    expect(new Set(reasons)).toEqual(new Set(['LIMIT_DATABASE', 'WINDOW_EXCEEDED']));
    expect(cell.service.status().entries - before).toBeLessThan(250);
    session.acknowledged = session.number;
    expect(reasonOf(session.ask('setContents', byHandle(handle)))).toBe('LIMIT_DATABASE');
  });
});

describe('the answers kept for a session', () => {
  it('are bounded in bytes, and make room once they are acknowledged', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const name = `/ls/test/${'x'.repeat(1_000)}`;
    session.create(name);
    const open = () => session.ask('open', { name, read: true, create: 'CREATE_MODE_MAY' });
    let opened = 0;
    let last = open();
    for (; 'response' in last.reply!; last = open()) opened++;
    expect(reasonOf(last)).toBe('WINDOW_EXCEEDED');
    expect(opened).toBeGreaterThan(450);
    expect(opened).toBeLessThan(512);
    session.do('delete', byName(name));
    session.acknowledged = 2;
    expect(responseOf(open()).created).toBe(true);
  });

  it('never hold the oldest open request up: what is newer waits for it', () => {
    const cell = TestCell.reigning({ limits: { requestWindow: 20 } });
    const session = cell.session();
    const oldest = ++session.number;
    const write = (number: number) =>
      session.ask('setContents', { ...byName('/ls/test/f'), create: true }, { number, acknowledged: oldest - 1 });
    const refused = (number: number) =>
      session.ask('delete', byName(`/ls/test/${'y'.repeat(900)}${number}`), { number });
    for (let number = 2; number <= 20; number++) refused(number);
    expect(reasonOf(write(21))).toBe('WINDOW_EXCEEDED');
    responseOf(write(oldest));
  });

  it('are counted by the next master, too', () => {
    const cell = TestCell.reigning({ limits: { requestWindow: 10 } });
    const session = cell.session();
    const name = `/ls/test/${'x'.repeat(450)}`;
    const open = () => session.ask('open', { name, read: true, create: 'CREATE_MODE_MAY' });
    for (let i = 0; i < 3; i++) responseOf(open());
    expect(reasonOf(open())).toBe('WINDOW_EXCEEDED');
    session.cell = cell.successor(2);
    expect(reasonOf(open())).toBe('WINDOW_EXCEEDED');
  });
});
