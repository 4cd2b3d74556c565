import { describe, expect, it } from 'vitest';
import { byName, failureOf, reasonOf, responseOf, TestCell } from './test-cell.js';
import type { TestSession } from './test-cell.js';

const exclusive = { mode: 'LOCK_MODE_EXCLUSIVE' } as const;
const shared = { mode: 'LOCK_MODE_SHARED' } as const;

interface Contender {
  readonly session: TestSession;
  readonly handle: Buffer;
}

/** Sessions that all have the same file open to lock it. */
function contenders(cell: TestCell, count: number, lockDelayMs = 0): Contender[] {
  return Array.from({ length: count }, (_, i) => {
    const session = cell.session(i + 1);
    return { session, handle: session.open('/ls/test/f', { create: 'CREATE_MODE_MAY', lockDelayMs }) };
  });
}

const acquire = ({ session, handle }: Contender, how: { mode?: 'LOCK_MODE_SHARED'; waitMs?: number } = {}) =>
  session.ask('acquire', { handle, ...how });
const release = ({ session, handle }: Contender) => session.do('release', { handle });
const tryAcquire = ({ session, handle }: Contender) => session.do('tryAcquire', { handle, ...exclusive });

describe('a lock', () => {
  it('is free, then held by one, then free again; its generation grows each time it is taken', () => {
    const [a, b] = contenders(TestCell.reigning(), 2) as [Contender, Contender];
    expect(responseOf(acquire(a))).toMatchObject({ granted: true, lockGeneration: 1 });
    expect(tryAcquire(b)).toMatchObject({ granted: false, holderSessionId: a.session.credential.id });
    expect(release(a)).toEqual({ released: true });
    expect(release(a)).toEqual({ released: false });
    expect(tryAcquire(b)).toMatchObject({ granted: true, lockGeneration: 2 });
    expect(b.session.do('getStat', byName('/ls/test/f')).stat!.lockGeneration).toBe(2);
  });

  it('may be shared, and an exclusive one not', () => {
    const [a, b, c] = contenders(TestCell.reigning(), 3) as [Contender, Contender, Contender];
    for (const each of [a, b]) {
      const granted = each.session.do('tryAcquire', { handle: each.handle, ...shared });
      expect(granted).toMatchObject({ granted: true, lockGeneration: 1 });
    }
    expect(tryAcquire(c).granted).toBe(false);
    release(a);
    expect(tryAcquire(c).granted).toBe(false);
    release(b);
    expect(tryAcquire(c)).toMatchObject({ granted: true, lockGeneration: 2 });
    expect(a.session.do('tryAcquire', { handle: a.handle, ...shared }).granted).toBe(false);
  });

  it('changes its mode only through free', () => {
    const [a] = contenders(TestCell.reigning(), 1) as [Contender];
    a.session.do('acquire', { handle: a.handle, ...shared });
    expect(reasonOf(a.session.ask('acquire', { handle: a.handle, ...exclusive }))).toBe('LOCK_HELD_ALREADY');
    expect(reasonOf(a.session.ask('tryAcquire', { handle: a.handle, ...shared }))).toBe('LOCK_HELD_ALREADY');
  });

  it('of a directory is a lock like any other', () => {
    const session = TestCell.reigning().session();
    const handle = session.mkdir('/ls/test/d');
    expect(session.do('tryAcquire', { handle }).granted).toBe(true);
  });

  it('needs a mode', () => {
    const [a] = contenders(TestCell.reigning(), 1) as [Contender];
    const unspecified = { handle: a.handle, mode: 'LOCK_MODE_UNSPECIFIED' } as const;
    expect(reasonOf(a.session.ask('acquire', unspecified))).toBe('MISSING_FIELD');
    expect(reasonOf(a.session.ask('acquire', { handle: a.handle, mode: 5 as never }))).toBe('MALFORMED_REQUEST');
  });

  it('is advice: the file is written and deleted all the same', () => {
    const cell = TestCell.reigning();
    const [a, b] = contenders(cell, 2) as [Contender, Contender];
    acquire(a);
    b.session.do('setContents', { ...byName('/ls/test/f'), contents: Buffer.from('x') });
    b.session.do('delete', byName('/ls/test/f'));
    const handle = b.session.create('/ls/test/f');
    expect(b.session.do('tryAcquire', { handle })).toMatchObject({ granted: true, lockGeneration: 1 });
    expect(a.session.do('release', { handle: a.session.open('/ls/test/f') })).toEqual({ released: false });
  });

  it('is released by closing its handle', () => {
    const [a, b] = contenders(TestCell.reigning(), 2) as [Contender, Contender];
    acquire(a);
    a.session.do('close', { handle: a.handle });
    expect(tryAcquire(b).granted).toBe(true);
  });

  it('costs one value to take and one to release', () => {
    const cell = TestCell.reigning();
    const [a] = contenders(cell, 1) as [Contender];
    const before = cell.slots;
    acquire(a);
    release(a);
    expect(cell.slots - before).toBe(2);
  });
});

