import { describe, expect, it } from 'vitest';
import { byHandle, byName, reasonOf, responseOf, TestCell } from './test-cell.js';

describe('a cell whose disks are full (DESIGN 3.11)', () => {
  function fullCell() {
    const cell = TestCell.reigning();
    const session = cell.session(1, { leaseMs: 60_000 });
    const handle = session.create('/ls/test/f');
    const held = session.create('/ls/test/held');
    session.do('acquire', { handle: held });
    const other = cell.session(2, { leaseMs: 60_000 });
    const waiting = other.ask('acquire', { handle: other.open('/ls/test/held') });
    cell.log.short = true;
    return { cell, session, handle, other, held, waiting };
  }

  it('takes nothing in, says so at once, and writes nothing for that', () => {
    const { cell, session, handle } = fullCell();
    const values = cell.log.chosen.length;
    expect(reasonOf(cell.ask('createSession', { nonce: Buffer.alloc(16, 9) }))).toBe('DISK_FULL');
    expect(reasonOf(session.ask('setContents', byHandle(handle)))).toBe('DISK_FULL');
    expect(reasonOf(session.ask('open', { name: '/ls/test/g', create: 'CREATE_MODE_MAY' }))).toBe('DISK_FULL');
    expect(reasonOf(session.ask('acquire', { handle }))).toBe('DISK_FULL');
    expect(reasonOf(session.ask('tryAcquire', { handle }))).toBe('DISK_FULL');
    expect(cell.log.chosen.length).toBe(values);
  });

  it('reads, opens, releases, hands on, closes, deletes and ends sessions', () => {
    const { session, other, held, waiting } = fullCell();
    session.do('getContentsAndStat', byName('/ls/test/f'));
    session.do('close', { handle: session.open('/ls/test/f') });
    expect(session.do('release', { handle: held })).toEqual({ released: true });
    expect(responseOf(waiting).granted).toBe(true);
    session.do('delete', byName('/ls/test/f'));
    other.do('closeSession', {});
  });

  it('answers what it did before again, and does under the same number what it refused, once it has room', () => {
    const { cell, session, handle } = fullCell();
    cell.log.short = false;
    session.do('setContents', { ...byHandle(handle), contents: Buffer.from('first') });
    const { number } = session;
    cell.log.short = true;
    const again = session.ask('setContents', { ...byHandle(handle), contents: Buffer.from('first') }, { number });
    expect(responseOf(again).stat?.contentGeneration).toBe(2);
    expect(reasonOf(session.ask('setContents', byHandle(handle)))).toBe('DISK_FULL');
    cell.log.short = false;
    expect(responseOf(session.ask('setContents', byHandle(handle), { number: session.number })).stat).toBeDefined();
  });
});
