import { describe, expect, it } from 'vitest';
import { checkCell, replayed } from './cell-invariants.js';
import { byName, reasonOf, responseOf, TestCell } from './test-cell.js';
import type { Around, TestSession } from './test-cell.js';

const exclusive = { mode: 'LOCK_MODE_EXCLUSIVE' } as const;
const shared = { mode: 'LOCK_MODE_SHARED' } as const;

interface Contender {
  readonly session: TestSession;
  readonly handle: Buffer;
}

/** Sessions that all have the same file open to lock it, and live long. */
function contenders<Count extends 2 | 3 | 4>(cell: TestCell, count: Count) {
  return Array.from({ length: count }, (_, i) => {
    const session = cell.session(i + 1, { leaseMs: 60_000 });
    return { session, handle: session.open('/ls/test/f', { create: 'CREATE_MODE_MAY' }) };
  }) as [Contender, Contender, Contender, Contender];
}

const acquire = (
  { session, handle }: Contender,
  how: { mode?: 'LOCK_MODE_SHARED'; waitMs?: number } = {},
  around: Around = {},
) => session.ask('acquire', { handle, ...how }, around);
const release = ({ session, handle }: Contender) => session.do('release', { handle });
const tryAcquire = ({ session, handle }: Contender) => session.do('tryAcquire', { handle, ...exclusive });
const cancel = ({ session }: Contender, requestNumber: number) => session.do('cancel', { requestNumber });

describe('whoever stood in the way and waits no more', () => {
  const leaves: [string, (who: Contender, cell: TestCell) => void][] = [
    ['cancelled', (who) => cancel(who, who.session.number)],
    ['its wait over', (_who, cell) => cell.advance(1_000)],
    ['its session closed', ({ session }) => session.do('closeSession', {})],
    ['its handle closed', ({ session, handle }) => session.do('close', { handle })],
  ];

  it.each(leaves)('(%s) lets those behind share what is shared', (_how, leave) => {
    const cell = TestCell.reigning();
    const [holder, blocking, second, third] = contenders(cell, 4);
    acquire(holder, shared);
    acquire(blocking, { waitMs: 1_000 });
    const behind = [second, third].map((each) => acquire(each, shared));
    expect(behind.map(({ reply }) => reply)).toEqual([undefined, undefined]);
    leave(blocking, cell);
    expect(behind.map((each) => responseOf(each))).toEqual([
      expect.objectContaining({ granted: true, lockGeneration: 1 }),
      expect.objectContaining({ granted: true, lockGeneration: 1 }),
    ]);
  });

  it('(its session expired) lets those behind share what is shared', () => {
    const cell = TestCell.reigning();
    const [holder, second] = contenders(cell, 2);
    const blocking = cell.session(9, { leaseMs: 4_000 });
    acquire(holder, shared);
    acquire({ session: blocking, handle: blocking.open('/ls/test/f') });
    const behind = acquire(second, shared);
    cell.advance(4_000);
    expect(responseOf(behind).granted).toBe(true);
  });
});

describe('a waiting Acquire', () => {
  /** One who holds the lock, one who waits for it, and the number under which he does. */
  function waiting(around: Around = {}) {
    const cell = TestCell.reigning();
    const [holder, waiter, other] = contenders(cell, 3);
    acquire(holder);
    const asked = acquire(waiter, {}, around);
    return { cell, holder, waiter, other, asked, number: waiter.session.number };
  }

  it('hears that its session ended when that is applied, and may live on if it never is', () => {
    const { cell, waiter, asked } = waiting();
    cell.automatic = false;
    waiter.session.ask('closeSession', {});
    expect(asked.reply).toBeUndefined();
    cell.log.endReign();
    expect(reasonOf(asked)).toBe('UNKNOWN_OUTCOME');
    expect(cell.successor(2).cellHas(waiter.session)).toBe(true);
  });

  it('hears that its handle was closed when that is applied, and no copy of it acts later', () => {
    const { cell, holder, waiter, other, asked, number } = waiting();
    cell.automatic = false;
    const closing = waiter.session.ask('close', { handle: waiter.handle });
    expect([asked.reply, closing.reply]).toEqual([undefined, undefined]);
    cell.log.run();
    expect(reasonOf(asked)).toBe('HANDLE_CLOSED');
    responseOf(closing);
    const successor = cell.successor(2);
    for (const { session } of [holder, waiter, other]) session.cell = successor;
    release(holder);
    expect(reasonOf(acquire(waiter, {}, { number }))).toBe('HANDLE_CLOSED');
    expect(tryAcquire(other).granted).toBe(true);
  });

  it('is closed with its handle though the client acknowledged its number long ago', () => {
    const { cell, waiter, asked } = waiting();
    waiter.session.acknowledged = waiter.session.number;
    for (let i = 0; i < 100; i++) {
      waiter.session.do('setContents', { ...byName('/ls/test/g'), create: true });
      waiter.session.acknowledged = waiter.session.number;
    }
    waiter.session.do('close', { handle: waiter.handle });
    expect(reasonOf(asked)).toBe('HANDLE_CLOSED');
    checkCell(replayed(cell.log));
  });

  it('through a handle that holds the lock already is refused for good', () => {
    const { cell, holder, waiter } = waiting();
    const second = ++waiter.session.number;
    const asked = waiter.session.ask('acquire', { handle: waiter.handle }, { number: second });
    release(holder);
    expect(reasonOf(asked)).toBe('LOCK_HELD_ALREADY');
    release(waiter);
    waiter.session.cell = cell.successor(2);
    expect(reasonOf(acquire(waiter, {}, { number: second }))).toBe('LOCK_HELD_ALREADY');
  });

  it('keeps its two latest callers only: an earlier one is told to ask again', () => {
    const { holder, waiter, asked, number } = waiting();
    const copies = Array.from({ length: 50 }, () => acquire(waiter, {}, { number }));
    release(holder);
    const answers = [asked, ...copies].map(({ reply, replies }) => {
      expect(replies).toBe(1);
      return reply !== undefined && 'failure' in reply ? reply.failure.reason : 'granted';
    });
    expect(answers).toEqual([...Array<string>(49).fill('UNKNOWN_OUTCOME'), 'granted', 'granted']);
  });
});

