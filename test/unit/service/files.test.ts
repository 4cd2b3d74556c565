import { describe, expect, it } from 'vitest';
import { byHandle, byName, reasonOf, responseOf, TestCell } from './test-cell.js';

const hello = Buffer.from('hello');

describe('a file', () => {
  it('keeps what SetContents wrote, and tells its Stat', () => {
    const session = TestCell.reigning().session();
    const handle = session.create('/ls/test/f', { initialContents: Buffer.from('first') });
    const { stat } = session.do('setContents', { ...byHandle(handle), contents: hello });
    expect(stat).toMatchObject({ kind: 'NODE_KIND_FILE', contentGeneration: 2, aclGeneration: 1, lengthBytes: 5 });
    expect(stat!.contentChecksum.toString('hex')).toBe('2cf24dba5fb0a30e');
    expect(session.do('getContentsAndStat', byHandle(handle))).toEqual({ contents: hello, stat });
    expect(session.do('getStat', byHandle(handle))).toEqual({ stat });
  });

  it('is read by name without a session, under the name of the cell or "local"', () => {
    const cell = TestCell.reigning();
    cell.session().create('/ls/test/f', { initialContents: hello });
    for (const name of ['/ls/test/f', '/ls/local/f']) {
      expect(responseOf(cell.ask('getContentsAndStat', byName(name))).contents).toEqual(hello);
      expect(responseOf(cell.ask('getStat', byName(name))).stat).toMatchObject({ lengthBytes: 5 });
    }
  });

  it('is made by SetContents by name where that is asked for', () => {
    const session = TestCell.reigning().session();
    const target = byName('/ls/test/f');
    expect(reasonOf(session.ask('setContents', { ...target, contents: hello }))).toBe('NOT_FOUND');
    const made = session.do('setContents', { ...target, contents: hello, create: true });
    expect(made.stat).toMatchObject({ contentGeneration: 1, ephemeral: false });
    const again = session.do('setContents', { ...target, contents: hello, create: true });
    expect(again.stat).toMatchObject({ contentGeneration: 2, instanceNumber: made.stat!.instanceNumber });
  });

  it('is written only at the generation that was asked for; 0 stands for no file yet', () => {
    const session = TestCell.reigning().session();
    const write = (ifContentGeneration: number) =>
      session.ask('setContents', { ...byName('/ls/test/f'), contents: hello, create: true, ifContentGeneration });
    expect(reasonOf(write(1))).toBe('STALE_GENERATION');
    expect(responseOf(write(0)).stat).toMatchObject({ contentGeneration: 1 });
    expect(reasonOf(write(0))).toBe('STALE_GENERATION');
    expect(responseOf(write(1)).stat).toMatchObject({ contentGeneration: 2 });
  });

  it('may have 262,144 bytes, inclusive', () => {
    const session = TestCell.reigning().session();
    const most = Buffer.alloc(262_144);
    const handle = session.create('/ls/test/f', { initialContents: most });
    session.do('setContents', { ...byHandle(handle), contents: most });
    const tooMany = Buffer.alloc(262_145);
    expect(reasonOf(session.ask('setContents', { ...byHandle(handle), contents: tooMany }))).toBe('TOO_LARGE');
    const open = { name: '/ls/test/g', create: 'CREATE_MODE_MAY', initialContents: tooMany } as const;
    expect(reasonOf(session.ask('open', open))).toBe('TOO_LARGE');
  });

  it.each([10, 10_000])('keeps its %i bytes when the request that brought them is reused', (sizeBytes) => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const contents = Buffer.alloc(sizeBytes, 'a');
    const handle = session.create('/ls/test/f');
    cell.automatic = false;
    session.ask('setContents', { ...byHandle(handle), contents });
    contents.fill('b');
    cell.log.run();
    contents.fill('c');
    const read = responseOf(cell.ask('getContentsAndStat', byName('/ls/test/f')));
    expect(read.contents).toEqual(Buffer.alloc(sizeBytes, 'a'));
  });

  it('is no directory, and a directory no file', () => {
    const session = TestCell.reigning().session();
    session.create('/ls/test/f');
    session.mkdir('/ls/test/d');
    expect(reasonOf(session.ask('readDir', byName('/ls/test/f')))).toBe('NOT_A_DIRECTORY');
    expect(reasonOf(session.ask('getContentsAndStat', byName('/ls/test/d')))).toBe('IS_A_DIRECTORY');
    expect(reasonOf(session.ask('setContents', byName('/ls/test/d')))).toBe('IS_A_DIRECTORY');
    const may = { create: 'CREATE_MODE_MAY' } as const;
    expect(reasonOf(session.ask('open', { ...may, name: '/ls/test/f/x' }))).toBe('NOT_A_DIRECTORY');
    expect(reasonOf(session.ask('open', { ...may, name: '/ls/test/d', kind: 'NODE_KIND_FILE' }))).toBe(
      'IS_A_DIRECTORY',
    );
    expect(reasonOf(session.ask('open', { ...may, name: '/ls/test/f', kind: 'NODE_KIND_DIRECTORY' }))).toBe(
      'NOT_A_DIRECTORY',
    );
  });
});