describe('the queue of a lock', () => {
  it('is first come, first served', () => {
    const all = contenders(TestCell.reigning(), 4);
    const asked = all.map((each) => acquire(each));
    const turns: number[] = [];
    for (const _ of all) {
      const holder = asked.findIndex((each, i) => each.reply !== undefined && !turns.includes(i));
      turns.push(holder);
      expect(responseOf(asked[holder]!)).toMatchObject({ granted: true, lockGeneration: turns.length });
      release(all[holder]!);
    }
    expect(turns).toEqual([0, 1, 2, 3]);
    expect(asked.map(({ replies }) => replies)).toEqual([1, 1, 1, 1]);
  });

  it('hands a lock on by the very value that releases it', () => {
    const cell = TestCell.reigning();
    const [a, b] = contenders(cell, 2) as [Contender, Contender];
    acquire(a);
    const waiting = acquire(b);
    const before = cell.slots;
    release(a);
    expect(responseOf(waiting).granted).toBe(true);
    expect(cell.slots - before).toBe(1);
  });

  it('lets all go ahead together who can share, and nobody overtake', () => {
    const [a, b, c, d, e] = contenders(TestCell.reigning(), 5) as [
      Contender,
      Contender,
      Contender,
      Contender,
      Contender,
    ];
    acquire(a, shared);
    const writer = acquire(b);
    const readers = [acquire(c, shared), acquire(d, shared)];
    expect(readers.map(({ reply }) => reply)).toEqual([undefined, undefined]);
    expect(e.session.do('tryAcquire', { handle: e.handle, ...shared }).granted).toBe(false);
    release(a);
    expect(responseOf(writer).granted).toBe(true);
    expect(readers[0]!.reply).toBeUndefined();
    release(b);
    expect(readers.map((each) => responseOf(each).lockGeneration)).toEqual([3, 3]);
  });

  it('grants to many sharers in several values, to all the same generation', () => {
    const all = contenders(TestCell.reigning(), 150);
    const [writer, ...readers] = all as [Contender, ...Contender[]];
    acquire(writer);
    const waiting = readers.map((reader) => acquire(reader, shared));
    release(writer);
    expect(new Set(waiting.map((each) => responseOf(each).lockGeneration))).toEqual(new Set([2]));
  });

  it('lets a lock be shared by so many only', () => {
    const [a, b, c] = contenders(TestCell.reigning({ limits: { sharersPerLock: 2 } }), 3) as [
      Contender,
      Contender,
      Contender,
    ];
    acquire(a, shared);
    acquire(b, shared);
    const third = acquire(c, shared);
    expect(third.reply).toBeUndefined();
    release(a);
    expect(responseOf(third).granted).toBe(true);
  });

  it('answers "not granted" when the wait is over, with who is in the way', () => {
    const cell = TestCell.reigning();
    const [a, b] = contenders(cell, 2) as [Contender, Contender];
    acquire(a);
    const waiting = acquire(b, { waitMs: 500 });
    cell.advance(499);
    expect(waiting.reply).toBeUndefined();
    cell.advance(1);
    expect(responseOf(waiting)).toMatchObject({ granted: false, holderSessionId: a.session.credential.id });
    release(a);
    expect(tryAcquire(a).granted).toBe(true);
  });

  it('ends a wait at the time limit of the call, which is an error', () => {
    const cell = TestCell.reigning();
    const [a, b] = contenders(cell, 2) as [Contender, Contender];
    acquire(a);
    const waiting = b.session.ask('acquire', { handle: b.handle, waitMs: 1_000 }, { timeLimitMs: 200 });
    cell.advance(200);
    expect(reasonOf(waiting)).toBe('TIME_LIMIT');
    release(a);
    expect(tryAcquire(a).granted).toBe(true);
  });

  it('keeps a wait for longer than any timer', () => {
    const cell = TestCell.reigning();
    const [a, b] = contenders(cell, 2) as [Contender, Contender];
    acquire(a);
    const waiting = acquire(b, { waitMs: 4_000_000_000 });
    cell.advance(1_000);
    expect(waiting.reply).toBeUndefined();
  });

  it('loses whom the session cancels', () => {
    const [a, b, c] = contenders(TestCell.reigning(), 3) as [Contender, Contender, Contender];
    acquire(a);
    const waiting = acquire(b);
    const behind = acquire(c);
    const number = b.session.number;
    expect(b.session.do('cancel', { requestNumber: number })).toEqual({ cancelled: true });
    expect(reasonOf(waiting)).toBe('CANCELLED');
    expect(b.session.do('cancel', { requestNumber: number })).toEqual({ cancelled: false });
    release(a);
    expect(responseOf(behind).granted).toBe(true);
  });

  it('loses whom nobody can grant it any more: the handle closed, the node deleted, the session gone', () => {
    const cell = TestCell.reigning();
    const [a, closing, leaving, last] = contenders(cell, 4) as [Contender, Contender, Contender, Contender];
    acquire(a);
    const waiting = [closing, leaving, last].map((each) => acquire(each));
    closing.session.do('close', { handle: closing.handle });
    expect(reasonOf(waiting[0]!)).toBe('HANDLE_CLOSED');
    leaving.session.do('closeSession', {});
    expect(reasonOf(waiting[1]!)).toBe('SESSION_EXPIRED');
    a.session.do('delete', byName('/ls/test/f'));
    expect(reasonOf(waiting[2]!)).toBe('INSTANCE_GONE');
    expect(waiting.map(({ replies }) => replies)).toEqual([1, 1, 1]);
  });

  it('is bounded, for each lock and for the cell', () => {
    const cell = TestCell.reigning({ limits: { waitersPerLock: 1, waiters: 2 } });
    const [a, b, c] = contenders(cell, 3) as [Contender, Contender, Contender];
    acquire(a);
    acquire(b);
    expect(reasonOf(acquire(c))).toBe('LIMIT_WAITERS');
    const held = ['g', 'h'].map((name) => a.session.create(`/ls/test/${name}`));
    for (const handle of held) a.session.do('acquire', { handle });
    acquire({ session: c.session, handle: c.session.open('/ls/test/g') });
    expect(reasonOf(acquire({ session: c.session, handle: c.session.open('/ls/test/h') }))).toBe('LIMIT_WAITERS');
  });

  it('is bounded for each session, which leaves others their places', () => {
    const cell = TestCell.reigning({ limits: { waitersPerSession: 2 } });
    const [a, b, c] = contenders(cell, 3) as [Contender, Contender, Contender];
    acquire(a);
    const waiting = [acquire(b), acquire(b)];
    expect(reasonOf(acquire(b))).toBe('LIMIT_WAITERS');
    waiting.push(acquire(c));
    expect(waiting.map(({ replies }) => replies)).toEqual([0, 0, 0]);
  });
});

