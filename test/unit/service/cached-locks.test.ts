import { describe, expect, it } from 'vitest';
import { Cacher } from './cacher.js';
import { byName, reasonOf, responseOf, TestCell } from './test-cell.js';

const A = '/ls/test/a';
const B = '/ls/test/b';

function cellWithLock() {
  const cell = TestCell.reigning();
  const [first, second] = [1, 2].map((byte) => cell.session(byte, { leaseMs: 60_000 }));
  const handles = [first!.create(A), second!.open(A)] as const;
  first!.create(B);
  return { cell, first: first!, second: second!, handles, reader: Cacher.of(cell, 3, 30_000) };
}

describe('a free lock whose node somebody caches', () => {
  it('is granted when he has dropped it: its generation grows', () => {
    const { first, handles, reader } = cellWithLock();
    expect(reader.session.do('getStat', byName(A)).stat!.lockGeneration).toBe(0);
    const asked = first.ask('acquire', { handle: handles[0] });
    expect(asked.reply).toBeUndefined();
    reader.acknowledge();
    expect(responseOf(asked)).toMatchObject({ granted: true, lockGeneration: 1 });
    expect(reader.session.do('getStat', byName(A)).stat!.lockGeneration).toBe(1);
  });

  it('is granted in the order in which it was asked for', () => {
    const { first, second, handles, reader } = cellWithLock();
    reader.read(A);
    const asked = [first.ask('acquire', { handle: handles[0] }), second.ask('acquire', { handle: handles[1] })];
    reader.acknowledge();
    expect(asked.map(({ replies }) => replies)).toEqual([1, 0]);
    first.do('release', { handle: handles[0] });
    expect(responseOf(asked[1]!).lockGeneration).toBe(2);
  });

  it('is shared by all who wait for that, at once', () => {
    const { first, second, handles, reader } = cellWithLock();
    reader.read(A);
    const mode = 'LOCK_MODE_SHARED';
    const asked = [
      first.ask('acquire', { handle: handles[0], mode }),
      second.ask('acquire', { handle: handles[1], mode }),
    ];
    reader.acknowledge();
    expect(asked.map((each) => responseOf(each).lockGeneration)).toEqual([1, 1]);
  });

  it('is not waited for longer than asked', () => {
    const { cell, first, handles, reader } = cellWithLock();
    reader.read(A);
    const asked = first.ask('acquire', { handle: handles[0], waitMs: 1_000 });
    cell.advance(1_000);
    expect(responseOf(asked)).toMatchObject({ granted: false });
    reader.acknowledge();
    expect(reader.session.do('getStat', byName(A)).stat!.lockGeneration).toBe(0);
  });

  it('goes to the next when the first one gives up', () => {
    const { first, second, handles, reader } = cellWithLock();
    reader.read(A);
    const asked = [first.ask('acquire', { handle: handles[0] }), second.ask('acquire', { handle: handles[1] })];
    first.do('cancel', { requestNumber: first.number });
    expect(reasonOf(asked[0]!)).toBe('CANCELLED');
    expect(asked[1]!.reply).toBeUndefined();
    reader.acknowledge();
    expect(responseOf(asked[1]!).lockGeneration).toBe(1);
  });

  it('goes to nobody when the one who waits for it ends', () => {
    const { first, handles, reader } = cellWithLock();
    reader.read(A);
    const asked = first.ask('acquire', { handle: handles[0] });
    first.do('closeSession', {});
    expect(reasonOf(asked)).toBe('SESSION_EXPIRED');
    reader.acknowledge();
    expect(reader.session.do('getStat', byName(A)).stat!.lockGeneration).toBe(0);
  });

  it('is tried when he has dropped it, or when his lease is over', () => {
    const { cell, first, second, handles, reader } = cellWithLock();
    reader.read(A);
    const [tried, later] = [
      first.ask('tryAcquire', { handle: handles[0] }),
      second.ask('tryAcquire', { handle: handles[1] }),
    ];
    cell.advance(29_999);
    expect([tried.replies, later.replies]).toEqual([0, 0]);
    cell.advance(1);
    expect([tried, later].map((each) => responseOf(each).granted)).toEqual([true, false]);
  });

  it('is tried no more once the caller waits no longer for the answer', () => {
    const { cell, first, handles, reader } = cellWithLock();
    reader.read(A);
    const tried = first.ask('tryAcquire', { handle: handles[0] }, { timeLimitMs: 1_000 });
    cell.advance(1_000);
    reader.acknowledge();
    expect(reasonOf(tried)).toBe('TIME_LIMIT');
    expect(reader.session.do('getStat', byName(A)).stat!.lockGeneration).toBe(0);
  });

  it('that is shared already is granted to one more at once', () => {
    const { first, second, handles, reader } = cellWithLock();
    const mode = 'LOCK_MODE_SHARED';
    first.do('acquire', { handle: handles[0], mode });
    reader.read(A);
    expect(second.do('acquire', { handle: handles[1], mode }).granted).toBe(true);
  });
});

