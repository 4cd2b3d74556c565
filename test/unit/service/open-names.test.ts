import { describe, expect, it } from 'vitest';
import { byHandle, byName, reasonOf, TestCell } from './test-cell.js';
import type { Fields, TestSession } from './test-cell.js';

const SEQUENTIAL = { create: 'CREATE_MODE_MUST', sequential: true } as const;

const sequential = (session: TestSession, name: string, fields: Fields<'open'> = {}) =>
  session.do('open', { name, ...SEQUENTIAL, ...fields }).name;

describe('an Open', () => {
  it('is answered with the whole name, as the cell calls itself', () => {
    const session = TestCell.reigning().session();
    const directory = session.mkdir('/ls/local/d');
    expect(session.do('open', { name: '/ls/local/d/' }).name).toBe('/ls/test/d');
    expect(session.do('open', { name: 'ä', directory, create: 'CREATE_MODE_MUST' }).name).toBe('/ls/test/d/ä');
    expect(session.do('open', { name: '/ls/local' }).name).toBe('/ls/test');
  });

  it('tells the same name when it is asked again, of a later master too', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const wanted = { name: '/ls/local/s', ...SEQUENTIAL };
    const first = session.do('open', wanted);
    const again = { number: session.number };
    session.cell = cell.successor(2);
    expect(session.ask('open', wanted, again).reply).toEqual({ response: first });
    expect(first.name).toBe('/ls/test/s0000000000');
  });
});

describe('an Open below a directory handle', () => {
  it('finds and makes what is there, whatever else has the same last name', () => {
    const session = TestCell.reigning().session();
    const directory = session.mkdir('/ls/test/d');
    session.mkdir('/ls/test/d/e');
    session.create('/ls/test/f');
    expect(session.do('open', { name: 'e/f', directory, create: 'CREATE_MODE_MAY' }).created).toBe(true);
    expect(session.do('open', { name: 'e/f', directory, create: 'CREATE_MODE_MAY' }).created).toBe(false);
    session.do('getStat', byName('/ls/test/d/e/f'));
    expect(reasonOf(session.ask('open', { name: 'f', directory }))).toBe('NOT_FOUND');
  });

  it('needs a handle of no particular use, of this session', () => {
    const cell = TestCell.reigning();
    const session = cell.session(1);
    session.mkdir('/ls/test/d');
    session.create('/ls/test/d/f');
    const directory = session.open('/ls/test/d', { read: false, write: false });
    session.do('open', { name: 'f', directory });
    expect(reasonOf(cell.session(2).ask('open', { name: 'f', directory }))).toBe('WRONG_SESSION');
    expect(reasonOf(session.ask('open', { name: 'f', directory: Buffer.from('x') }))).toBe('BAD_HANDLE');
    session.do('close', { handle: directory });
    expect(reasonOf(session.ask('open', { name: 'f', directory }))).toBe('HANDLE_CLOSED');
  });

  it('fails once the directory is gone, even if another has its name', () => {
    const session = TestCell.reigning().session();
    const directory = session.mkdir('/ls/test/d');
    session.do('delete', byHandle(directory));
    session.mkdir('/ls/test/d');
    session.create('/ls/test/d/f');
    expect(reasonOf(session.ask('open', { name: 'f', directory }))).toBe('INSTANCE_GONE');
  });

  it('goes on under a later master', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const directory = session.mkdir('/ls/test/d');
    session.cell = cell.successor(2);
    session.do('open', { name: 'f', directory, create: 'CREATE_MODE_MUST' });
  });

  it.each([
    ['no name', {}, 'MISSING_FIELD'],
    ['a way out', { name: '../f' }, 'MALFORMED_NAME'],
    ['a whole name', { name: '/ls/test/f' }, 'MALFORMED_NAME'],
    ['NUL', { name: 'a\0' }, 'MALFORMED_NAME'],
    ['a name of a megabyte', { name: 'x'.repeat(1_000_000) }, 'LIMIT_NAME'],
    ['a name too long together with the directory', { name: 'x'.repeat(1_020) }, 'LIMIT_NAME'],
  ])('is refused with %s', (_what, fields, reason) => {
    const session = TestCell.reigning().session();
    const directory = session.mkdir('/ls/test/d');
    expect(reasonOf(session.ask('open', { directory, create: 'CREATE_MODE_MAY', ...fields }))).toBe(reason);
  });

  it('is refused on a file', () => {
    const session = TestCell.reigning().session();
    const directory = session.create('/ls/test/f');
    expect(reasonOf(session.ask('open', { name: 'x', directory }))).toBe('NOT_A_DIRECTORY');
  });
});

