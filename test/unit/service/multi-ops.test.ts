import { describe, expect, it } from 'vitest';
import type { MultiOpGuard, MultiOpOperation } from '../../../src/wire/types.js';
import { byName, failureOf, reasonOf, responseOf, TestCell } from './test-cell.js';
import type { TestSession } from './test-cell.js';

const absent = (name: string): MultiOpGuard => ({ test: 'absent', absent: name });
const exists = (name: string): MultiOpGuard => ({ test: 'exists', exists: name });
const atGeneration = (name: string, generation: number): MultiOpGuard => ({
  test: 'contentGeneration',
  contentGeneration: { name, generation },
});
const sequencerValid = (sequencer: Buffer): MultiOpGuard => ({ test: 'sequencer', sequencer });

const create = (name: string, contents = ''): MultiOpOperation => ({
  operation: 'create',
  create: { name, kind: 'NODE_KIND_UNSPECIFIED', contents: Buffer.from(contents) },
});
const mkdir = (name: string): MultiOpOperation => ({
  operation: 'create',
  create: { name, kind: 'NODE_KIND_DIRECTORY', contents: Buffer.alloc(0) },
});
const set = (name: string, contents: string): MultiOpOperation => ({
  operation: 'setContents',
  setContents: { name, contents: Buffer.from(contents) },
});
const remove = (name: string): MultiOpOperation => ({ operation: 'delete', delete: name });
const read = (name: string): MultiOpOperation => ({ operation: 'read', read: name });

interface Wanted {
  readonly guards?: MultiOpGuard[];
  readonly then?: MultiOpOperation[];
  readonly otherwise?: MultiOpOperation[];
}
const requestOf = ({ guards = [], then = [], otherwise = [] }: Wanted) => ({
  guards,
  thenOperations: then,
  elseOperations: otherwise,
});
const ask = (session: TestSession, wanted: Wanted, around = {}) => session.ask('multiOp', requestOf(wanted), around);
const run = (session: TestSession, wanted: Wanted) => responseOf(ask(session, wanted));

const contentsOf = (session: TestSession, name: string) =>
  session.do('getContentsAndStat', byName(name)).contents.toString();
const isThere = (session: TestSession, name: string) => 'response' in session.ask('getStat', byName(name)).reply!;

