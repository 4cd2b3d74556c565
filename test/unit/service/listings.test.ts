import { describe, expect, it } from 'vitest';
import { byHandle, byName, reasonOf, responseOf, TestCell } from './test-cell.js';
import type { TestSession } from './test-cell.js';

const DIRECTORY = byName('/ls/test/d');

/** A cell with a directory of the files a, b and c, a directory in it, and pages of two. */
function cellWithDirectory() {
  const cell = TestCell.reigning({ limits: { listingEntries: 2 } });
  const session = cell.session();
  session.mkdir('/ls/test/d');
  for (const name of ['a', 'b', 'c']) session.create(`/ls/test/d/${name}`);
  session.mkdir('/ls/test/d/sub');
  return { cell, session };
}

const firstToken = (session: TestSession): Buffer => session.do('readDir', DIRECTORY).nextPageToken;

describe('the pages of a listing are of one state: a next page is refused once', () => {
  it.each<[string, (session: TestSession) => unknown]>([
    ['a child came', (session) => session.create('/ls/test/d/new')],
    ['a child went', (session) => session.do('delete', byName('/ls/test/d/a'))],
    ['a child was written', (session) => session.do('setContents', { ...byName('/ls/test/d/c') })],
    ['a child was locked', (session) => session.do('tryAcquire', { handle: session.open('/ls/test/d/c') })],
    ['a child of a child came', (session) => session.create('/ls/test/d/sub/x')],
    ['the directory was locked', (session) => session.do('tryAcquire', { handle: session.open('/ls/test/d') })],
  ])('%s', (_what, change) => {
    const { session } = cellWithDirectory();
    const pageToken = firstToken(session);
    change(session);
    expect(reasonOf(session.ask('readDir', { ...DIRECTORY, pageToken }))).toBe('LISTING_CHANGED');
    const again = firstToken(session);
    expect(session.do('readDir', { ...DIRECTORY, pageToken: again }).entries).not.toHaveLength(0);
  });

  it('the directory was deleted and made again', () => {
    const { session } = cellWithDirectory();
    const pageToken = firstToken(session);
    for (const name of ['a', 'b', 'c', 'sub', '']) session.do('delete', byName(`/ls/test/d/${name}`));
    session.mkdir('/ls/test/d');
    for (const name of ['a', 'b', 'c']) session.create(`/ls/test/d/${name}`);
    expect(reasonOf(session.ask('readDir', { ...DIRECTORY, pageToken }))).toBe('LISTING_CHANGED');
  });

  it('another master reigns, even where nothing changed', () => {
    const { cell, session } = cellWithDirectory();
    const pageToken = firstToken(session);
    session.cell = cell.successor(2);
    firstToken(session);
    expect(reasonOf(session.ask('readDir', { ...DIRECTORY, pageToken }))).toBe('LISTING_CHANGED');
  });

  it('pages of too many other directories were read', () => {
    const cell = TestCell.reigning({ limits: { listingEntries: 1, listingsUnderWay: 2 } });
    const session = cell.session();
    const tokens = ['d', 'e', 'f'].map((name) => {
      session.mkdir(`/ls/test/${name}`);
      return name;
    });
    for (const name of tokens) for (const child of ['a', 'b', 'c']) session.create(`/ls/test/${name}/${child}`);
    const page = (name: string, pageToken: Buffer = Buffer.alloc(0)) =>
      session.ask('readDir', { ...byName(`/ls/test/${name}`), pageToken });
    const [d, e, f] = tokens.map((name) => responseOf(page(name)).nextPageToken);
    expect(reasonOf(page('d', d))).toBe('LISTING_CHANGED');
    expect(responseOf(page('e', e)).entries).toHaveLength(1);
    expect(responseOf(page('f', f)).entries).toHaveLength(1);
  });
});

