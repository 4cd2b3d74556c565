import { describe, expect, it } from 'vitest';
import { SeededRng } from '../../../src/common/rng.js';
import { byHandle, byName, reasonOf, responseOf, TestCell } from './test-cell.js';
import type { TestSession } from './test-cell.js';

describe('a handle', () => {
  it('serves only the session that opened it', () => {
    const cell = TestCell.reigning();
    const handle = cell.session(1).create('/ls/test/f');
    const other = cell.session(2);
    expect(reasonOf(other.ask('getStat', byHandle(handle)))).toBe('WRONG_SESSION');
    expect(reasonOf(other.ask('setContents', byHandle(handle)))).toBe('WRONG_SESSION');
    expect(reasonOf(cell.ask('getStat', byHandle(handle)))).toBe('MISSING_FIELD');
  });

  it('forged, altered or of another cell is refused', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const handle = session.create('/ls/test/f');
    const elsewhere = TestCell.reigning({ rng: new SeededRng(99) })
      .session()
      .create('/ls/test/f');
    const altered = Buffer.from(handle);
    altered[10]! ^= 1;
    for (const bytes of [altered, elsewhere, handle.subarray(1), Buffer.from('garbage'), Buffer.alloc(100_000)]) {
      expect(reasonOf(session.ask('getStat', byHandle(bytes)))).toBe('BAD_HANDLE');
    }
    expect(reasonOf(session.ask('acquire', {}))).toBe('MISSING_FIELD');
  });

  it('is good for what it was opened for', () => {
    const session = TestCell.reigning().session();
    session.create('/ls/test/f');
    const reader = session.open('/ls/test/f', { write: false });
    const writer = session.open('/ls/test/f', { read: false });
    const opener = session.open('/ls/test/f', { read: false, write: false });
    expect(reasonOf(session.ask('setContents', byHandle(reader)))).toBe('MODE_FORBIDS');
    expect(reasonOf(session.ask('delete', byHandle(reader)))).toBe('MODE_FORBIDS');
    expect(reasonOf(session.ask('tryAcquire', { handle: reader, mode: 'LOCK_MODE_SHARED' }))).toBe('MODE_FORBIDS');
    expect(reasonOf(session.ask('getContentsAndStat', byHandle(writer)))).toBe('MODE_FORBIDS');
    expect(reasonOf(session.ask('getStat', byHandle(opener)))).toBe('MODE_FORBIDS');
    session.do('setContents', byHandle(writer));
    session.do('getStat', byHandle(reader));
  });

  it('is bound to the instance: it fails when the node is deleted, even if another has its name', () => {
    const session = TestCell.reigning().session();
    const handle = session.create('/ls/test/f');
    session.do('delete', byName('/ls/test/f'));
    expect(reasonOf(session.ask('getStat', byHandle(handle)))).toBe('INSTANCE_GONE');
    const newer = session.create('/ls/test/f');
    for (const name of ['getStat', 'setContents', 'delete'] as const) {
      expect(reasonOf(session.ask(name, byHandle(handle)))).toBe('INSTANCE_GONE');
    }
    for (const name of ['tryAcquire', 'release', 'getSequencer'] as const) {
      expect(reasonOf(session.ask(name, { handle }))).toBe('INSTANCE_GONE');
    }
    session.do('getStat', byHandle(newer));
    session.do('close', { handle });
  });

  it('closed is refused, and closes again without complaint', () => {
    const session = TestCell.reigning().session();
    const handle = session.create('/ls/test/f');
    session.do('close', { handle });
    expect(reasonOf(session.ask('getStat', byHandle(handle)))).toBe('HANDLE_CLOSED');
    session.do('close', { handle });
    session.do('close', { handle: Buffer.from('never was a handle') });
    expect(reasonOf(session.ask('close', {}))).toBe('MISSING_FIELD');
  });

  it('is one of a bounded number', () => {
    const cell = TestCell.reigning({ limits: { handlesPerSession: 2 } });
    const session = cell.session();
    const first = session.create('/ls/test/f');
    session.open('/ls/test/f');
    expect(reasonOf(session.ask('open', { name: '/ls/test/f' }))).toBe('LIMIT_HANDLES');
    session.do('close', { handle: first });
    session.open('/ls/test/f');
  });

  it('is the same when its Open is asked again, though nothing was stored for it', () => {
    const session = TestCell.reigning({ limits: { handlesPerSession: 2 } }).session();
    session.create('/ls/test/f');
    const number = ++session.number;
    const open = () => responseOf(session.ask('open', { name: '/ls/test/f', read: true }, { number })).handle;
    const handle = open();
    session.do('close', { handle });
    expect(open()).toEqual(handle);
  });
});

