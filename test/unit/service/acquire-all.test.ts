import { describe, expect, it } from 'vitest';
import { byName, reasonOf, responseOf, TestCell } from './test-cell.js';
import type { Around, Fields, TestSession } from './test-cell.js';

const EXCLUSIVE = 'LOCK_MODE_EXCLUSIVE';
const SHARED = 'LOCK_MODE_SHARED';

/** A session with handles on the files a, b, c. */
class Contender {
  readonly handles: Readonly<Record<string, Buffer>>;

  constructor(
    readonly session: TestSession,
    fields: Fields<'open'> = {},
  ) {
    const open = (name: string) => session.open(`/ls/test/${name}`, { create: 'CREATE_MODE_MAY', ...fields });
    this.handles = { a: open('a'), b: open('b'), c: open('c') };
  }

  locks(names: string, mode: typeof EXCLUSIVE | typeof SHARED = EXCLUSIVE) {
    return [...names].map((name) => ({ handle: this.handles[name]!, mode }));
  }

  all(names: string, fields: Fields<'acquireAll'> = {}, around: Around = {}) {
    return this.session.ask('acquireAll', { locks: this.locks(names), ...fields }, around);
  }

  one(name: string, fields: Fields<'acquire'> = {}) {
    return this.session.ask('acquire', { handle: this.handles[name]!, ...fields });
  }

  release(names: string): void {
    for (const name of names) this.session.do('release', { handle: this.handles[name]! });
  }

  has(names: string): boolean {
    return [...names].every((name) => {
      const { reply } = this.session.ask('getSequencer', { handle: this.handles[name]! });
      return reply !== undefined && 'response' in reply;
    });
  }
}

function contenders(count: number, cell = TestCell.reigning(), fields: Fields<'open'> = {}) {
  const all = Array.from({ length: count }, (_, i) => new Contender(cell.session(i + 1, { leaseMs: 60_000 }), fields));
  return { cell, all: all as [Contender, Contender, Contender, Contender] };
}