describe('a MultiOp', () => {
  it('does all its operations in order, under one revision', () => {
    const session = TestCell.reigning().session();
    session.create('/ls/test/old');
    session.create('/ls/test/f', { initialContents: Buffer.from('before') });
    const before = session.do('getStat', byName('/ls/test')).stat!.revision;
    const { held, results, revision } = run(session, {
      then: [mkdir('/ls/test/d'), create('/ls/test/d/g', 'new'), set('/ls/local/f', 'after'), remove('/ls/test/old')],
    });
    expect(held).toBe(true);
    expect(revision).toBeGreaterThan(before);
    expect(results.map(({ stat }) => stat?.revision)).toEqual([revision, revision, revision, undefined]);
    expect(results[1]!.stat).toMatchObject({ kind: 'NODE_KIND_FILE', contentGeneration: 1, instanceNumber: revision });
    expect(session.do('getStat', byName('/ls/test/d')).stat).toMatchObject({ childCount: 1, revision });
    expect(contentsOf(session, '/ls/test/d/g')).toBe('new');
    expect(contentsOf(session, '/ls/test/f')).toBe('after');
    expect(isThere(session, '/ls/test/old')).toBe(false);
    const next = run(session, { then: [set('/ls/test/f', 'x')] });
    expect(next.revision).toBe(revision + 1);
  });

  it('reads what is there in the state that its operations make, or that nothing is', () => {
    const session = TestCell.reigning().session();
    session.create('/ls/test/f', { initialContents: Buffer.from('hello') });
    const { results, revision } = run(session, {
      then: [read('/ls/test/f'), read('/ls/test/none'), create('/ls/test/g'), read('/ls/test')],
    });
    expect(results[0]!.contents.toString()).toBe('hello');
    expect(results[0]!.stat).toEqual(session.do('getStat', byName('/ls/test/f')).stat);
    expect(results[1]).toEqual({ contents: Buffer.alloc(0) });
    expect(results[3]!.stat).toMatchObject({ kind: 'NODE_KIND_DIRECTORY', revision });
    expect(run(session, { then: [read('/ls/test/f')] }).revision).toBe(0);
  });

  it('does the one list where all guards hold, and the other where one does not', () => {
    const session = TestCell.reigning().session();
    session.create('/ls/test/f');
    session.do('setContents', byName('/ls/test/f'));
    const lists = { then: [create('/ls/test/yes')], otherwise: [create('/ls/test/no')] };
    const guards = [absent('/ls/test/none'), exists('/ls/test/f'), atGeneration('/ls/test/f', 2)];
    expect(run(session, { guards, ...lists })).toMatchObject({ held: true, guards: [true, true, true] });
    expect([isThere(session, '/ls/test/yes'), isThere(session, '/ls/test/no')]).toEqual([true, false]);
    const others = [absent('/ls/test/f'), exists('/ls/test/f'), exists('/ls/test/none'), atGeneration('/ls/test/f', 1)];
    const answer = run(session, { guards: others, ...lists });
    expect(answer).toMatchObject({ held: false, guards: [false, true, false, false] });
    expect(answer.results).toHaveLength(1);
    expect(isThere(session, '/ls/test/no')).toBe(true);
  });

  it('takes a node that is not there for one of content generation 0', () => {
    const session = TestCell.reigning().session();
    expect(run(session, { guards: [atGeneration('/ls/test/f', 0)] }).held).toBe(true);
  });

  it('tests that a lock is still held as a sequencer says', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const handle = session.create('/ls/test/l');
    session.do('tryAcquire', { handle });
    const { sequencer } = session.do('getSequencer', { handle });
    const guarded = { guards: [sequencerValid(sequencer)], then: [set('/ls/test/l', 'mine')] };
    expect(run(session, guarded).held).toBe(true);
    session.do('release', { handle });
    expect(run(session, guarded).held).toBe(false);
    expect(run(session, { guards: [sequencerValid(Buffer.from('forged'))] }).held).toBe(false);
  });

  it('is judged on what was proposed before it, and shown when that is applied', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    cell.automatic = false;
    const first = ask(session, { guards: [absent('/ls/test/f')], then: [create('/ls/test/f')] });
    const second = ask(session, { guards: [absent('/ls/test/f')], then: [create('/ls/test/f')] });
    expect([first.reply, second.reply]).toEqual([undefined, undefined]);
    cell.log.run();
    expect([responseOf(first).held, responseOf(second).held]).toEqual([true, false]);
  });

  it('sends those home who wait for the lock of a node that it deletes', () => {
    const session = TestCell.reigning().session();
    const [holder, waiter] = [session.create('/ls/test/f'), session.open('/ls/test/f')];
    session.do('tryAcquire', { handle: holder });
    const waiting = session.ask('acquire', { handle: waiter });
    run(session, { then: [remove('/ls/test/f')] });
    expect(reasonOf(waiting)).toBe('INSTANCE_GONE');
  });

  it('makes the pages of a listing that it changes useless', () => {
    const session = TestCell.reigning({ limits: { listingEntries: 1 } }).session();
    session.create('/ls/test/f');
    const { nextPageToken: pageToken } = session.do('readDir', byName('/ls/test'));
    run(session, { then: [set('/ls/test/f', 'x')] });
    expect(reasonOf(session.ask('readDir', { ...byName('/ls/test'), pageToken }))).toBe('LISTING_CHANGED');
  });
});

describe('a MultiOp of which one operation fails', () => {
  it.each<[string, MultiOpOperation, string]>([
    ['a node that is there is created', create('/ls/test/f'), 'ALREADY_EXISTS'],
    ['a node is created in no directory', create('/ls/test/none/x'), 'NOT_FOUND'],
    ['nothing is written', set('/ls/test/none', ''), 'NOT_FOUND'],
    ['a directory is written', set('/ls/test/d', ''), 'IS_A_DIRECTORY'],
    ['nothing is deleted', remove('/ls/test/none'), 'NOT_FOUND'],
    ['a directory with children is deleted', remove('/ls/test/d'), 'NOT_EMPTY'],
    ['the root is deleted', remove('/ls/test'), 'PROTECTED_NODE'],
    ['too much is written', set('/ls/test/f', 'x'.repeat(262_145)), 'TOO_LARGE'],
  ])('does nothing, and says which, when %s', (_what, failing, reason) => {
    const session = TestCell.reigning().session();
    session.create('/ls/test/f');
    session.mkdir('/ls/test/d');
    session.create('/ls/test/d/x');
    const revision = () => session.do('getStat', byName('/ls/test')).stat!.revision;
    const before = revision();
    const failure = failureOf(ask(session, { then: [create('/ls/test/new'), failing] }));
    expect(failure).toMatchObject({ reason, metadata: { operation: '1' } });
    expect(isThere(session, '/ls/test/new')).toBe(false);
    expect(revision()).toBe(before);
  });

  it('is refused again, in the same words, though it could be done by now', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const wanted = { then: [read('/ls/test'), set('/ls/test/f', 'x')] };
    const first = ask(session, wanted);
    const again = { number: session.number };
    session.create('/ls/test/f');
    expect(ask(session, wanted, again).reply).toEqual(first.reply);
    session.cell = cell.successor(2);
    expect(ask(session, wanted, again).reply).toEqual(first.reply);
    expect(contentsOf(session, '/ls/test/f')).toBe('');
  });

  it('is refused again though its guards would choose the other list by now', () => {
    const session = TestCell.reigning().session();
    const tooLarge = 'x'.repeat(262_145);
    const wanted = {
      guards: [absent('/ls/test/f')],
      then: [create('/ls/test/g', tooLarge)],
      otherwise: [create('/ls/test/h')],
    };
    expect(reasonOf(ask(session, wanted))).toBe('TOO_LARGE');
    const again = { number: session.number };
    session.create('/ls/test/f');
    expect(reasonOf(ask(session, wanted, again))).toBe('TOO_LARGE');
    expect(isThere(session, '/ls/test/h')).toBe(false);
  });
});

