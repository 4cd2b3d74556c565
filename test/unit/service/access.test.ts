import { describe, expect, it } from 'vitest';
import type { AclNames } from '../../../src/wire/types.js';
import { byHandle, byName, failureOf, reasonOf, responseOf, TestCell } from './test-cell.js';
import type { Fields, TestSession } from './test-cell.js';

const acl = (names: Partial<AclNames>): AclNames => ({ read: '', write: '', changeAcl: '', ...names });

/** A cell with some lists, and sessions of principals of whom `staff` names ann and bob, and `editors` ann. */
function cellWithLists() {
  const cell = TestCell.reigning();
  const root = cell.session(1, {}, 'root');
  const list = (name: string, text: string) =>
    root.do('setContents', { ...byName(`/ls/test/acl/${name}`), contents: Buffer.from(text), create: true });
  list('staff', '# who works here\n\nann\n  bob \r\n#carl\n');
  list('editors', 'ann');
  list('public', '*\n');
  list('nobody', '');
  const session = (name: string, nonceByte: number) => cell.session(nonceByte, {}, name);
  const [ann, bob, carl] = [session('ann', 2), session('bob', 3), session('carl', 4)];
  /** A file, or what else is asked for, under these lists. */
  const make = (name: string, names: Partial<AclNames>, fields: Fields<'open'> = {}) =>
    root.create(name, { acl: acl(names), read: false, write: false, ...fields });
  return { cell, root, ann, bob, carl, list, make };
}

const NOTHING = { read: false, write: false, changeAcl: false };

const outcomeOf = (session: TestSession, name: string, mode: Fields<'open'>) => {
  const { reply } = session.ask('open', { name, ...NOTHING, ...mode });
  return 'failure' in reply! ? reply.failure.reason : 'opened';
};

describe('opening a node', () => {
  it('needs for each use to be on the list for it', () => {
    const { ann, bob, carl, root, make } = cellWithLists();
    make('/ls/test/f', { read: 'staff', write: 'editors', changeAcl: 'nobody' });
    const uses = [{ read: true }, { write: true }, { changeAcl: true }, { read: true, write: true }, NOTHING];
    const outcomes = (session: TestSession) => uses.map((mode) => outcomeOf(session, '/ls/test/f', mode));
    expect(outcomes(ann)).toEqual(['opened', 'opened', 'ACCESS_DENIED', 'opened', 'opened']);
    expect(outcomes(bob)).toEqual(['opened', 'ACCESS_DENIED', 'ACCESS_DENIED', 'ACCESS_DENIED', 'opened']);
    expect(new Set(outcomes(carl))).toEqual(new Set(['ACCESS_DENIED']));
    expect(new Set(outcomes(root))).toEqual(new Set(['ACCESS_DENIED']));
  });

  it('needs to read it to be told what only readers see, whatever else it is for', () => {
    const { bob, root, make } = cellWithLists();
    make('/ls/test/d', { read: 'editors', write: 'staff' }, { kind: 'NODE_KIND_DIRECTORY' });
    const toldOf = (events: Fields<'open'>['events']) => outcomeOf(bob, '/ls/test/d', { write: true, events: events! });
    expect(toldOf(['EVENT_KIND_CHILD_ADDED'])).toBe('ACCESS_DENIED');
    expect(toldOf(['EVENT_KIND_CONTENTS_MODIFIED'])).toBe('ACCESS_DENIED');
    expect(toldOf(['EVENT_KIND_LOCK_INVALID', 'EVENT_KIND_HANDLE_INVALID'])).toBe('opened');
    expect(outcomeOf(root, '/ls/test/d', NOTHING)).toBe('ACCESS_DENIED');
  });

  it('is refused with the names of the list and of who asks', () => {
    const { carl, make } = cellWithLists();
    make('/ls/test/f', { read: 'staff' });
    const { message } = failureOf(carl.ask('open', { name: '/ls/test/f', read: true }));
    expect(message).toBe('the list /ls/local/acl/staff does not admit "carl" to read /ls/local/f');
  });

  it('is not judged again while the handle is open', () => {
    const { ann, bob, list, make } = cellWithLists();
    make('/ls/test/f', { read: 'staff' });
    const handle = ann.open('/ls/test/f', { write: false });
    list('staff', 'bob');
    ann.do('getStat', byHandle(handle));
    expect(outcomeOf(ann, '/ls/test/f', { read: true })).toBe('ACCESS_DENIED');
    expect(outcomeOf(bob, '/ls/test/f', { read: true })).toBe('opened');
  });

  it('is open to everybody where there is no list, or one that says so', () => {
    const { carl, root, make } = cellWithLists();
    root.create('/ls/test/f');
    make('/ls/test/g', { read: 'public', write: 'public', changeAcl: 'public' });
    for (const name of ['/ls/test/f', '/ls/test/g']) {
      expect(outcomeOf(carl, name, { read: true, write: true, changeAcl: true })).toBe('opened');
    }
  });

  it('is refused to everybody where the list is gone, until it is there again', () => {
    const { ann, root, list, make } = cellWithLists();
    make('/ls/test/f', { read: 'staff' });
    root.do('delete', byName('/ls/test/acl/staff'));
    expect(outcomeOf(ann, '/ls/test/f', { read: true })).toBe('ACCESS_DENIED');
    root.mkdir('/ls/test/acl/staff');
    expect(outcomeOf(ann, '/ls/test/f', { read: true })).toBe('ACCESS_DENIED');
    root.do('delete', byName('/ls/test/acl/staff'));
    list('staff', 'ann');
    expect(outcomeOf(ann, '/ls/test/f', { read: true })).toBe('opened');
  });

  it('that is refused is refused again when a copy of it comes late', () => {
    const { ann, root, list } = cellWithLists();
    root.do('setAcl', { ...byName('/ls/test'), acl: acl({ write: 'nobody' }) });
    const wanted = { name: '/ls/test/f', write: true, create: 'CREATE_MODE_MAY' } as const;
    expect(reasonOf(ann.ask('open', wanted))).toBe('ACCESS_DENIED');
    list('nobody', 'ann');
    expect(reasonOf(ann.ask('open', wanted, { number: ann.number }))).toBe('ACCESS_DENIED');
    ann.do('open', wanted);
  });
});