describe('AcquireAll', () => {
  it('takes all locks by one value, and tells the generation of each', () => {
    const {
      cell,
      all: [a],
    } = contenders(1);
    a.session.do('acquire', { handle: a.handles['b']! });
    a.release('b');
    const before = cell.slots;
    const answer = responseOf(a.all('abc'));
    expect(answer).toMatchObject({ granted: true, lockGenerations: [1, 2, 1], busyName: '' });
    expect(cell.slots - before).toBe(1);
    expect(a.has('abc')).toBe(true);
  });

  it('takes each in the mode that is asked for', () => {
    const {
      all: [a, b],
    } = contenders(2);
    expect(responseOf(a.session.ask('acquireAll', { locks: [...a.locks('a'), ...a.locks('b', SHARED)] })).granted).toBe(
      true,
    );
    expect(responseOf(b.all('b', { locks: b.locks('b', SHARED), atOnce: true })).granted).toBe(true);
    expect(responseOf(b.all('a', { locks: b.locks('a', SHARED), atOnce: true })).granted).toBe(false);
  });

  it('at once is answered with a lock that is in the way, and takes none', () => {
    const {
      all: [a, b, c],
    } = contenders(3);
    a.one('b');
    expect(responseOf(b.all('abc', { atOnce: true }))).toEqual({
      granted: false,
      lockGenerations: [],
      busyName: '/ls/test/b',
      holderSessionId: a.session.credential.id,
      lockDelayLeftMs: 0,
    });
    expect(responseOf(c.all('ac', { atOnce: true })).granted).toBe(true);
  });

  it('at once tells how long a lock is still held back', () => {
    const {
      cell,
      all: [a, b],
    } = contenders(2, TestCell.reigning(), { lockDelayMs: 30_000 });
    const dead = new Contender(cell.session(9, { leaseMs: 4_000 }), { lockDelayMs: 30_000 });
    expect(responseOf(dead.all('ab')).granted).toBe(true);
    expect(a.has('a')).toBe(false);
    cell.advance(5_000);
    expect(responseOf(b.all('cb', { atOnce: true }))).toMatchObject({
      granted: false,
      busyName: '/ls/test/b',
      lockDelayLeftMs: 29_000,
    });
    const waiting = b.all('cb');
    cell.advance(29_000);
    expect(responseOf(waiting).granted).toBe(true);
  });

  it('waits until all are free, holding none meanwhile', () => {
    const {
      cell,
      all: [a, b, c],
    } = contenders(3);
    a.one('a');
    b.one('b');
    const waiting = c.all('abc');
    a.release('a');
    expect(waiting.reply).toBeUndefined();
    expect(c.has('a')).toBe(false);
    const before = cell.slots;
    b.release('b');
    expect(responseOf(waiting)).toMatchObject({ granted: true, lockGenerations: [2, 2, 1] });
    expect(cell.slots - before).toBe(1);
  });

  it('is not overtaken: a free lock that it waits for goes to nobody behind it', () => {
    const {
      all: [a, b, c],
    } = contenders(3);
    a.one('b');
    const first = b.all('ab');
    const second = c.one('a');
    const inTheWay = { granted: false, holderSessionId: b.session.credential.id };
    expect(c.session.do('tryAcquire', { handle: c.handles['a']!, mode: SHARED })).toMatchObject(inTheWay);
    expect(responseOf(c.all('a', { atOnce: true }))).toMatchObject(inTheWay);
    expect([first.reply, second.reply]).toEqual([undefined, undefined]);
    a.release('b');
    expect(responseOf(first).granted).toBe(true);
    expect(second.reply).toBeUndefined();
    b.release('ab');
    expect(responseOf(second).granted).toBe(true);
  });

  it('of several in any order never waits in a circle', () => {
    const {
      all: [a, b, c, d],
    } = contenders(4);
    responseOf(d.all('abc'));
    const asked = [a.all('ab'), b.all('bc'), c.all('ca')];
    d.release('abc');
    for (const [i, each] of [a, b, c].entries()) {
      expect(asked.map(({ reply }) => reply !== undefined)).toEqual([0, 1, 2].map((other) => other <= i));
      each.release(['ab', 'bc', 'ca'][i]!);
    }
    expect(asked.map(({ replies }) => replies)).toEqual([1, 1, 1]);
  });

  it('hands a lock on to the next of 100 waiters by one value', () => {
    const { cell, all } = contenders(100);
    const asked = all.map((each) => each.all('abc'));
    const before = cell.slots;
    cell.automatic = false;
    for (const name of 'abc') all[0].session.ask('release', { handle: all[0].handles[name]! });
    cell.log.run();
    expect(asked.map(({ reply }) => reply !== undefined).indexOf(false)).toBe(2);
    expect(cell.slots - before).toBe(1);
  });

  it('answers "not granted" when the wait is over, and lets those behind go ahead', () => {
    const {
      cell,
      all: [a, b, c],
    } = contenders(3);
    a.one('b');
    const waiting = b.all('ab', { waitMs: 1_000 });
    const behind = c.one('a');
    cell.advance(999);
    expect(waiting.reply).toBeUndefined();
    cell.advance(1);
    expect(responseOf(waiting)).toMatchObject({ granted: false, busyName: '/ls/test/b' });
    expect(responseOf(behind).granted).toBe(true);
  });

  it('ends with the time limit of its caller, in the line or with a grant that is not chosen', () => {
    const {
      cell,
      all: [a, b, c],
    } = contenders(3);
    a.one('b');
    const waiting = b.all('ab', {}, { timeLimitMs: 1_000 });
    cell.advance(1_000);
    expect(reasonOf(waiting)).toBe('TIME_LIMIT');
    a.release('b');
    cell.automatic = false;
    const granted = b.all('ab', {}, { timeLimitMs: 100 });
    cell.advance(100);
    cell.log.run();
    cell.automatic = true;
    expect(reasonOf(granted)).toBe('TIME_LIMIT');
    expect(responseOf(c.all('ab', { atOnce: true })).granted).toBe(true);
  });

  it('is cancelled where it waits, and all of its locks go if it had them', () => {
    const {
      all: [a, b, c],
    } = contenders(3);
    a.one('b');
    const waiting = b.all('ab');
    const number = b.session.number;
    expect(b.session.do('cancel', { requestNumber: number })).toEqual({ cancelled: true });
    expect(reasonOf(waiting)).toBe('CANCELLED');
    a.release('b');
    responseOf(b.all('abc'));
    const next = c.all('abc');
    expect(b.session.do('cancel', { requestNumber: b.session.number })).toEqual({ cancelled: true });
    expect(responseOf(next).granted).toBe(true);
    expect(reasonOf(b.all('ab', {}, { number }))).toBe('CANCELLED');
  });

  it('ends with its session, with the closing of one of its handles, and with one of the nodes', () => {
    const ends: [string, (who: Contender) => unknown][] = [
      ['SESSION_EXPIRED', ({ session }) => session.do('closeSession', {})],
      ['HANDLE_CLOSED', ({ session, handles }) => session.do('close', { handle: handles['b']! })],
      ['INSTANCE_GONE', ({ session }) => session.do('delete', byName('/ls/test/b'))],
    ];
    for (const [reason, end] of ends) {
      const {
        all: [a, b, c],
      } = contenders(3);
      a.one('b');
      const waiting = b.all('ab');
      const behind = c.one('a');
      end(b);
      expect(reasonOf(waiting)).toBe(reason);
      expect(responseOf(behind).granted).toBe(true);
    }
  });

  it('asked again under its number finds its place, its answer, and after a fail-over its locks', () => {
    const {
      cell,
      all: [a, b],
    } = contenders(2);
    a.one('b');
    const first = b.all('ab');
    const { number } = b.session;
    const second = b.all('ab', {}, { number });
    a.release('b');
    expect(responseOf(first)).toEqual(responseOf(second));
    b.session.cell = cell.successor(2);
    expect(responseOf(b.all('ab', {}, { number }))).toEqual(responseOf(first));
    b.session.acknowledged = number;
    expect(responseOf(b.all('ab', {}, { number }))).toEqual(responseOf(first));
    b.release('a');
    expect(reasonOf(b.all('ab', {}, { number }))).toBe('REQUEST_FORGOTTEN');
    expect(reasonOf(b.one('b', {}))).toBe('LOCK_HELD_ALREADY');
  });

  it('that waited when its master fell is asked again at the next one', () => {
    const {
      cell,
      all: [a, b],
    } = contenders(2);
    a.one('b');
    const waiting = b.all('ab');
    const { number } = b.session;
    cell.log.endReign();
    expect(reasonOf(waiting)).toBe('UNKNOWN_OUTCOME');
    const successor = cell.successor(2);
    for (const { session } of [a, b]) session.cell = successor;
    const again = b.all('ab', {}, { number });
    expect(again.reply).toBeUndefined();
    a.release('b');
    expect(responseOf(again).granted).toBe(true);
  });

  it('is refused with the reason, and takes nothing', () => {
    const {
      all: [a, b],
    } = contenders(2);
    expect(reasonOf(a.all(''))).toBe('MISSING_FIELD');
    expect(reasonOf(a.all('aba'))).toBe('MALFORMED_REQUEST');
    const twice = [...a.locks('a'), { handle: a.session.open('/ls/test/a'), mode: EXCLUSIVE } as const];
    expect(reasonOf(a.all('', { locks: twice }))).toBe('MALFORMED_REQUEST');
    expect(reasonOf(a.all('', { locks: Array.from({ length: 65 }, () => a.locks('a')[0]!) }))).toBe('TOO_LARGE');
    expect(reasonOf(a.all('', { locks: [{ handle: b.handles['a']!, mode: EXCLUSIVE }] }))).toBe('WRONG_SESSION');
    expect(reasonOf(a.all('', { locks: [{ handle: a.handles['a']!, mode: 'LOCK_MODE_UNSPECIFIED' }] }))).toBe(
      'MISSING_FIELD',
    );
    const reader = a.session.open('/ls/test/c', { write: false });
    expect(reasonOf(a.all('', { locks: [...a.locks('a'), { handle: reader, mode: SHARED }] }))).toBe('MODE_FORBIDS');
    a.one('b');
    expect(reasonOf(a.all('ab'))).toBe('LOCK_HELD_ALREADY');
    expect(responseOf(b.all('ac', { atOnce: true })).granted).toBe(true);
  });

  it('counts once for each lock among those who wait', () => {
    const {
      all: [a, b, c],
    } = contenders(3, TestCell.reigning({ limits: { waiters: 3 } }));
    a.one('b');
    b.all('ab');
    expect(reasonOf(c.all('ab'))).toBe('LIMIT_WAITERS');
    expect(c.one('a').reply).toBeUndefined();
  });
});

describe('a lock in another mode', () => {
  it('through the handle that holds it is refused, and says what to do', () => {
    const {
      all: [a],
    } = contenders(1);
    a.one('a', { mode: SHARED });
    const upgrade = a.one('a');
    expect(reasonOf(upgrade)).toBe('LOCK_HELD_ALREADY');
    expect(upgrade.reply).toMatchObject({
      failure: {
        message:
          'the handle holds the lock of /ls/local/a in mode shared: to hold it in mode exclusive, release it and acquire it anew',
      },
    });
  });
});