describe('a MultiOp acts once', () => {
  it('and is answered the same when it is asked again, of a later master too', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    session.create('/ls/test/f', { initialContents: Buffer.from('old') });
    const wanted = {
      guards: [exists('/ls/test/f'), absent('/ls/test/g')],
      then: [read('/ls/test/f'), create('/ls/test/g'), read('/ls/test/none')],
    };
    const first = run(session, wanted);
    const again = { number: session.number };
    session.do('setContents', byName('/ls/test/f'));
    session.do('delete', byName('/ls/test/g'));
    expect(responseOf(ask(session, wanted, again))).toEqual(first);
    session.cell = cell.successor(2);
    expect(responseOf(ask(session, wanted, again))).toEqual(first);
    expect(isThere(session, '/ls/test/g')).toBe(false);
  });

  it('even where it changed nothing, but might have', () => {
    const session = TestCell.reigning().session();
    const wanted = { guards: [exists('/ls/test/f')], then: [create('/ls/test/g')] };
    expect(run(session, wanted).held).toBe(false);
    const again = { number: session.number };
    session.create('/ls/test/f');
    expect(responseOf(ask(session, wanted, again)).held).toBe(false);
    expect(isThere(session, '/ls/test/g')).toBe(false);
  });

  it('and leaves nothing behind where it only reads', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const { slots } = cell;
    run(session, { guards: [exists('/ls/test')], then: [read('/ls/test')], otherwise: [read('/ls/test/acl')] });
    expect(cell.slots).toBe(slots);
  });
});

describe('a MultiOp is judged as the single calls are', () => {
  function withLists() {
    const cell = TestCell.reigning();
    const [ann, bob] = [cell.session(1, {}, 'ann'), cell.session(2, {}, 'bob')];
    ann.do('setContents', { ...byName('/ls/test/acl/ann'), contents: Buffer.from('ann'), create: true });
    const acl = { read: 'ann', write: 'ann', changeAcl: '' };
    ann.create('/ls/test/d', { kind: 'NODE_KIND_DIRECTORY', acl });
    ann.create('/ls/test/d/f');
    return { ann, bob };
  }

  it.each<[string, MultiOpOperation]>([
    ['a read', read('/ls/test/d/f')],
    ['a write', set('/ls/test/d/f', 'x')],
    ['a deletion', remove('/ls/test/d/f')],
    ['a creation', create('/ls/test/d/g')],
  ])('by the access list for %s', (_what, operation) => {
    const { ann, bob } = withLists();
    expect(failureOf(ask(bob, { then: [operation] }))).toMatchObject({
      reason: 'ACCESS_DENIED',
      metadata: { operation: '0' },
    });
    run(ann, { then: [operation] });
  });

  it('by the access list of what it tests', () => {
    const { ann, bob } = withLists();
    for (const guard of [exists('/ls/test/d/f'), absent('/ls/test/d/f'), atGeneration('/ls/test/d/f', 1)]) {
      expect(reasonOf(ask(bob, { guards: [guard] }))).toBe('ACCESS_DENIED');
      run(ann, { guards: [guard] });
    }
  });

  it('and makes nodes under lists that it names, one of its own among them', () => {
    const { ann } = withLists();
    const named = (list: string): MultiOpOperation => ({
      operation: 'create',
      create: {
        name: '/ls/test/g',
        kind: 'NODE_KIND_FILE',
        contents: Buffer.alloc(0),
        acl: { read: list, write: '', changeAcl: '' },
      },
    });
    expect(reasonOf(ask(ann, { then: [named('none')] }))).toBe('NOT_FOUND');
    const { results } = run(ann, { then: [create('/ls/test/acl/new', '*'), named('new')] });
    expect(results[1]!.stat!.acl!.read).toBe('new');
  });
});