describe('a cancelled grant', () => {
  it('is released before the answer leaves, and never turns up again', () => {
    const cell = TestCell.reigning();
    const [a, b] = contenders(cell, 2) as [Contender, Contender];
    acquire(a);
    const number = a.session.number;
    cell.automatic = false;
    const cancelled = a.session.ask('cancel', { requestNumber: number });
    expect(cancelled.reply).toBeUndefined();
    cell.log.run();
    cell.automatic = true;
    expect(responseOf(cancelled)).toEqual({ cancelled: true });
    expect(reasonOf(a.session.ask('acquire', { handle: a.handle }, { number }))).toBe('CANCELLED');
    expect(tryAcquire(b).granted).toBe(true);
  });

  it('goes to the next in the queue', () => {
    const [a, b] = contenders(TestCell.reigning(), 2) as [Contender, Contender];
    acquire(a);
    const waiting = acquire(b);
    a.session.do('cancel', { requestNumber: a.session.number });
    expect(responseOf(waiting).granted).toBe(true);
  });
});

describe('an Acquire asked again under its number', () => {
  it('finds its place in the queue, whichever connection it comes by', () => {
    const [a, b, c] = contenders(TestCell.reigning(), 3) as [Contender, Contender, Contender];
    acquire(a);
    const first = acquire(b);
    const { number } = b.session;
    acquire(c);
    const second = b.session.ask('acquire', { handle: b.handle }, { number });
    release(a);
    expect([first, second].map((each) => responseOf(each))).toEqual([
      expect.objectContaining({ granted: true, lockGeneration: 2 }),
      expect.objectContaining({ granted: true, lockGeneration: 2 }),
    ]);
  });

  it('finds its place though later requests were acknowledged', () => {
    const [a, b] = contenders(TestCell.reigning(), 2) as [Contender, Contender];
    acquire(a);
    const first = acquire(b);
    const { number } = b.session;
    b.session.acknowledged = number + 5;
    const second = b.session.ask('acquire', { handle: b.handle }, { number });
    release(a);
    expect(responseOf(first)).toEqual(responseOf(second));
  });

  it('is answered "granted" as long as the lock is held under it, and is forgotten afterwards', () => {
    const cell = TestCell.reigning();
    const [a] = contenders(cell, 1) as [Contender];
    acquire(a);
    const { number } = a.session;
    a.session.acknowledged = number + 5;
    const again = (at: TestCell) => {
      a.session.cell = at;
      return a.session.ask('acquire', { handle: a.handle }, { number });
    };
    expect(responseOf(again(cell))).toMatchObject({ granted: true, lockGeneration: 1 });
    const successor = cell.successor(2);
    expect(responseOf(again(successor))).toMatchObject({ granted: true, lockGeneration: 1 });
    a.session.number += 10;
    a.session.do('release', { handle: a.handle });
    expect(reasonOf(again(successor))).toBe('REQUEST_FORGOTTEN');
  });

  it('is answered as it was the first time, even after the lock was released', () => {
    const [a, b] = contenders(TestCell.reigning(), 2) as [Contender, Contender];
    acquire(a);
    const waiting = acquire(b);
    const { number } = b.session;
    release(a);
    release(b);
    expect(responseOf(b.session.ask('acquire', { handle: b.handle }, { number }))).toEqual(responseOf(waiting));
    expect(tryAcquire(a).granted).toBe(true);
  });
});