describe('a listing goes on', () => {
  it('whatever changes elsewhere, below its children, or beside what it shows', () => {
    const { session } = cellWithDirectory();
    session.create('/ls/test/d/sub/x');
    session.create('/ls/test/f');
    const handle = session.open('/ls/test/d/c');
    session.do('tryAcquire', { handle });
    const pageToken = firstToken(session);
    session.do('setContents', byName('/ls/test/d/sub/x'));
    session.do('setContents', byName('/ls/test/f'));
    session.mkdir('/ls/test/dd');
    session.do('release', { handle });
    session.do('close', { handle });
    const { entries, nextPageToken } = session.do('readDir', { ...DIRECTORY, pageToken });
    expect(entries.map(({ name }) => name)).toEqual(['c', 'sub']);
    expect(nextPageToken).toHaveLength(0);
  });

  it('as long as a change is not applied, and shows nothing of it', () => {
    const { cell, session } = cellWithDirectory();
    const pageToken = firstToken(session);
    cell.automatic = false;
    const written = session.ask('setContents', { ...byName('/ls/test/d/c'), contents: Buffer.from('new') });
    const meanwhile = cell.ask('readDir', { ...DIRECTORY, pageToken });
    expect(responseOf(meanwhile).entries[0]!.stat!.contentGeneration).toBe(1);
    cell.log.run();
    expect(responseOf(written).stat!.contentGeneration).toBe(2);
    expect(reasonOf(cell.ask('readDir', { ...DIRECTORY, pageToken }))).toBe('LISTING_CHANGED');
  });

  it('by a handle where it began by name', () => {
    const { session } = cellWithDirectory();
    const handle = session.open('/ls/test/d');
    const { entries } = session.do('readDir', { ...byHandle(handle), pageToken: firstToken(session) });
    expect(entries.map(({ name }) => name)).toEqual(['c', 'sub']);
  });

  it('through a hundred thousand children, behind which there is no room for one more', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    session.mkdir('/ls/test/d');
    cell.automatic = false;
    for (let i = 0; i < 100_000; i++) {
      session.acknowledged = session.number;
      session.ask('setContents', { ...byName(`/ls/test/d/${i}`), create: true });
      if (i % 1_000 === 999) cell.log.run();
    }
    let listed = 0;
    let pageToken = Buffer.alloc(0);
    do {
      const page = responseOf(cell.ask('readDir', { ...DIRECTORY, pageToken }));
      listed += page.entries.length;
      pageToken = Buffer.from(page.nextPageToken);
    } while (pageToken.length > 0);
    expect(listed).toBe(100_000);
    cell.automatic = true;
    const oneMore = session.ask('setContents', { ...byName('/ls/test/d/more'), create: true });
    expect(reasonOf(oneMore)).toBe('LIMIT_CHILDREN');
  }, 60_000);
});

describe('a page token is refused as malformed', () => {
  it.each<[string, (token: Buffer) => Buffer]>([
    ['when it is garbage', () => Buffer.from('c')],
    ['when it is altered', (token) => Buffer.concat([token.subarray(0, -1), Buffer.from([token.at(-1)! ^ 1])])],
    ['when it is cut', (token) => token.subarray(0, -1)],
    ['when it is endless', () => Buffer.alloc(100_000, 0x70)],
  ])('%s', (_what, forge) => {
    const { session } = cellWithDirectory();
    const pageToken = forge(firstToken(session));
    expect(reasonOf(session.ask('readDir', { ...DIRECTORY, pageToken }))).toBe('MALFORMED_REQUEST');
  });

  it('when it is of another directory', () => {
    const { session } = cellWithDirectory();
    const elsewhere = { ...byName('/ls/test'), pageToken: firstToken(session) };
    expect(reasonOf(session.ask('readDir', elsewhere))).toBe('MALFORMED_REQUEST');
  });

  it('when it is a handle', () => {
    const { session } = cellWithDirectory();
    const pageToken = session.open('/ls/test/d');
    expect(reasonOf(session.ask('readDir', { ...DIRECTORY, pageToken }))).toBe('MALFORMED_REQUEST');
  });
});