describe('a sequential node', () => {
  it('gets a number behind its name, above those of every earlier one of its directory', () => {
    const session = TestCell.reigning().session();
    const directory = session.mkdir('/ls/test/d');
    session.mkdir('/ls/test/e');
    expect(sequential(session, '/ls/test/d/a-')).toBe('/ls/test/d/a-0000000000');
    expect(sequential(session, '/ls/test/d/b-', { kind: 'NODE_KIND_DIRECTORY' })).toBe('/ls/test/d/b-0000000001');
    expect(sequential(session, 'a-', { directory, ephemeral: true })).toBe('/ls/test/d/a-0000000002');
    expect(sequential(session, '/ls/test/e/a-')).toBe('/ls/test/e/a-0000000000');
    expect(session.do('getStat', byName('/ls/test/d')).stat!.childCount).toBe(3);
  });

  it('may have nothing but its number', () => {
    const session = TestCell.reigning().session();
    const directory = session.mkdir('/ls/test/d');
    expect(sequential(session, '/ls/test/d/')).toBe('/ls/test/d/0000000000');
    expect(sequential(session, '', { directory })).toBe('/ls/test/d/0000000001');
  });

  it('never gets the number of one that is gone, under a later master either', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    session.mkdir('/ls/test/d');
    session.do('delete', byName(sequential(session, '/ls/test/d/s')));
    session.cell = cell.successor(2);
    expect(sequential(session, '/ls/test/d/s')).toBe('/ls/test/d/s0000000001');
  });

  it('goes round a name that somebody took', () => {
    const session = TestCell.reigning().session();
    session.mkdir('/ls/test/d');
    session.create('/ls/test/d/s0000000000');
    session.create('/ls/test/d/s0000000001');
    expect(sequential(session, '/ls/test/d/s')).toBe('/ls/test/d/s0000000002');
    expect(sequential(session, '/ls/test/d/t')).toBe('/ls/test/d/t0000000003');
  });

  it('uses up no number when it is refused', () => {
    const session = TestCell.reigning({ limits: { contentsBytes: 4 } }).session();
    session.mkdir('/ls/test/d');
    const tooLarge = { name: '/ls/test/d/s', ...SEQUENTIAL, initialContents: Buffer.alloc(5) };
    expect(reasonOf(session.ask('open', tooLarge))).toBe('TOO_LARGE');
    expect(sequential(session, '/ls/test/d/s')).toBe('/ls/test/d/s0000000000');
  });

  it.each<[string, Fields<'open'>, string]>([
    ['where it may exist', { name: '/ls/test/d/s', create: 'CREATE_MODE_MAY' }, 'MALFORMED_REQUEST'],
    ['where it is only looked for', { name: '/ls/test/d/s', create: 'CREATE_MODE_NEVER' }, 'MALFORMED_REQUEST'],
    ['in no directory', { name: '/ls/test/none/s' }, 'NOT_FOUND'],
    ['where its number makes the name too long', { name: `/ls/test/d/${'s'.repeat(1_004)}` }, 'LIMIT_NAME'],
  ])('is refused %s', (_what, fields, reason) => {
    const session = TestCell.reigning().session();
    session.mkdir('/ls/test/d');
    expect(reasonOf(session.ask('open', { ...SEQUENTIAL, ...fields }))).toBe(reason);
  });
});
