import { describe, expect, it } from 'vitest';
import { Cacher } from './cacher.js';
import { byHandle, byName, failureOf, reasonOf, responseOf, TestCell } from './test-cell.js';
import type { TestSession } from './test-cell.js';

const A = '/ls/test/a';
const B = '/ls/test/b';

const put = (session: TestSession, name: string, contents: string, fields: object = {}) =>
  session.ask('setContents', { ...byName(name), contents: Buffer.from(contents), ...fields });

const write = (session: TestSession, name: string, contents: string) =>
  responseOf(put(session, name, contents, { create: true }));

function cellWithFiles() {
  const cell = TestCell.reigning();
  const writer = cell.session(1, { leaseMs: 60_000 });
  write(writer, A, 'first');
  write(writer, B, 'first');
  return { cell, writer, reader: Cacher.of(cell, 2) };
}

describe('a write of what somebody caches', () => {
  it('waits until he has acknowledged that he dropped it, then happens', () => {
    const { writer, reader } = cellWithFiles();
    const { cacheNumber } = reader.read(A);
    const asked = put(writer, A, 'second');
    expect(asked.reply).toBeUndefined();
    expect(reader.invalidations).toEqual([{ number: cacheNumber! + 1, nodes: [A], listings: [] }]);
    expect(asked.reply).toBeUndefined();
    reader.acknowledge();
    expect(responseOf(asked).stat!.contentGeneration).toBe(2);
    expect(reader.read(A).contents.toString()).toBe('second');
  });

  it('tells each cacher once, and waits for all of them', () => {
    const { cell, writer, reader } = cellWithFiles();
    const others = [3, 4].map((byte) => Cacher.of(cell, byte));
    for (const each of [reader, ...others]) each.read(A);
    const asked = put(writer, A, 'second');
    for (const each of [reader, ...others]) {
      expect(asked.reply).toBeUndefined();
      expect(each.invalidations).toHaveLength(1);
      each.acknowledge();
    }
    expect(asked.replies).toBe(1);
    expect(reader.invalidations).toBeUndefined();
  });

  it('waits for the writer itself, if it caches what it writes', () => {
    const { reader } = cellWithFiles();
    reader.read(A);
    const asked = put(reader.session, A, 'second');
    expect(asked.reply).toBeUndefined();
    reader.acknowledge();
    expect(asked.replies).toBe(1);
  });

  it('waits no longer than the lease of one who says nothing', () => {
    const { cell, writer, reader } = cellWithFiles();
    cell.advance(2_000);
    reader.read(A);
    const asked = put(writer, A, 'second');
    // Told at 2 s, which extended the lease to 14 s.
    cell.advance(11_999);
    expect(asked.reply).toBeUndefined();
    cell.advance(1);
    expect(asked.replies).toBe(1);
    expect(reader.isAlive).toBe(false);
  });

  it('waits for one who keeps alive and never acknowledges no longer than that, either', () => {
    const { cell, writer, reader } = cellWithFiles();
    reader.read(A);
    const asked = put(writer, A, 'second');
    for (let i = 0; i < 11; i++) {
      reader.ignore();
      cell.advance(1_000);
      expect(reader.invalidations).toHaveLength(1);
      expect(reader.leaseMs).toBeLessThanOrEqual(12_000 - i * 1_000);
      expect(asked.reply).toBeUndefined();
    }
    cell.advance(1_000);
    expect(asked.replies).toBe(1);
    expect(reader.isAlive).toBe(false);
  });

  it('repeats itself soon to one who kept alive without having had the answer', () => {
    const { cell, writer, reader } = cellWithFiles();
    reader.read(A);
    const asked = put(writer, A, 'second');
    reader.ignore();
    expect(reader.invalidations).toBeUndefined();
    cell.advance(100);
    expect(reader.invalidations).toHaveLength(1);
    reader.acknowledge();
    expect(asked.replies).toBe(1);
    cell.advance(10_000);
    reader.acknowledge();
    cell.advance(10_000);
    expect(reader.isAlive).toBe(true);
  });

  it('tells one who has no KeepAlive waiting with his next one', () => {
    const { cell, writer } = cellWithFiles();
    const session = cell.session(3, { cachesNothing: false });
    session.do('getStat', byName(A));
    const asked = put(writer, A, 'second');
    cell.advance(3_000);
    expect(asked.reply).toBeUndefined();
    const { replyNumber, events } = responseOf(session.keepAlive());
    expect(events).toHaveLength(1);
    session.keepAlive(replyNumber);
    cell.log.run();
    expect(asked.replies).toBe(1);
  });

  it('waits for no session that caches nothing, nor for one that caches something else', () => {
    const { cell, writer, reader } = cellWithFiles();
    cell.session(3).do('getStat', byName(A));
    reader.read(B);
    reader.misses('/ls/test/c');
    expect(put(writer, A, 'second').replies).toBe(1);
    expect(reader.invalidations).toBeUndefined();
  });

  it('delays no write elsewhere, not even of the same session', () => {
    const { writer, reader } = cellWithFiles();
    reader.read(A);
    const delayed = put(writer, A, 'second');
    expect(put(writer, B, 'second').replies).toBe(1);
    expect(delayed.replies).toBe(0);
  });

  it('waits no more for a cacher that closed its session', () => {
    const { writer, reader } = cellWithFiles();
    reader.read(A);
    const asked = put(writer, A, 'second');
    reader.session.do('closeSession', {});
    expect(asked.replies).toBe(1);
  });

  it('lets reads go on meanwhile, which nobody may cache', () => {
    const { cell, writer, reader } = cellWithFiles();
    reader.read(A);
    put(writer, A, 'second');
    const other = Cacher.of(cell, 3);
    expect(other.read(A).contents.toString()).toBe('first');
    expect(other.read(A).cacheNumber).toBeUndefined();
    expect(reader.read(A).cacheNumber).toBeUndefined();
    expect(other.read(B).cacheNumber).toBeDefined();
    reader.acknowledge();
    expect(other.read(A).contents.toString()).toBe('second');
    expect(other.read(A).cacheNumber).toBeDefined();
  });

  it('may be cached again once it is applied, and not before', () => {
    const { cell, writer, reader } = cellWithFiles();
    reader.read(A);
    put(writer, A, 'second');
    cell.automatic = false;
    reader.acknowledge();
    expect(reader.read(A).contents.toString()).toBe('first');
    expect(reader.read(A).cacheNumber).toBeUndefined();
    cell.log.run();
    expect(reader.read(A).cacheNumber).toBeDefined();
  });

  it('numbers its invalidations so that an answer that was overtaken is known', () => {
    const { writer, reader } = cellWithFiles();
    const overtaken = reader.read(A).cacheNumber!;
    put(writer, A, 'second');
    const [invalidation] = reader.invalidations!;
    expect(overtaken).toBeLessThan(invalidation!.number);
    reader.acknowledge();
    expect(reader.read(A).cacheNumber).toBe(invalidation!.number);
  });

  it('is computed anew, its guards as well, when its turn comes', () => {
    const { cell, writer, reader } = cellWithFiles();
    const other = cell.session(3);
    reader.read(A);
    const [first, second] = [
      put(writer, A, 'second', { ifContentGeneration: 1 }),
      put(other, A, 'third', { ifContentGeneration: 1 }),
    ];
    reader.acknowledge();
    expect(responseOf(first).stat!.contentGeneration).toBe(2);
    expect(reasonOf(second)).toBe('STALE_GENERATION');
  });

  it('that is refused at once waits for nobody', () => {
    const { writer, reader } = cellWithFiles();
    reader.read(A);
    expect(reasonOf(put(writer, A, 'second', { ifContentGeneration: 7 }))).toBe('STALE_GENERATION');
    expect(reader.invalidations).toBeUndefined();
  });

  it('keeps its place before those that come later, on the same node', () => {
    const { cell, writer, reader } = cellWithFiles();
    const other = cell.session(3);
    reader.read(A);
    const asked = [put(writer, A, 'second'), put(other, A, 'third'), put(writer, A, 'fourth')];
    expect(asked.map(({ replies }) => replies)).toEqual([0, 0, 0]);
    reader.acknowledge();
    expect(asked.map((each) => responseOf(each).stat!.contentGeneration)).toEqual([2, 3, 4]);
    expect(reader.read(A).contents.toString()).toBe('fourth');
  });

  it('keeps its place on nodes that it did not change when it was computed first, too', () => {
    const { cell, writer, reader } = cellWithFiles();
    const other = cell.session(3);
    const guard = '/ls/test/guard';
    const set = (name: string, contents: string) =>
      ({ operation: 'setContents', setContents: { name, contents: Buffer.from(contents) } }) as const;
    reader.read(A);
    const first = writer.ask('multiOp', {
      guards: [{ test: 'exists', exists: guard }],
      thenOperations: [set(A, 'second'), set(B, 'second')],
      elseOperations: [set(A, 'second')],
    });
    const second = other.ask('multiOp', { thenOperations: [set(A, 'third'), set(B, 'third')] });
    // By now the first one changes both.
    write(cell.session(4), guard, '');
    reader.acknowledge();
    expect(responseOf(first).results.map(({ stat }) => stat!.contentGeneration)).toEqual([2, 2]);
    expect(responseOf(second).results.map(({ stat }) => stat!.contentGeneration)).toEqual([3, 3]);
  });

  it('holds up no write of a sibling, though both touch the listing around them', () => {
    const { cell, writer, reader } = cellWithFiles();
    reader.read(A);
    const delayed = put(writer, A, 'second');
    expect(put(writer, B, 'second').replies).toBe(1);
    const listed = Cacher.of(cell, 4);
    expect(listed.list('/ls/test').cacheNumber).toBeUndefined();
    reader.acknowledge();
    expect(delayed.replies).toBe(1);
    expect(listed.list('/ls/test').cacheNumber).toBeDefined();
  });
});