describe('revisions', () => {
  it('grow with each change of a node, and never repeat as an instance number', () => {
    const session = TestCell.reigning().session();
    const first = session.do('open', { name: '/ls/test/f', write: true, create: 'CREATE_MODE_MUST' });
    const { stat } = session.do('setContents', { ...byHandle(first.handle), contents: hello });
    expect(stat!.revision).toBe(first.stat!.revision + 1);
    expect(stat!.instanceNumber).toBe(first.stat!.instanceNumber);
    session.do('delete', byName('/ls/test/f'));
    const second = session.do('open', { name: '/ls/test/f', write: true, create: 'CREATE_MODE_MUST' });
    expect(second.stat!.instanceNumber).toBe(stat!.revision + 2);
    expect(second.stat).toMatchObject({ contentGeneration: 1, lockGeneration: 0 });
  });

  it('go on where they were after a change of master', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const { stat } = session.do('open', { name: '/ls/test/f', create: 'CREATE_MODE_MUST' });
    session.cell = cell.successor(2);
    const next = session.do('open', { name: '/ls/test/g', create: 'CREATE_MODE_MUST' });
    expect(next.stat!.instanceNumber).toBe(stat!.instanceNumber + 1);
  });
});

describe('a directory', () => {
  it('lists its children, and none of theirs, in byte order and with their Stats', () => {
    const session = TestCell.reigning().session();
    session.mkdir('/ls/test/d');
    session.mkdir('/ls/test/d/b');
    session.create('/ls/test/d/b/inner');
    session.create('/ls/test/d/ä', { initialContents: hello });
    session.create('/ls/test/d/B');
    session.create('/ls/test/dd');
    const { entries, nextPageToken, stat } = session.do('readDir', byName('/ls/test/d'));
    expect(entries.map(({ name }) => name)).toEqual(['B', 'b', 'ä']);
    expect(entries[1]!.stat).toMatchObject({ kind: 'NODE_KIND_DIRECTORY', childCount: 1 });
    expect(entries[2]!.stat).toMatchObject({ kind: 'NODE_KIND_FILE', lengthBytes: 5 });
    expect(nextPageToken).toHaveLength(0);
    expect(stat).toMatchObject({ childCount: 3, contentGeneration: 0, contentChecksum: Buffer.alloc(0) });
  });

  it('is listed page by page', () => {
    const cell = TestCell.reigning({ limits: { listingEntries: 3 } });
    const session = cell.session();
    session.mkdir('/ls/test/d');
    for (const name of ['a', 'b', 'c', 'd', 'e']) session.create(`/ls/test/d/${name}`);
    const pages = (limit: number) => {
      const names: string[] = [];
      let pageToken = Buffer.alloc(0);
      do {
        const page = session.do('readDir', { ...byName('/ls/test/d'), pageToken, limit });
        names.push(page.entries.map(({ name }) => name).join(''));
        pageToken = Buffer.from(page.nextPageToken);
      } while (pageToken.length > 0);
      return names;
    };
    expect(pages(0)).toEqual(['abc', 'de']);
    expect(pages(2)).toEqual(['ab', 'cd', 'e']);
    expect(pages(100)).toEqual(['abc', 'de']);
  });

  it('ends a page before the answer outgrows a message', () => {
    const cell = TestCell.reigning({ limits: { listingBytes: 1_000 } });
    const session = cell.session();
    session.mkdir('/ls/test/d');
    for (let i = 0; i < 10; i++) session.create(`/ls/test/d/${'x'.repeat(200)}${i}`);
    const { entries, nextPageToken } = session.do('readDir', byName('/ls/test/d'));
    expect(entries).toHaveLength(3);
    expect(nextPageToken).not.toHaveLength(0);
  });

  it('is deleted only when it is empty', () => {
    const session = TestCell.reigning().session();
    session.mkdir('/ls/test/d');
    session.create('/ls/test/d/f');
    expect(reasonOf(session.ask('delete', byName('/ls/test/d')))).toBe('NOT_EMPTY');
    session.do('delete', byName('/ls/test/d/f'));
    session.do('delete', byName('/ls/test/d'));
    expect(reasonOf(session.ask('getStat', byName('/ls/test/d')))).toBe('NOT_FOUND');
  });

  it('takes a bounded number of children', () => {
    const cell = TestCell.reigning({ limits: { childrenPerDirectory: 2 } });
    const session = cell.session();
    session.mkdir('/ls/test/d');
    session.create('/ls/test/d/a');
    session.create('/ls/test/d/b');
    const third = { name: '/ls/test/d/c', create: 'CREATE_MODE_MUST' } as const;
    expect(reasonOf(session.ask('open', third))).toBe('LIMIT_CHILDREN');
    session.do('delete', byName('/ls/test/d/a'));
    session.do('open', third);
  });

  it('must be there before its children', () => {
    const session = TestCell.reigning().session();
    expect(reasonOf(session.ask('open', { name: '/ls/test/d/f', create: 'CREATE_MODE_MAY' }))).toBe('NOT_FOUND');
  });

  it('of the cell itself, or of its access lists, stays', () => {
    const session = TestCell.reigning().session();
    expect(session.do('readDir', byName('/ls/test')).entries.map(({ name }) => name)).toEqual(['acl']);
    expect(reasonOf(session.ask('delete', byName('/ls/test')))).toBe('PROTECTED_NODE');
    expect(reasonOf(session.ask('delete', byName('/ls/test/acl')))).toBe('PROTECTED_NODE');
  });
});