describe('a call by name', () => {
  it('needs to be on the list for what it does', () => {
    const { ann, bob, carl, make } = cellWithLists();
    make('/ls/test/f', { read: 'staff', write: 'editors' });
    const target = byName('/ls/test/f');
    bob.do('getContentsAndStat', target);
    bob.do('getStat', target);
    for (const name of ['getContentsAndStat', 'getStat'] as const) {
      expect(reasonOf(carl.ask(name, target))).toBe('ACCESS_DENIED');
    }
    expect(reasonOf(bob.ask('setContents', target))).toBe('ACCESS_DENIED');
    expect(reasonOf(bob.ask('delete', target))).toBe('ACCESS_DENIED');
    ann.do('setContents', target);
    ann.do('delete', target);
  });

  it('to list a directory needs to read that alone', () => {
    const { ann, carl, make } = cellWithLists();
    make('/ls/test/d', { read: 'staff' }, { kind: 'NODE_KIND_DIRECTORY' });
    make('/ls/test/d/f', { read: 'nobody' });
    expect(ann.do('readDir', byName('/ls/test/d')).entries[0]!.stat!.acl!.read).toBe('nobody');
    expect(reasonOf(carl.ask('readDir', byName('/ls/test/d')))).toBe('ACCESS_DENIED');
  });

  it('without a session is judged by who calls, and with one by who created it', () => {
    const { cell, ann, make } = cellWithLists();
    make('/ls/test/f', { read: 'staff' });
    const read = (principal: string, credential?: TestSession['credential']) =>
      cell.ask('getStat', byName('/ls/test/f'), { principal, credential });
    responseOf(read('bob'));
    expect(reasonOf(read('carl'))).toBe('ACCESS_DENIED');
    responseOf(read('carl', ann.credential));
  });
});

describe('making a node', () => {
  it('needs to write its directory, whichever call makes it', () => {
    const { ann, bob, make } = cellWithLists();
    make('/ls/test/d', { write: 'editors' }, { kind: 'NODE_KIND_DIRECTORY' });
    const child = { name: '/ls/test/d/f', create: 'CREATE_MODE_MUST' } as const;
    expect(reasonOf(bob.ask('open', child))).toBe('ACCESS_DENIED');
    expect(reasonOf(bob.ask('setContents', { ...byName('/ls/test/d/f'), create: true }))).toBe('ACCESS_DENIED');
    ann.do('open', child);
    ann.do('setContents', { ...byName('/ls/test/d/g'), create: true });
  });

  it('gives it the lists of its directory, which later changes there leave alone', () => {
    const { cell, ann, root, make } = cellWithLists();
    const names = acl({ read: 'staff', write: 'editors', changeAcl: 'public' });
    make('/ls/test/d', names, { kind: 'NODE_KIND_DIRECTORY' });
    ann.create('/ls/test/d/f');
    ann.do('setContents', { ...byName('/ls/test/d/g'), create: true });
    root.do('setAcl', { ...byName('/ls/test/d'), acl: acl({}) });
    ann.cell = cell.successor(2);
    for (const name of ['f', 'g']) {
      expect(ann.do('getStat', byName(`/ls/test/d/${name}`)).stat).toMatchObject({ acl: names, aclGeneration: 1 });
    }
  });

  it('with lists of its own is refused the uses that they refuse to its maker', () => {
    const { root } = cellWithLists();
    const file = { name: '/ls/test/f', create: 'CREATE_MODE_MUST', acl: acl({ read: 'staff' }) } as const;
    expect(reasonOf(root.ask('open', { ...file, read: true }))).toBe('ACCESS_DENIED');
    expect(reasonOf(root.ask('getStat', byName('/ls/test/f')))).toBe('NOT_FOUND');
    root.do('open', { ...file, write: true });
  });
});