describe('a deferred write', () => {
  it('that is sent again joins itself', () => {
    const { writer, reader } = cellWithFiles();
    reader.read(A);
    const first = put(writer, A, 'second');
    const again = writer.ask(
      'setContents',
      { ...byName(A), contents: Buffer.from('second') },
      { number: writer.number },
    );
    reader.acknowledge();
    expect([first, again].map((each) => responseOf(each).stat!.contentGeneration)).toEqual([2, 2]);
    const later = writer.ask(
      'setContents',
      { ...byName(A), contents: Buffer.from('second') },
      { number: writer.number },
    );
    expect(responseOf(later).stat!.contentGeneration).toBe(2);
  });

  it('is shown to a read that its session sends behind it', () => {
    const { writer, reader } = cellWithFiles();
    reader.read(A);
    put(writer, A, 'second');
    const read = writer.ask('getContentsAndStat', byName(A));
    const listed = writer.ask('readDir', byName('/ls/test'));
    expect([read.replies, listed.replies]).toEqual([0, 0]);
    reader.acknowledge();
    expect(responseOf(read).contents.toString()).toBe('second');
    expect(responseOf(listed).entries[0]!.stat!.contentGeneration).toBe(2);
  });

  it('holds up no read elsewhere', () => {
    const { writer, reader } = cellWithFiles();
    reader.read(A);
    put(writer, A, 'second');
    expect(writer.do('getStat', byName(B)).stat!.contentGeneration).toBe(1);
  });

  it('is not overtaken by the Release of its session, nor by the Close of its handle', () => {
    const { writer, reader } = cellWithFiles();
    const [lock, handle] = [writer.open(B), writer.open(A)];
    writer.do('acquire', { handle: lock });
    reader.read(A);
    const written = writer.ask('setContents', { ...byHandle(handle), contents: Buffer.from('second') });
    const released = writer.ask('release', { handle: lock });
    const closed = writer.ask('close', { handle });
    expect([written.replies, released.replies, closed.replies]).toEqual([0, 0, 0]);
    reader.acknowledge();
    expect(responseOf(written).stat!.contentGeneration).toBe(2);
    expect(responseOf(released).released).toBe(true);
    expect(closed.replies).toBe(1);
  });

  it('is not overtaken by what its session does below the node that it makes', () => {
    const { writer, reader } = cellWithFiles();
    reader.misses('/ls/test/d');
    const made = writer.ask('open', {
      name: '/ls/test/d',
      create: 'CREATE_MODE_MUST',
      kind: 'NODE_KIND_DIRECTORY',
      write: true,
    });
    const written = put(writer, '/ls/test/d/x', 'first', { create: true });
    expect([made.replies, written.replies]).toEqual([0, 0]);
    reader.acknowledge();
    expect(responseOf(made).created).toBe(true);
    expect(responseOf(written).stat!.contentGeneration).toBe(1);
  });

  it('is cancelled by its number, and never happens', () => {
    const { writer, reader } = cellWithFiles();
    reader.read(A);
    const asked = put(writer, A, 'second');
    const { number } = writer;
    expect(writer.do('cancel', { requestNumber: number }).cancelled).toBe(true);
    expect(reasonOf(asked)).toBe('CANCELLED');
    reader.acknowledge();
    expect(reader.read(A).contents.toString()).toBe('first');
    const again = writer.ask('setContents', { ...byName(A), contents: Buffer.from('second') }, { number });
    expect(reasonOf(again)).toBe('CANCELLED');
  });

  it('that is cancelled leaves what it invalidated uncachable until that is acknowledged', () => {
    const { writer, reader } = cellWithFiles();
    reader.read(A);
    put(writer, A, 'second');
    writer.do('cancel', { requestNumber: writer.number });
    // An answer that could be cached now would be forgotten with the acknowledgement of the older one.
    expect(reader.read(A).cacheNumber).toBeUndefined();
    reader.acknowledge();
    expect(reader.read(A).cacheNumber).toBeDefined();
    expect(put(writer, A, 'third').replies).toBe(0);
  });

  it('does not happen any more once its client, who gave it up, has acknowledged its number', () => {
    const { cell, writer, reader } = cellWithFiles();
    reader.read(A);
    const asked = put(writer, A, 'second');
    const { number } = writer;
    writer.ask('getStat', byName(B), { acknowledged: number });
    reader.acknowledge();
    expect(reasonOf(asked)).toBe('REQUEST_FORGOTTEN');
    expect(reader.read(A).contents.toString()).toBe('first');
    // Nor does a copy that comes late, to a master that never heard of the acknowledgement.
    writer.cell = cell.successor(2);
    const copy = writer.ask('setContents', { ...byName(A), contents: Buffer.from('second') }, { number });
    expect(reasonOf(copy)).toBe('REQUEST_FORGOTTEN');
  });

  it('ends with its session, and never happens', () => {
    const { cell, writer, reader } = cellWithFiles();
    reader.read(A);
    const asked = put(writer, A, 'second');
    const read = writer.ask('getStat', byName(A));
    writer.do('closeSession', {});
    expect(reasonOf(asked)).toBe('SESSION_EXPIRED');
    expect(read.replies).toBe(1);
    reader.acknowledge();
    cell.advance(100);
    expect(reader.read(A).contents.toString()).toBe('first');
  });

  it('ends with its session when that expires', () => {
    const { cell, reader } = cellWithFiles();
    const other = cell.session(3);
    cell.advance(11_000);
    reader.catchUp();
    reader.read(A);
    const asked = put(other, A, 'second');
    cell.advance(1_000);
    expect(reasonOf(asked)).toBe('SESSION_EXPIRED');
    reader.acknowledge();
    expect(reader.read(A).contents.toString()).toBe('first');
  });

  it('is sent to the next master when the reign ends before it happened', () => {
    const { cell, writer, reader } = cellWithFiles();
    reader.read(A);
    const asked = put(writer, A, 'second');
    const read = writer.ask('getStat', byName(A));
    const queued = writer.ask('closeSession', {}).replies;
    expect(queued).toBe(1);
    const other = cell.session(3);
    const late = put(other, A, 'third');
    cell.log.endReign();
    expect(reasonOf(late)).toBe('NOT_MASTER');
    expect([asked, read].map(({ replies }) => replies)).toEqual([1, 1]);
  });

  it('is unknown when the reign ends after it was proposed', () => {
    const { cell, writer, reader } = cellWithFiles();
    reader.read(A);
    const asked = put(writer, A, 'second');
    const read = writer.ask('getStat', byName(A));
    const release = writer.ask('release', { handle: Buffer.alloc(0) });
    cell.automatic = false;
    reader.acknowledge();
    cell.log.endReign();
    expect([asked, read, release].map(reasonOf)).toEqual(['UNKNOWN_OUTCOME', 'NOT_MASTER', 'NOT_MASTER']);
    expect([asked, read, release].map(({ replies }) => replies)).toEqual([1, 1, 1]);
  });

  it('counts among the requests that the master can take', () => {
    const cell = TestCell.reigning({ limits: { pendingRequests: 2 } });
    const writer = cell.session(1);
    write(writer, A, 'first');
    const reader = Cacher.of(cell, 2);
    reader.read(A);
    put(writer, A, 'second');
    put(writer, A, 'third');
    expect(reasonOf(put(writer, B, 'first', { create: true }))).toBe('LIMIT_PENDING');
    reader.acknowledge();
    expect(write(writer, B, 'first').stat!.contentGeneration).toBe(1);
  });

  it('counts with its bytes', () => {
    const cell = TestCell.reigning({ limits: { pendingBytes: 1_000 } });
    const writer = cell.session(1);
    write(writer, A, 'first');
    const reader = Cacher.of(cell, 2);
    reader.read(A);
    put(writer, A, 'x'.repeat(1_000));
    expect(reasonOf(put(writer, B, 'first', { create: true }))).toBe('LIMIT_PENDING');
    reader.acknowledge();
    expect(put(writer, B, 'first', { create: true }).replies).toBe(1);
  });

  it('is done in a later turn where very many are ready at once, and those of one node in their order', () => {
    const { cell, writer, reader } = cellWithFiles();
    const other = cell.session(3, { leaseMs: 60_000 });
    reader.list('/ls/test');
    const asked = Array.from({ length: 200 }, (_, i) => put(writer, `/ls/test/${i}`, 'new', { create: true }));
    const last = put(other, '/ls/test/199', 'last', { create: true });
    cell.automatic = false;
    reader.acknowledge();
    cell.log.run();
    const answered = () => asked.filter(({ reply }) => reply !== undefined).length;
    expect(answered()).toBeGreaterThan(0);
    expect(answered()).toBeLessThan(100);
    // Whoever comes in between goes behind those of his node, and nobody may cache what is left to change.
    const between = put(other, '/ls/test/198', 'between', { create: true });
    expect(reader.list('/ls/test').cacheNumber).toBeUndefined();
    cell.automatic = true;
    cell.advance(0);
    for (const each of asked) expect(responseOf(each).stat!.contentGeneration).toBe(1);
    expect([between, last].map((each) => responseOf(each).stat!.contentGeneration)).toEqual([2, 2]);
  });

  it('holds up no write elsewhere, however many wait', () => {
    const limits = { deferredRequests: 3, deferredBytes: 2_000, deferredPerSession: 2 };
    const cell = TestCell.reigning({ limits });
    const [writer, second, third] = [cell.session(1), cell.session(2), cell.session(3)];
    write(writer, A, 'first');
    const reader = Cacher.of(cell, 4);
    reader.read(A);
    const asked = [put(writer, A, 'second'), put(writer, A, 'third')];
    expect(reasonOf(put(writer, A, 'fourth'))).toBe('LIMIT_PENDING');
    asked.push(put(second, A, 'fourth'));
    expect(reasonOf(put(third, A, 'fifth'))).toBe('LIMIT_PENDING');
    for (const session of [writer, second, third]) write(session, B, 'first');
    reader.acknowledge();
    expect(asked.map(({ replies }) => replies)).toEqual([1, 1, 1]);
    reader.read(A);
    const large = put(second, A, 'x'.repeat(2_000));
    expect(reasonOf(put(third, A, 'fifth'))).toBe('LIMIT_PENDING');
    write(third, B, 'second');
    reader.acknowledge();
    expect(responseOf(large).stat!.contentGeneration).toBe(5);
  });
});