describe('a Cancel that overtakes its Acquire', () => {
  it.each([
    ['at the same master', false],
    ['at the next', true],
  ])('has it refused when it comes, %s, and everybody else served', (_where, later) => {
    const cell = TestCell.reigning();
    const [a, b] = contenders(cell, 2);
    const number = ++a.session.number;
    const cancelled = a.session.ask('cancel', { requestNumber: number }, { acknowledged: number });
    expect(responseOf(cancelled)).toEqual({ cancelled: true });
    if (later) for (const { session } of [a, b]) session.cell = cell.successor(2);
    const late = acquire(a, {}, { number, acknowledged: 0 });
    expect(['CANCELLED', 'REQUEST_FORGOTTEN']).toContain(reasonOf(late));
    expect(tryAcquire(b).granted).toBe(true);
  });

  it('is what a copy hears that comes within the window', () => {
    const [a] = contenders(TestCell.reigning(), 2);
    const number = ++a.session.number;
    cancel(a, number);
    expect(reasonOf(acquire(a, {}, { number }))).toBe('CANCELLED');
    expect(cancel(a, number)).toEqual({ cancelled: false });
  });

  it('knows numbers of the window only', () => {
    const [a] = contenders(TestCell.reigning(), 2);
    expect(reasonOf(a.session.ask('cancel', { requestNumber: 5_000 }))).toBe('WINDOW_EXCEEDED');
    expect(reasonOf(a.session.ask('cancel', { requestNumber: 2 ** 53 }))).toBe('MALFORMED_REQUEST');
    expect(cancel(a, 0)).toEqual({ cancelled: false });
  });

  it('leaves other requests of the session as they were', () => {
    const [a] = contenders(TestCell.reigning(), 2);
    const write = (number: number) =>
      a.session.ask('setContents', { ...byName('/ls/test/g'), create: true }, { number });
    const number = ++a.session.number;
    const first = responseOf(write(number));
    expect(cancel(a, number)).toEqual({ cancelled: false });
    expect(responseOf(write(number))).toEqual(first);
  });
});

describe('a grant whose caller stopped waiting before it was chosen', () => {
  it('is released before the answer leaves: the caller cannot know of it', () => {
    const cell = TestCell.reigning();
    const [holder, waiter, behind] = contenders(cell, 3);
    acquire(holder);
    const asked = acquire(waiter, {}, { timeLimitMs: 100 });
    const { number } = waiter.session;
    const next = acquire(behind);
    cell.automatic = false;
    cell.advance(99);
    holder.session.ask('release', { handle: holder.handle });
    cell.advance(1);
    expect(asked.reply).toBeUndefined();
    cell.log.run();
    cell.automatic = true;
    expect([reasonOf(asked), asked.replies]).toEqual(['TIME_LIMIT', 1]);
    expect(responseOf(next).granted).toBe(true);
    expect(reasonOf(acquire(waiter, {}, { number }))).toBe('TIME_LIMIT');
    expect(waiter.session.do('release', { handle: waiter.handle })).toEqual({ released: false });
  });

  it('is released though it never had to wait for the lock', () => {
    const cell = TestCell.reigning();
    const [a, b] = contenders(cell, 2);
    cell.automatic = false;
    const asked = acquire(a, {}, { timeLimitMs: 100 });
    cell.advance(100);
    cell.log.run();
    cell.automatic = true;
    expect(reasonOf(asked)).toBe('TIME_LIMIT');
    expect(tryAcquire(b).granted).toBe(true);
  });

  it('is left alone where the client let it go already', () => {
    const cell = TestCell.reigning();
    const [a] = contenders(cell, 2);
    cell.automatic = false;
    const asked = acquire(a, {}, { timeLimitMs: 100 });
    const released = a.session.ask('release', { handle: a.handle });
    cell.advance(100);
    cell.log.run();
    expect([responseOf(asked).granted, responseOf(released).released]).toEqual([true, true]);
  });

  it('in time stays, and leaves no timer behind', () => {
    const cell = TestCell.reigning();
    const [a, b] = contenders(cell, 2);
    expect(responseOf(acquire(a, {}, { timeLimitMs: 100 })).granted).toBe(true);
    const before = cell.slots;
    cell.advance(1_000);
    expect(cell.slots).toBe(before);
    expect(tryAcquire(b).granted).toBe(false);
  });
});
