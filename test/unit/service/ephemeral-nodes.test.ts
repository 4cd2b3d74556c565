import { describe, expect, it } from 'vitest';
import { byHandle, byName, reasonOf, TestCell } from './test-cell.js';
import type { TestSession } from './test-cell.js';

const isThere = (session: TestSession, name: string): boolean =>
  !('failure' in session.ask('getStat', byName(name)).reply!);

describe('an ephemeral node', () => {
  it('goes when its creator closes it', () => {
    const session = TestCell.reigning().session();
    const handle = session.create('/ls/test/e', { ephemeral: true });
    expect(session.do('getStat', byName('/ls/test/e')).stat!.ephemeral).toBe(true);
    session.do('close', { handle });
    expect(isThere(session, '/ls/test/e')).toBe(false);
  });

  it('stays while its creator has it open otherwise', () => {
    const session = TestCell.reigning().session();
    const creator = session.create('/ls/test/e', { ephemeral: true });
    const second = session.open('/ls/test/e');
    const third = session.open('/ls/test/e');
    session.do('close', { handle: creator });
    session.do('close', { handle: third });
    expect(isThere(session, '/ls/test/e')).toBe(true);
    session.do('close', { handle: second });
    expect(isThere(session, '/ls/test/e')).toBe(false);
  });

  it('goes with the session of its creator, closed or expired', () => {
    const cell = TestCell.reigning();
    const watcher = cell.session(1, { leaseMs: 60_000 });
    const closing = cell.session(2);
    const expiring = cell.session(3);
    closing.create('/ls/test/closing', { ephemeral: true });
    expiring.create('/ls/test/expiring', { ephemeral: true });
    closing.do('closeSession', {});
    expect(isThere(watcher, '/ls/test/closing')).toBe(false);
    cell.advance(12_100);
    expect(isThere(watcher, '/ls/test/expiring')).toBe(false);
  });

  it('goes when its creator closes it under a later master', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const handle = session.create('/ls/test/e', { ephemeral: true });
    session.cell = cell.successor(2);
    session.do('close', { handle });
    expect(isThere(session, '/ls/test/e')).toBe(false);
  });

  it('stays while its creator has it open otherwise, under a later master, too', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const creator = session.create('/ls/test/e', { ephemeral: true });
    const second = session.open('/ls/test/e');
    session.cell = cell.successor(2);
    session.do('close', { handle: creator });
    session.do('getStat', byHandle(second));
    session.cell = session.cell.successor(3, 3);
    session.do('close', { handle: second });
    expect(isThere(session, '/ls/test/e')).toBe(false);
  });

  it('opened many times by its creator goes with the session, and leaves nothing behind', () => {
    const cell = TestCell.reigning();
    const clean = cell.service.status().entries;
    const session = cell.session();
    session.create('/ls/test/e', { ephemeral: true });
    for (let i = 0; i < 100; i++) session.open('/ls/test/e');
    session.do('closeSession', {});
    expect(cell.service.status().entries).toBe(clean);
  });

  it("is permanent in nobody else's hands: closing another handle leaves it", () => {
    const cell = TestCell.reigning();
    const creator = cell.session(1);
    creator.create('/ls/test/e', { ephemeral: true });
    const other = cell.session(2);
    other.do('close', { handle: other.open('/ls/test/e') });
    expect(isThere(other, '/ls/test/e')).toBe(true);
  });

  it('that is a directory with children waits for the last of them', () => {
    const cell = TestCell.reigning();
    const creator = cell.session(1);
    creator.create('/ls/test/d', { ephemeral: true, kind: 'NODE_KIND_DIRECTORY' });
    const other = cell.session(2);
    other.create('/ls/test/d/f');
    other.create('/ls/test/d/g');
    creator.do('closeSession', {});
    other.do('delete', byName('/ls/test/d/f'));
    expect(isThere(other, '/ls/test/d')).toBe(true);
    other.do('delete', byName('/ls/test/d/g'));
    expect(isThere(other, '/ls/test/d')).toBe(false);
  });

  it('goes with its whole family, when one session made them all', () => {
    const cell = TestCell.reigning();
    const creator = cell.session(1);
    const directory = { ephemeral: true, kind: 'NODE_KIND_DIRECTORY' } as const;
    creator.create('/ls/test/d', directory);
    creator.create('/ls/test/d/e', directory);
    creator.create('/ls/test/d/e/f', { ephemeral: true });
    creator.do('closeSession', {});
    const other = cell.session(2);
    expect(isThere(other, '/ls/test/d')).toBe(false);
    expect(other.do('readDir', byName('/ls/test')).stat!.childCount).toBe(1);
  });

  it('deleted by somebody leaves nothing behind', () => {
    const cell = TestCell.reigning();
    const clean = cell.service.status().entries;
    const creator = cell.session(1);
    const handle = creator.create('/ls/test/e', { ephemeral: true });
    const other = cell.session(2);
    other.do('delete', byName('/ls/test/e'));
    const permanent = other.create('/ls/test/e');
    creator.do('close', { handle });
    expect(isThere(other, '/ls/test/e')).toBe(true);
    other.do('close', { handle: permanent });
    other.do('delete', byName('/ls/test/e'));
    creator.do('closeSession', {});
    other.do('closeSession', {});
    expect(cell.service.status().entries).toBe(clean);
  });

  it('is not made where there is a node already', () => {
    const cell = TestCell.reigning();
    const first = cell.session(1);
    first.create('/ls/test/f');
    const second = cell.session(2);
    const { created } = second.do('open', { name: '/ls/test/f', create: 'CREATE_MODE_MAY', ephemeral: true });
    expect(created).toBe(false);
    second.do('closeSession', {});
    expect(isThere(first, '/ls/test/f')).toBe(true);
    expect(reasonOf(first.ask('open', { name: '/ls/test/f', create: 'CREATE_MODE_MUST' }))).toBe('ALREADY_EXISTS');
  });
});
