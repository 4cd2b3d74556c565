import { describe, expect, it } from 'vitest';
import { Cacher } from './cacher.js';
import { byName, responseOf, TestCell } from './test-cell.js';
import type { TestSession } from './test-cell.js';

const A_DIRECTORY = '/ls/test';
const A = `${A_DIRECTORY}/a`;

const put = (session: TestSession, name: string, contents: string) =>
  session.ask('setContents', { ...byName(name), contents: Buffer.from(contents), create: true });

/** A reign has ended, in which two sessions cached a file. */
function afterFailOver() {
  const first = TestCell.reigning();
  const writer = first.session(1, { leaseMs: 60_000 });
  responseOf(put(writer, A, 'first'));
  const readers = [2, 3].map((byte) => Cacher.of(first, byte));
  for (const reader of readers) reader.read(A);
  first.log.endReign();
  const cell = first.successor(2);
  writer.cell = cell;
  return { cell, writer, readers: readers as [Cacher, Cacher] };
}

describe('after a change of master', () => {
  it('a write waits until every session that may cache something has acknowledged it', () => {
    const { cell, writer, readers } = afterFailOver();
    const asked = [put(writer, A, 'second'), put(writer, '/ls/test/b', 'first')];
    for (const reader of readers) {
      expect(asked.map(({ replies }) => replies)).toEqual([0, 0]);
      reader.moveTo(cell);
      reader.acknowledge();
    }
    expect(asked.map(({ replies }) => replies)).toEqual([1, 1]);
  });

  it('a write waits for silent ones no longer than a full lease from then on', () => {
    const { cell, writer, readers } = afterFailOver();
    const asked = put(writer, A, 'second');
    readers[0].moveTo(cell);
    readers[0].acknowledge();
    cell.advance(11_999);
    expect(asked.replies).toBe(0);
    cell.advance(1);
    expect(asked.replies).toBe(1);
    expect(readers.map(({ isAlive }) => isAlive)).toEqual([true, false]);
  });

  it('a write waits for one who keeps alive and never acknowledges no longer than that, either', () => {
    const { cell, writer, readers } = afterFailOver();
    const asked = put(writer, A, 'second');
    readers[0].moveTo(cell);
    readers[0].acknowledge();
    readers[1].moveTo(cell);
    for (let i = 0; i < 12; i++) {
      readers[1].ignore();
      cell.advance(1_000);
      readers[0].catchUp();
    }
    expect(asked.replies).toBe(1);
    expect(readers[1].isAlive).toBe(false);
  });

  it('a write waits for no session that caches nothing', () => {
    const first = TestCell.reigning();
    const [writer, silent] = [first.session(1), first.session(2)];
    responseOf(put(writer, A, 'first'));
    silent.do('getStat', byName(A));
    first.log.endReign();
    writer.cell = first.successor(2);
    expect(put(writer, A, 'second').replies).toBe(1);
  });

  it('what changes no node goes on at once: reads, opens, releases', () => {
    const { writer } = afterFailOver();
    writer.do('getContentsAndStat', byName(A));
    const handle = writer.open(A);
    expect(writer.do('release', { handle }).released).toBe(false);
    writer.do('close', { handle });
  });

  it('a lock is granted when everybody has acknowledged it', () => {
    const { cell, writer, readers } = afterFailOver();
    const asked = writer.ask('acquire', { handle: writer.open(A) });
    for (const reader of readers) {
      expect(asked.replies).toBe(0);
      reader.moveTo(cell);
      reader.acknowledge();
    }
    expect(responseOf(asked).granted).toBe(true);
  });

  it('a session may cache again when it has acknowledged it, and not before', () => {
    const { cell, readers } = afterFailOver();
    readers[0].moveTo(cell);
    expect(readers[0].read(A).cacheNumber).toBeUndefined();
    readers[0].acknowledge();
    expect(readers[0].read(A).cacheNumber).toBeDefined();
  });

  it('answers of the earlier master are older than an invalidation that comes with the event', () => {
    const first = TestCell.reigning();
    const reader = Cacher.of(first, 2);
    const overtaken = Number(reader.misses(A));
    first.log.endReign();
    const cell = first.successor(2);
    reader.moveTo(cell);
    const [invalidation] = reader.invalidations!;
    expect(invalidation).toMatchObject({ nodes: [], listings: [] });
    expect(invalidation!.number).toBeGreaterThan(overtaken);
    reader.acknowledge();
    expect(Number(reader.misses(A))).toBe(invalidation!.number);
  });

  it('a new session is waited for by nobody, and may cache at once', () => {
    const { cell, writer, readers } = afterFailOver();
    const newcomer = Cacher.of(cell, 7);
    expect(newcomer.read(A).cacheNumber).toBeDefined();
    const asked = put(writer, A, 'second');
    newcomer.acknowledge();
    for (const reader of readers) {
      reader.moveTo(cell);
      reader.acknowledge();
    }
    expect(asked.replies).toBe(1);
  });

  it('a session that closes itself is waited for no more', () => {
    const { cell, writer, readers } = afterFailOver();
    const asked = put(writer, A, 'second');
    for (const { session } of readers) {
      session.cell = cell;
      session.do('closeSession', {});
    }
    expect(asked.replies).toBe(1);
  });

  it('an acknowledgement that was meant for the earlier master counts for nothing', () => {
    const { cell, writer, readers } = afterFailOver();
    const asked = put(writer, A, 'second');
    for (const reader of readers) reader.moveTo(cell);
    for (const reader of readers) reader.ignore();
    expect(asked.replies).toBe(0);
  });

  it('an acknowledgement that was meant for an earlier master of the same round counts for nothing, either', () => {
    const first = TestCell.reigning();
    const writer = first.session(1, { leaseMs: 60_000 });
    const reader = Cacher.of(first, 2);
    reader.list(A_DIRECTORY);
    for (const name of ['a', 'b', 'c']) {
      put(writer, `${A_DIRECTORY}/${name}`, '');
      reader.acknowledge();
      reader.list(A_DIRECTORY);
    }
    const { cacheNumber } = reader.list(A_DIRECTORY);
    first.log.endReign();
    // Two candidates may have drawn the same round, and the second one be promised it when the first is gone.
    const cell = first.successor(1, 2);
    writer.cell = cell;
    const asked = put(writer, `${A_DIRECTORY}/d`, '');
    reader.moveTo(cell);
    const [invalidation] = reader.invalidations!;
    expect(invalidation!.number).toBeGreaterThan(cacheNumber!);
    // The answer with the event was lost.
    reader.ignore();
    expect(asked.replies).toBe(0);
    cell.advance(100);
    reader.acknowledge();
    expect(asked.replies).toBe(1);
  });
});
