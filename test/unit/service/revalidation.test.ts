import { describe, expect, it } from 'vitest';
import type { CachedAnswer, Stat } from '../../../src/wire/types.js';
import { Cacher } from './cacher.js';
import { byName, responseOf, TestCell } from './test-cell.js';
import type { TestSession } from './test-cell.js';

const A = '/ls/test/a';
const D = '/ls/test/d';

const NOTHING = {
  instanceNumber: 0,
  revision: 0,
  lockGeneration: 0,
  newestChildRevision: 0,
  childLockGenerations: 0,
};

const node = (name: string, { instanceNumber, revision, lockGeneration }: Stat): CachedAnswer => ({
  ...NOTHING,
  name,
  kind: 'CACHED_KIND_NODE',
  instanceNumber,
  revision,
  lockGeneration,
});

const absence = (name: string): CachedAnswer => ({ ...NOTHING, name, kind: 'CACHED_KIND_ABSENCE' });

/** A listing as a client that cached it asks about it. */
function listing(reader: Cacher, name: string): CachedAnswer {
  const { stat, entries } = reader.list(name);
  return {
    ...node(name, stat!),
    kind: 'CACHED_KIND_LISTING',
    newestChildRevision: Math.max(0, ...entries.map((entry) => entry.stat!.revision)),
    childLockGenerations: entries.reduce((sum, entry) => sum + entry.stat!.lockGeneration, 0),
  };
}

const write = (session: TestSession, name: string, contents = 'some'): void =>
  void session.do('setContents', { ...byName(name), contents: Buffer.from(contents), create: true });

/**
 * What a session that cached a file, a directory, two listings and an absence may keep under the next master.
 *
 * @param between what happens to them first
 */
function kept(between: (writer: TestSession) => void): string[] {
  const first = TestCell.reigning();
  const writer = first.session(1, { leaseMs: 60_000 });
  writer.mkdir(D);
  writer.mkdir(`${D}/e`);
  write(writer, A);
  write(writer, `${D}/x`);
  const reader = Cacher.of(first, 2, 60_000);
  const cached = [
    node(A, reader.read(A).stat!),
    node(D, reader.session.do('getStat', byName(D)).stat!),
    listing(reader, D),
    listing(reader, `${D}/e`),
    absence('/ls/test/b'),
  ];
  // Behind the reader's back: it is cut off, and a later master knows nothing of what it caches.
  between(Object.assign(first.session(3, { cachesNothing: true }), { cell: withoutCaches(first) }));
  const cell = successorOf(first);
  reader.moveTo(cell);
  reader.acknowledge();
  const { stillTrue, cacheNumber } = reader.session.do('reattach', { cached });
  expect(cacheNumber).toBeGreaterThan(0);
  return stillTrue.map((index) => `${cached[index]!.kind.slice(12).toLowerCase()} ${cached[index]!.name}`);
}

/** The same cell, whose sessions' caches nobody waits for. */
function withoutCaches(cell: TestCell): TestCell {
  cell.log.endReign();
  const next = new TestCell({ plantedBugs: { noFailOverWait: true } }, cell.clock, 2).succeeding(cell, 2);
  successors.set(cell, next);
  return next;
}

const successors = new WeakMap<TestCell, TestCell>();

function successorOf(cell: TestCell): TestCell {
  const last = successors.get(cell)!;
  last.log.endReign();
  return new TestCell({}, cell.clock, 3).succeeding(last, 3);
}

const ALL = ['node /ls/test/a', 'node /ls/test/d', 'listing /ls/test/d', 'listing /ls/test/d/e', 'absence /ls/test/b'];
const but = (...names: string[]): string[] => ALL.filter((name) => !names.includes(name));