describe('what a change touches', () => {
  /** Asks to be told; then what he was told of. */
  function told(change: (writer: TestSession) => void, prepare: (writer: TestSession) => void, reads: () => string[]) {
    void reads;
    const cell = TestCell.reigning();
    const writer = cell.session(1);
    writer.mkdir('/ls/test/d');
    writer.mkdir('/ls/test/d/e');
    write(writer, '/ls/test/d/e/x', 'first');
    prepare(writer);
    const reader = Cacher.of(cell, 2);
    for (const name of [
      '/ls/test/d/e/x',
      '/ls/test/d/e',
      '/ls/test/d',
      '/ls/test',
      '/ls/test/d/e/y',
      '/ls/test/other',
    ]) {
      reader.session.ask('getStat', byName(name));
      reader.session.ask('readDir', byName(name));
    }
    change(writer);
    const [invalidation] = reader.invalidations ?? [];
    return { nodes: invalidation?.nodes.toSorted(), listings: invalidation?.listings.toSorted() };
  }
  const after = (change: (writer: TestSession) => void, prepare: (writer: TestSession) => void = () => undefined) =>
    told(change, prepare, () => []);

  it('of contents: the file, and the listing that shows its metadata', () => {
    expect(after((writer) => put(writer, '/ls/test/d/e/x', 'second'))).toEqual({
      nodes: ['/ls/test/d/e/x'],
      listings: ['/ls/test/d/e'],
    });
  });

  it('of a node that comes: its absence, its directory, and both listings that show them', () => {
    expect(after((writer) => put(writer, '/ls/test/d/e/y', 'first', { create: true }))).toEqual({
      nodes: ['/ls/test/d/e', '/ls/test/d/e/y'],
      listings: ['/ls/test/d', '/ls/test/d/e'],
    });
  });

  it('of the last child that goes: it, its directory, and both listings that show them', () => {
    expect(after((writer) => writer.ask('delete', byName('/ls/test/d/e/x')))).toEqual({
      nodes: ['/ls/test/d/e', '/ls/test/d/e/x'],
      listings: ['/ls/test/d', '/ls/test/d/e'],
    });
  });

  it('of a directory that goes: its own listing as well', () => {
    const change = (writer: TestSession): void => void writer.ask('delete', byName('/ls/test/d/e'));
    expect(after(change, (writer) => writer.do('delete', byName('/ls/test/d/e/x')))).toEqual({
      nodes: ['/ls/test/d', '/ls/test/d/e'],
      listings: ['/ls/test', '/ls/test/d', '/ls/test/d/e'],
    });
  });

  it('of a lock that goes from free to held: the node, and the listings that show its lock generation', () => {
    let handle: Buffer = Buffer.alloc(0);
    const prepare = (writer: TestSession): void => void (handle = writer.open('/ls/test/d/e'));
    expect(after((writer) => writer.ask('acquire', { handle }), prepare)).toEqual({
      nodes: ['/ls/test/d/e'],
      listings: ['/ls/test/d', '/ls/test/d/e'],
    });
  });

  it('of a lock that is let go: nothing', () => {
    let handle: Buffer = Buffer.alloc(0);
    const prepare = (writer: TestSession): void => {
      handle = writer.open('/ls/test/d/e');
      writer.do('acquire', { handle });
    };
    expect(after((writer) => writer.do('release', { handle }), prepare)).toEqual({
      nodes: undefined,
      listings: undefined,
    });
  });
});

describe('a failure of the request itself', () => {
  it('leaves no trace in what waits', () => {
    const { writer, reader } = cellWithFiles();
    reader.read(A);
    put(writer, A, 'second');
    expect(failureOf(writer.ask('delete', { target: 'name', name: 'nonsense' })).reason).toBe('MALFORMED_NAME');
    reader.acknowledge();
    expect(reader.read(A).contents.toString()).toBe('second');
  });
});