describe('a request that is no proper one is refused with its own reason:', () => {
  it.each([
    ['no name', 'open', {}, 'MISSING_FIELD'],
    ['a malformed name', 'open', { name: '/ls/test/../x' }, 'MALFORMED_NAME'],
    ["another cell's name", 'open', { name: '/ls/elsewhere/x' }, 'WRONG_CELL'],
    ['too long a name', 'open', { name: `/ls/test/${'x'.repeat(2_000)}` }, 'LIMIT_NAME'],
    ['no target', 'getStat', {}, 'MISSING_FIELD'],
    [
      'too long a lock-delay',
      'open',
      { name: '/ls/test/f', create: 'CREATE_MODE_MAY', lockDelayMs: 60_001 },
      'MALFORMED_REQUEST',
    ],
    [
      'contents of a directory',
      'open',
      { name: '/ls/test/d', create: 'CREATE_MODE_MAY', kind: 'NODE_KIND_DIRECTORY', initialContents: hello },
      'MALFORMED_REQUEST',
    ],
    ['an unknown way to create', 'open', { name: '/ls/test/f', create: 7 as never }, 'MALFORMED_REQUEST'],
    [
      'an unknown kind',
      'open',
      { name: '/ls/test/f', create: 'CREATE_MODE_MAY', kind: 9 as never },
      'MALFORMED_REQUEST',
    ],
  ] as const)('%s', (_what, name, fields, reason) => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const before = cell.digest();
    expect(reasonOf(session.ask(name, fields))).toBe(reason);
    expect(cell.digest()).toBe(before);
  });
});

it.each([
  ['a node that is there already', 'open', { name: '/ls/test/acl', create: 'CREATE_MODE_MUST' }, 'ALREADY_EXISTS'],
  ['a node that is not there', 'delete', byName('/ls/test/nothing'), 'NOT_FOUND'],
] as const)('%s makes a request that is refused and changes no node', (_what, name, fields, reason) => {
  const session = TestCell.reigning().session();
  const stat = () => responseOf(session.ask('getStat', byName('/ls/test'))).stat;
  const before = stat();
  expect(reasonOf(session.ask(name, fields))).toBe(reason);
  expect(stat()).toEqual(before);
});

describe('a full database', () => {
  it('refuses what makes it grow; reading and deleting go on', () => {
    const cell = TestCell.reigning({ limits: { databaseBytes: 20_000 } });
    const session = cell.session();
    session.create('/ls/test/big', { initialContents: Buffer.alloc(20_000) });
    expect(reasonOf(session.ask('setContents', { ...byName('/ls/test/big'), contents: hello }))).toBe('LIMIT_DATABASE');
    expect(reasonOf(session.ask('open', { name: '/ls/test/f', create: 'CREATE_MODE_MAY' }))).toBe('LIMIT_DATABASE');
    session.do('getStat', byName('/ls/test/big'));
    session.do('delete', byName('/ls/test/big'));
    session.create('/ls/test/f');
  });
});