describe('a lock that is handed on', () => {
  it('waits for those who cached its node while it was held', () => {
    const { first, second, handles, reader } = cellWithLock();
    first.do('acquire', { handle: handles[0] });
    const asked = second.ask('acquire', { handle: handles[1] });
    reader.read(A);
    expect(first.do('release', { handle: handles[0] }).released).toBe(true);
    expect(asked.reply).toBeUndefined();
    reader.acknowledge();
    expect(responseOf(asked).lockGeneration).toBe(2);
  });

  it('is nobody else’s meanwhile', () => {
    const { cell, first, second, handles, reader } = cellWithLock();
    first.do('acquire', { handle: handles[0] });
    const asked = second.ask('acquire', { handle: handles[1] });
    reader.read(A);
    first.do('release', { handle: handles[0] });
    const third = cell.session(4);
    expect(third.do('tryAcquire', { handle: third.open(A) }).granted).toBe(false);
    const waiting = third.ask('acquire', { handle: third.open(A) });
    reader.acknowledge();
    expect([asked.replies, waiting.replies]).toEqual([1, 0]);
  });
});

describe('locks that are wanted together', () => {
  const both = (cell: ReturnType<typeof cellWithLock>) => ({
    locks: [A, B].map((name) => ({ handle: cell.second.open(name), mode: 'LOCK_MODE_EXCLUSIVE' as const })),
  });

  it('are granted when nobody caches any of their nodes any more', () => {
    const around = cellWithLock();
    const { second, reader } = around;
    reader.misses('/ls/test/c');
    reader.session.do('getStat', byName(B));
    const asked = second.ask('acquireAll', both(around));
    expect(asked.reply).toBeUndefined();
    reader.acknowledge();
    expect(responseOf(asked).lockGenerations).toEqual([1, 1]);
  });

  it('at once, too', () => {
    const around = cellWithLock();
    const { second, reader } = around;
    reader.session.do('getStat', byName(B));
    const asked = second.ask('acquireAll', { ...both(around), atOnce: true });
    expect(asked.reply).toBeUndefined();
    reader.acknowledge();
    expect(responseOf(asked).granted).toBe(true);
  });

  it('are not waited for longer than asked', () => {
    const around = cellWithLock();
    const { cell, second, reader } = around;
    reader.session.do('getStat', byName(B));
    const asked = second.ask('acquireAll', { ...both(around), waitMs: 500 });
    cell.advance(500);
    expect(responseOf(asked)).toMatchObject({ granted: false });
  });

  it('at once, but not when the caller waits no longer for the answer', () => {
    const around = cellWithLock();
    const { cell, second, reader } = around;
    reader.session.do('getStat', byName(B));
    const asked = second.ask('acquireAll', { ...both(around), atOnce: true }, { timeLimitMs: 1_000 });
    cell.advance(1_000);
    reader.acknowledge();
    expect(reasonOf(asked)).toBe('TIME_LIMIT');
    expect(reader.session.do('getStat', byName(B)).stat!.lockGeneration).toBe(0);
  });
});