describe('lock-delay', () => {
  it('holds the lock of an expired session back, and tells for how long', () => {
    const cell = TestCell.reigning();
    const [a, b] = contenders(cell, 2, 5_000) as [Contender, Contender];
    const c = cell.session(9, { leaseMs: 60_000 });
    acquire(a);
    cell.advance(12_000);
    const handle = c.open('/ls/test/f');
    expect(c.do('tryAcquire', { handle })).toMatchObject({
      granted: false,
      holderSessionId: a.session.credential.id,
      lockDelayLeftMs: 5_000,
    });
    const waiting = c.ask('acquire', { handle });
    cell.advance(4_999);
    expect(waiting.reply).toBeUndefined();
    cell.advance(1);
    expect(responseOf(waiting)).toMatchObject({ granted: true, lockGeneration: 2 });
    expect(b.session.credential).toBeDefined();
  });

  it('is for failures: Release, Close and CloseSession free the lock at once', () => {
    const [a, b, c] = contenders(TestCell.reigning(), 3, 5_000) as [Contender, Contender, Contender];
    acquire(a);
    release(a);
    expect(tryAcquire(b).granted).toBe(true);
    b.session.do('close', { handle: b.handle });
    expect(tryAcquire(a).granted).toBe(true);
    a.session.do('closeSession', {});
    expect(tryAcquire(c).granted).toBe(true);
  });

  it('ends with its node: another one of its name has its own', () => {
    const cell = TestCell.reigning();
    const [a] = contenders(cell, 1, 60_000) as [Contender];
    const other = cell.session(8, { leaseMs: 16_000 });
    const c = cell.session(9, { leaseMs: 60_000 });
    acquire(a);
    cell.advance(12_000);
    c.do('delete', { target: 'name', name: '/ls/test/f' });
    const handle = other.create('/ls/test/f', { lockDelayMs: 5_000 });
    expect(other.do('acquire', { handle }).granted).toBe(true);
    cell.advance(4_000);
    expect(c.do('tryAcquire', { handle: c.open('/ls/test/f') })).toMatchObject({
      granted: false,
      lockDelayLeftMs: 5_000,
    });
    cell.advance(5_000);
    expect(c.do('tryAcquire', { handle: c.open('/ls/test/f') }).granted).toBe(true);
  });

  it('is counted anew in full by a new master', () => {
    const cell = TestCell.reigning();
    const [a] = contenders(cell, 1, 5_000) as [Contender];
    const b = cell.session(9, { leaseMs: 60_000 });
    acquire(a);
    cell.advance(12_000 + 4_000);
    const successor = cell.successor(2);
    b.cell = successor;
    const handle = b.open('/ls/test/f');
    expect(b.do('tryAcquire', { handle }).lockDelayLeftMs).toBe(5_000);
    successor.advance(5_000);
    expect(b.do('tryAcquire', { handle }).granted).toBe(true);
  });

  it('ends with the node', () => {
    const cell = TestCell.reigning();
    const [a] = contenders(cell, 1, 5_000) as [Contender];
    const b = cell.session(9, { leaseMs: 60_000 });
    acquire(a);
    cell.advance(12_000);
    b.do('delete', byName('/ls/test/f'));
    const handle = b.create('/ls/test/f');
    expect(b.do('tryAcquire', { handle })).toMatchObject({ granted: true, lockGeneration: 1 });
    const before = cell.slots;
    cell.advance(6_000);
    expect(cell.slots).toBe(before);
  });

  it('does not hinder those who already share the lock', () => {
    const cell = TestCell.reigning();
    const [a] = contenders(cell, 1, 5_000) as [Contender];
    const b = cell.session(9, { leaseMs: 60_000 });
    acquire(a, shared);
    const handle = b.open('/ls/test/f');
    b.do('acquire', { handle, ...shared });
    cell.advance(12_000);
    expect(b.do('release', { handle })).toEqual({ released: true });
    expect(b.do('tryAcquire', { handle, ...exclusive }).granted).toBe(false);
    cell.advance(5_000);
    expect(b.do('tryAcquire', { handle, ...exclusive }).granted).toBe(true);
  });
});

describe('a waiter that nobody serves any more', () => {
  it('is told so when the reign ends', () => {
    const cell = TestCell.reigning();
    const [a, b] = contenders(cell, 2) as [Contender, Contender];
    acquire(a);
    const waiting = acquire(b);
    cell.log.endReign();
    expect(failureOf(waiting)).toMatchObject({ reason: 'UNKNOWN_OUTCOME', metadata: { retry: 'same-number' } });
  });
});