describe('a request number that a client uses twice', () => {
  const openFor = (session: TestSession, name: string, number: number) =>
    session.ask('open', { name, read: true, write: true }, { number });

  /** Whether the lock can be had at once by somebody new. */
  function isFree(cell: TestCell, name: string): boolean {
    const stranger = cell.session(99);
    const { granted } = stranger.do('tryAcquire', { handle: stranger.open(name) });
    stranger.do('closeSession', {});
    return granted;
  }

  function twoFiles() {
    const cell = TestCell.reigning();
    const session = cell.session(1, { leaseMs: 60_000 });
    for (const name of ['/ls/test/a', '/ls/test/b']) session.do('close', { handle: session.create(name) });
    return { cell, session, number: ++session.number };
  }

  it('opens one node: no lock is left behind when the session ends', () => {
    const { cell, session, number } = twoFiles();
    const first = responseOf(openFor(session, '/ls/test/a', number)).handle;
    session.do('acquire', { handle: first });
    expect(reasonOf(openFor(session, '/ls/test/b', number))).toBe('MALFORMED_REQUEST');
    session.do('closeSession', {});
    expect([isFree(cell, '/ls/test/a'), isFree(cell, '/ls/test/b')]).toEqual([true, true]);
  });

  it('may open another node when the first handle is closed', () => {
    const { cell, session, number } = twoFiles();
    const first = responseOf(openFor(session, '/ls/test/a', number)).handle;
    session.do('acquire', { handle: first });
    session.do('close', { handle: first });
    const second = responseOf(openFor(session, '/ls/test/b', number)).handle;
    session.do('acquire', { handle: second });
    session.do('closeSession', {});
    expect([isFree(cell, '/ls/test/a'), isFree(cell, '/ls/test/b')]).toEqual([true, true]);
  });

  it.each([
    ['holds a lock', true],
    ['holds nothing', false],
  ])('opens one node at the next master, too, while the first handle %s', (_what, holds) => {
    const { cell, session, number } = twoFiles();
    const first = responseOf(openFor(session, '/ls/test/a', number)).handle;
    if (holds) session.do('acquire', { handle: first });
    const successor = cell.successor(2);
    session.cell = successor;
    const opened = openFor(session, '/ls/test/b', number);
    if (holds) {
      expect(reasonOf(opened)).toBe('MALFORMED_REQUEST');
      session.do('getStat', byHandle(first));
    } else {
      session.do('acquire', { handle: responseOf(opened).handle });
      expect(reasonOf(session.ask('acquire', { handle: first }))).toBe('HANDLE_CLOSED');
      session.do('close', { handle: first });
    }
    session.do('closeSession', {});
    expect([isFree(successor, '/ls/test/a'), isFree(successor, '/ls/test/b')]).toEqual([true, true]);
  });

  it('has one handle at the master after the next, whichever of two it sees first', () => {
    const { cell, session, number } = twoFiles();
    const first = responseOf(openFor(session, '/ls/test/a', number)).handle;
    const second = cell.successor(2);
    session.cell = second;
    const other = responseOf(openFor(session, '/ls/test/b', number)).handle;
    session.do('close', { handle: other });
    session.do('acquire', { handle: first });
    const third = second.successor(3, 3);
    session.cell = third;
    expect(reasonOf(session.ask('acquire', { handle: other }))).toBe('HANDLE_CLOSED');
    session.do('close', { handle: other });
    expect(session.do('release', { handle: first })).toEqual({ released: true });
  });

  it('follows a name to its new node, and closing the old handle leaves the lock of the new one', () => {
    const { cell, session, number } = twoFiles();
    const first = responseOf(openFor(session, '/ls/test/a', number)).handle;
    session.do('delete', byName('/ls/test/a'));
    session.do('close', { handle: session.create('/ls/test/a') });
    session.cell = cell.successor(2);
    const second = responseOf(openFor(session, '/ls/test/a', number)).handle;
    session.do('acquire', { handle: second });
    session.do('close', { handle: first });
    expect(isFree(session.cell, '/ls/test/a')).toBe(false);
    expect(session.do('release', { handle: second })).toEqual({ released: true });
  });

  it('repeated, finds its handle though the session may have no more of them', () => {
    const cell = TestCell.reigning({ limits: { handlesPerSession: 1 } });
    const session = cell.session();
    session.do('close', { handle: session.create('/ls/test/a') });
    const number = ++session.number;
    const handle = responseOf(openFor(session, '/ls/test/a', number)).handle;
    expect(responseOf(openFor(session, '/ls/test/a', number)).handle).toEqual(handle);
  });
});

describe('after a change of master a handle', () => {
  it('is verified and taken in again on its first use', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const handle = session.create('/ls/test/f', { initialContents: Buffer.from('x') });
    session.cell = cell.successor(2);
    session.do('setContents', { ...byHandle(handle), contents: Buffer.from('y') });
    expect(session.do('getContentsAndStat', byHandle(handle)).contents.toString()).toBe('y');
  });

  it('closed under the new master stays closed', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const used = session.create('/ls/test/f');
    const unused = session.open('/ls/test/f');
    session.cell = cell.successor(2);
    session.do('getStat', byHandle(used));
    session.do('close', { handle: used });
    session.do('close', { handle: unused });
    expect(reasonOf(session.ask('getStat', byHandle(used)))).toBe('HANDLE_CLOSED');
    expect(reasonOf(session.ask('getStat', byHandle(unused)))).toBe('HANDLE_CLOSED');
  });

  it('that holds something counts as open before it is used', () => {
    const cell = TestCell.reigning({ limits: { handlesPerSession: 2 } });
    const session = cell.session();
    const handle = session.create('/ls/test/f');
    session.do('acquire', { handle });
    session.create('/ls/test/e', { ephemeral: true });
    session.cell = cell.successor(2);
    expect(reasonOf(session.ask('open', { name: '/ls/test/f' }))).toBe('LIMIT_HANDLES');
    session.do('getStat', byHandle(handle));
    session.do('close', { handle });
    session.open('/ls/test/f');
  });

  it('is not taken in beyond the bound of open handles', () => {
    const cell = TestCell.reigning({ limits: { handlesPerSession: 1 } });
    const session = cell.session();
    const older = session.create('/ls/test/f');
    session.cell = cell.successor(2);
    session.open('/ls/test/f');
    expect(reasonOf(session.ask('getStat', byHandle(older)))).toBe('LIMIT_HANDLES');
  });
});