describe('SetAcl', () => {
  it('replaces the names, and counts', () => {
    const { ann, root } = cellWithLists();
    root.create('/ls/test/f');
    const before = root.do('getStat', byName('/ls/test/f')).stat!;
    const names = acl({ read: 'staff', changeAcl: 'editors' });
    const { stat } = root.do('setAcl', { ...byName('/ls/test/f'), acl: names });
    expect(stat).toMatchObject({ acl: names, aclGeneration: 2, contentGeneration: 1 });
    expect(stat!.revision).toBeGreaterThan(before.revision);
    expect(ann.do('getStat', byName('/ls/test/f')).stat).toEqual(stat);
  });

  it('needs to be on the list for it, by name or when the handle is opened', () => {
    const { ann, bob, make } = cellWithLists();
    make('/ls/test/f', { changeAcl: 'editors' });
    const change = { acl: acl({ changeAcl: 'editors' }) };
    expect(reasonOf(bob.ask('setAcl', { ...byName('/ls/test/f'), ...change }))).toBe('ACCESS_DENIED');
    ann.do('setAcl', { ...byName('/ls/test/f'), ...change });
    ann.do('setAcl', { ...byHandle(ann.open('/ls/test/f', { changeAcl: true })), ...change });
    const writer = ann.open('/ls/test/f');
    expect(reasonOf(ann.ask('setAcl', { ...byHandle(writer), ...change }))).toBe('MODE_FORBIDS');
  });

  it('is done only at the generation that it names', () => {
    const { root } = cellWithLists();
    root.create('/ls/test/f');
    const change = { ...byName('/ls/test/f'), acl: acl({ read: 'staff' }) };
    expect(reasonOf(root.ask('setAcl', { ...change, ifAclGeneration: 2 }))).toBe('STALE_GENERATION');
    root.do('setAcl', { ...change, acl: acl({}), ifAclGeneration: 1 });
    expect(root.do('getStat', byName('/ls/test/f')).stat!.aclGeneration).toBe(2);
  });

  it('acts once, however often it is asked', () => {
    const { cell, root } = cellWithLists();
    root.create('/ls/test/f');
    const change = { ...byName('/ls/test/f'), acl: acl({ write: 'staff' }) };
    const { stat } = root.do('setAcl', change);
    const again = { number: root.number };
    expect(responseOf(root.ask('setAcl', change, again)).stat).toEqual(stat);
    root.cell = cell.successor(2);
    expect(responseOf(root.ask('setAcl', change, again)).stat).toEqual(stat);
  });

  it('is refused without names', () => {
    const { root } = cellWithLists();
    expect(reasonOf(root.ask('setAcl', byName('/ls/test')))).toBe('MISSING_FIELD');
  });
});

describe('a list named for a node', () => {
  const cases: [string, string, string][] = [
    ['is not there', 'missing', 'NOT_FOUND'],
    ['is a directory', 'd', 'NOT_FOUND'],
    ['goes with a session', 'passing', 'NOT_FOUND'],
    ['is no single component', 'a/b', 'MALFORMED_NAME'],
    ['leads elsewhere', '..', 'MALFORMED_NAME'],
    ['has a NUL', 'a\0', 'MALFORMED_NAME'],
    ['was not UTF-8', '\ufffd', 'MALFORMED_NAME'],
    ['has a megabyte', 'x'.repeat(1_000_000), 'LIMIT_NAME'],
  ];

  it.each(cases)('is refused when it %s, for whatever use and by whatever call', (_what, name, reason) => {
    const { root } = cellWithLists();
    root.mkdir('/ls/test/acl/d');
    root.create('/ls/test/acl/passing', { ephemeral: true });
    root.create('/ls/test/f');
    for (const names of [acl({ read: name }), acl({ write: name }), acl({ changeAcl: name })]) {
      expect(reasonOf(root.ask('setAcl', { ...byName('/ls/test/f'), acl: names }))).toBe(reason);
      const made = { name: '/ls/test/new', create: 'CREATE_MODE_MUST', acl: names } as const;
      expect(reasonOf(root.ask('open', made))).toBe(reason);
    }
  });

  it('stays as long as it says who may make lists', () => {
    const { root, ann } = cellWithLists();
    root.do('setAcl', { ...byName('/ls/test/acl'), acl: acl({ write: 'editors', changeAcl: 'editors' }) });
    expect(reasonOf(ann.ask('delete', byName('/ls/test/acl/editors')))).toBe('PROTECTED_NODE');
    ann.do('delete', byName('/ls/test/acl/staff'));
    ann.do('setAcl', { ...byName('/ls/test/acl'), acl: acl({}) });
    ann.do('delete', byName('/ls/test/acl/editors'));
  });
});