describe('a MultiOp is refused', () => {
  it.each<[string, Wanted, string]>([
    ['with a guard of no name', { guards: [exists('')] }, 'MISSING_FIELD'],
    ['with a guard of no test', { guards: [{}] }, 'MISSING_FIELD'],
    ['with an operation that is none', { then: [{}] }, 'MISSING_FIELD'],
    ['with a name of ".."', { otherwise: [read('/ls/test/../x')] }, 'MALFORMED_NAME'],
    ['with a NUL in a name', { guards: [absent('/ls/test/\0')] }, 'MALFORMED_NAME'],
    ['with a name of a megabyte', { then: [create(`/ls/test/${'x'.repeat(1_000_000)}`)] }, 'LIMIT_NAME'],
    ["with another cell's name", { then: [read('/ls/elsewhere/x')] }, 'WRONG_CELL'],
    ['where it writes twice', { then: [set('/ls/test/f', '1'), set('/ls/local/f', '2')] }, 'MALFORMED_REQUEST'],
    ['where it reads what it writes', { then: [read('/ls/test/f'), set('/ls/test/f', '1')] }, 'MALFORMED_REQUEST'],
    ['where it would, too', { otherwise: [create('/ls/test/g'), read('/ls/test/g')] }, 'MALFORMED_REQUEST'],
    ['of too much', { guards: Array.from({ length: 129 }, () => exists('/ls/test/f')) }, 'LIMIT_OPERATIONS'],
  ])('%s', (_what, wanted, reason) => {
    const session = TestCell.reigning().session();
    session.create('/ls/test/f');
    expect(reasonOf(ask(session, wanted))).toBe(reason);
  });

  it('where one directory is given contents', () => {
    const session = TestCell.reigning().session();
    const operation = mkdir('/ls/test/d');
    const filled = { ...operation, create: { ...operation.create!, contents: Buffer.from('x') } };
    expect(reasonOf(ask(session, { then: [filled] }))).toBe('MALFORMED_REQUEST');
  });

  it('where it reads more than an answer holds, by whichever operation that is', () => {
    const session = TestCell.reigning().session();
    for (const name of ['a', 'b', 'c']) session.create(`/ls/test/${name}`, { initialContents: Buffer.alloc(262_144) });
    const reads = ['a', 'b', 'c'].map((name) => read(`/ls/test/${name}`));
    expect(run(session, { then: reads.slice(0, 2) }).results).toHaveLength(2);
    expect(failureOf(ask(session, { then: reads }))).toMatchObject({
      reason: 'LIMIT_OPERATIONS',
      metadata: { operation: '2' },
    });
  });

  it('where it writes and reads more than one value of the log may take', () => {
    const session = TestCell.reigning({ limits: { multiOpBytes: 1_000 } }).session();
    session.create('/ls/test/f', { initialContents: Buffer.alloc(600) });
    run(session, { then: [create('/ls/test/g', 'x'.repeat(400))] });
    const both = { then: [read('/ls/test/f'), create('/ls/test/h', 'x'.repeat(400))] };
    expect(reasonOf(ask(session, both))).toBe('LIMIT_OPERATIONS');
    expect(isThere(session, '/ls/test/h')).toBe(false);
  });

  it('while the cell is full, unless it only takes away, or reads', () => {
    const cell = TestCell.reigning({ limits: { databaseBytes: 6_000 } });
    const session = cell.session();
    session.create('/ls/test/f', { initialContents: Buffer.alloc(3_000) });
    session.create('/ls/test/g', { initialContents: Buffer.alloc(3_000) });
    session.acknowledged = session.number;
    expect(reasonOf(ask(session, { then: [set('/ls/test/f', '')] }))).toBe('LIMIT_DATABASE');
    session.acknowledged = session.number;
    expect(reasonOf(ask(session, { then: [remove('/ls/test/f'), read('/ls/test/g')] }))).toBe('LIMIT_DATABASE');
    session.acknowledged = session.number;
    expect(run(session, { then: [read('/ls/test/g')] }).results[0]!.contents).toHaveLength(3_000);
    run(session, { then: [remove('/ls/test/f')] });
  });
});