describe('what was cached under an earlier master', () => {
  it('is kept where nothing happened to it', () => {
    expect(kept(() => undefined)).toEqual(ALL);
  });

  it('is dropped where a file was written', () => {
    expect(kept((writer) => write(writer, A, 'other'))).toEqual(but('node /ls/test/a'));
  });

  it('is dropped where a file went and came again', () => {
    const again = (writer: TestSession): void => {
      writer.do('delete', byName(A));
      write(writer, A);
    };
    expect(kept(again)).toEqual(but('node /ls/test/a'));
  });

  it('is dropped where a lock was acquired, though it is free again', () => {
    const locked = (writer: TestSession): void => {
      for (const name of [A, `${D}/x`]) {
        const handle = writer.open(name);
        writer.do('acquire', { handle });
        writer.do('release', { handle });
      }
    };
    expect(kept(locked)).toEqual(but('node /ls/test/a', 'listing /ls/test/d'));
  });

  it('is dropped where a child was written, came, or went', () => {
    expect(kept((writer) => write(writer, `${D}/x`, 'other'))).toEqual(but('listing /ls/test/d'));
    expect(kept((writer) => write(writer, `${D}/y`))).toEqual(but('node /ls/test/d', 'listing /ls/test/d'));
    expect(kept((writer) => writer.do('delete', byName(`${D}/x`)))).toEqual(
      but('node /ls/test/d', 'listing /ls/test/d'),
    );
  });

  it('is dropped where a child of a child came: its directory stands in the listing around it', () => {
    expect(kept((writer) => write(writer, `${D}/e/z`))).toEqual(but('listing /ls/test/d', 'listing /ls/test/d/e'));
  });

  it('is dropped where what was absent came', () => {
    expect(kept((writer) => write(writer, '/ls/test/b'))).toEqual(but('absence /ls/test/b'));
  });
});

describe('a session that reattaches', () => {
  function afterFailOver(options: ConstructorParameters<typeof TestCell>[0] = {}) {
    const first = TestCell.reigning(options);
    const writer = first.session(1, { leaseMs: 60_000 });
    write(writer, A);
    const reader = Cacher.of(first, 2, 60_000);
    const cached = [node(A, reader.read(A).stat!), absence('/ls/test/b'), absence('/ls/test/c')];
    first.log.endReign();
    const cell = first.successor(2);
    reader.moveTo(cell);
    writer.cell = cell;
    return { cell, writer, reader, cached };
  }

  it('keeps nothing before it has acknowledged the fail-over', () => {
    const { reader, cached } = afterFailOver();
    expect(reader.session.do('reattach', { cached }).stillTrue).toEqual([]);
    reader.acknowledge();
    expect(reader.session.do('reattach', { cached }).stillTrue).toEqual([0, 1, 2]);
  });

  it('may acknowledge the fail-over by that call, which may overtake its KeepAlive', () => {
    const { reader, cached } = afterFailOver();
    const acknowledgedReply = reader.replyNumber;
    expect(reader.session.do('reattach', { cached, acknowledgedReply }).stillTrue).toEqual([0, 1, 2]);
  });

  it('is told of the changes of what it keeps', () => {
    const { writer, reader, cached } = afterFailOver();
    reader.acknowledge();
    const { cacheNumber } = reader.session.do('reattach', { cached });
    const asked = writer.ask('setContents', { ...byName(A), contents: Buffer.from('other') });
    expect(asked.reply).toBeUndefined();
    expect(reader.invalidations).toMatchObject([{ number: cacheNumber + 1, nodes: [A] }]);
    reader.acknowledge();
    expect(responseOf(asked).stat!.contentGeneration).toBe(2);
  });

  it('keeps nothing that is about to change', () => {
    const { cell, writer, reader, cached } = afterFailOver();
    reader.acknowledge();
    cell.automatic = false;
    writer.ask('setContents', { ...byName('/ls/test/b'), contents: Buffer.from('new'), create: true });
    expect(reader.session.do('reattach', { cached }).stillTrue).toEqual([0, 2]);
  });

  it('keeps no more than one call may ask for, and nothing that has no name', () => {
    const { reader, cached } = afterFailOver({ limits: { revalidatedAnswers: 2 } });
    reader.acknowledge();
    expect(reader.session.do('reattach', { cached }).stillTrue).toEqual([0, 1]);
    expect(reader.session.do('reattach', { cached: [absence('nonsense'), cached[2]!] }).stillTrue).toEqual([1]);
  });

  it('keeps no more listings than one call may compare', () => {
    const { reader } = afterFailOver({ limits: { revalidatedEntries: 1 } });
    reader.acknowledge();
    const root = listing(reader, '/ls/test');
    expect(reader.session.do('reattach', { cached: [root, root] }).stillTrue).toEqual([0]);
  });
});
