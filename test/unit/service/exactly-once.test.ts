import { describe, expect, it } from 'vitest';
import type { CallName } from '../../../src/service/call.js';
import { byHandle, byName, failureOf, reasonOf, responseOf, TestCell } from './test-cell.js';
import type { Fields, TestSession } from './test-cell.js';

/** Asks twice under one number, the second time at `then`, and expects the same answer and no further effect. */
function askTwice<Name extends CallName>(session: TestSession, name: Name, fields: Fields<Name>, then: TestCell): void {
  const number = ++session.number;
  const first = responseOf(session.ask(name, fields, { number }));
  // `then` may be a successor, which has applied what was chosen before it began.
  const at = then === session.cell ? then : then.successor(9, 3);
  const before = at.digest();
  session.cell = at;
  expect(responseOf(session.ask(name, fields, { number }))).toEqual(first);
  expect(at.digest()).toBe(before);
}

const requests = {
  'an Open that creates': (session: TestSession, then: TestCell) =>
    askTwice(session, 'open', { name: '/ls/test/new', create: 'CREATE_MODE_MUST', write: true }, then),
  'a SetContents': (session: TestSession, then: TestCell) =>
    askTwice(
      session,
      'setContents',
      { ...byName('/ls/test/f'), contents: Buffer.from('x'), ifContentGeneration: 1 },
      then,
    ),
  'a Delete': (session: TestSession, then: TestCell) => askTwice(session, 'delete', byName('/ls/test/f'), then),
};

describe('asked again under its number, at the same master,', () => {
  it.each(Object.entries(requests))('%s is done once', (_what, request) => {
    const cell = TestCell.reigning();
    const session = cell.session();
    session.create('/ls/test/f');
    request(session, cell);
  });

  it('locks, releases and closes are done once', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const handle = session.create('/ls/test/f');
    askTwice(session, 'acquire', { handle }, cell);
    askTwice(session, 'release', { handle }, cell);
    askTwice(session, 'tryAcquire', { handle }, cell);
    askTwice(session, 'close', { handle }, cell);
  });
});

describe('asked again under its number, at the next master,', () => {
  it('everything is done once', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const handle = session.create('/ls/test/f');
    const steps: [CallName, object][] = [
      ['setContents', { ...byHandle(handle), contents: Buffer.from('x') }],
      ['acquire', { handle }],
      ['release', { handle }],
      ['tryAcquire', { handle }],
      ['open', { name: '/ls/test/g', create: 'CREATE_MODE_MUST', write: true }],
      ['close', { handle }],
      ['delete', byName('/ls/test/f')],
    ];
    const answers = steps.map(([name, fields]) => session.do(name, fields));
    const successor = cell.successor(2);
    const before = successor.digest();
    const first = session.number - steps.length + 1;
    session.cell = successor;
    const again = steps.map(([name, fields], i) => responseOf(session.ask(name, fields, { number: first + i })));
    expect(again).toEqual(answers);
    expect(successor.digest()).toBe(before);
  });

  it('a handle of an Open that was answered again works', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const open = { name: '/ls/test/f', create: 'CREATE_MODE_MUST', write: true } as const;
    session.do('open', open);
    session.cell = cell.successor(2);
    const { handle } = responseOf(session.ask('open', open, { number: session.number }));
    session.do('setContents', byHandle(handle));
  });
});

describe('a request that is under way', () => {
  it('is joined by its retry: one execution, two answers', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const handle = session.create('/ls/test/f');
    cell.automatic = false;
    const number = ++session.number;
    const asked = [1, 2].map(() => session.ask('setContents', { ...byHandle(handle) }, { number }));
    cell.log.run();
    expect(asked.map((each) => responseOf(each).stat!.contentGeneration)).toEqual([2, 2]);
    expect(asked.map(({ replies }) => replies)).toEqual([1, 1]);
  });

  it('keeps its two latest callers only: an earlier one is told to ask again', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const handle = session.create('/ls/test/f');
    cell.automatic = false;
    const number = ++session.number;
    const asked = [1, 2, 3, 4].map(() => session.ask('setContents', { ...byHandle(handle) }, { number }));
    expect(asked.slice(0, 2).map(reasonOf)).toEqual(['UNKNOWN_OUTCOME', 'UNKNOWN_OUTCOME']);
    cell.log.run();
    expect(asked.slice(2).map((each) => responseOf(each).stat!.contentGeneration)).toEqual([2, 2]);
    expect(asked.map(({ replies }) => replies)).toEqual([1, 1, 1, 1]);
  });

  it('is no other call of the same number', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const handle = session.create('/ls/test/f');
    cell.automatic = false;
    const number = ++session.number;
    session.ask('setContents', byHandle(handle), { number });
    expect(reasonOf(session.ask('delete', byHandle(handle), { number }))).toBe('MALFORMED_REQUEST');
    cell.log.run();
    expect(reasonOf(session.ask('release', { handle }, { number }))).toBe('MALFORMED_REQUEST');
  });
});

describe('a refusal', () => {
  it('is what every copy of the request gets, however late: its client was told that it did not act', () => {
    const session = TestCell.reigning().session();
    const number = ++session.number;
    const write = () => session.ask('setContents', byName('/ls/test/f'), { number });
    const refused = failureOf(write());
    expect(refused.reason).toBe('NOT_FOUND');
    session.create('/ls/test/f');
    expect(failureOf(write())).toEqual(refused);
    expect(responseOf(session.ask('getStat', byName('/ls/test/f'))).stat!.contentGeneration).toBe(1);
  });

  it.each([
    ['a TryAcquire that found the lock held', 'tryAcquire', { granted: false }],
    ['a Release of a lock not held', 'release', { released: false }],
  ] as const)('(%s is such an answer, too)', (_what, name, answer) => {
    const cell = TestCell.reigning();
    const [session, other] = [cell.session(1), cell.session(2)];
    const theirs = other.create('/ls/test/f');
    const mine = responseOf(session.ask('open', { name: '/ls/test/f', write: true })).handle;
    responseOf(other.ask('tryAcquire', { handle: theirs, mode: 'LOCK_MODE_EXCLUSIVE' }));
    const number = ++session.number;
    const ask = () => session.ask(name, { handle: mine, mode: 'LOCK_MODE_EXCLUSIVE' }, { number });
    expect(responseOf(ask())).toMatchObject(answer);
    responseOf(other.ask('release', { handle: theirs }));
    responseOf(session.ask('tryAcquire', { handle: mine, mode: 'LOCK_MODE_EXCLUSIVE' }));
    expect(responseOf(ask())).toMatchObject(answer);
    expect(responseOf(other.ask('tryAcquire', { handle: theirs, mode: 'LOCK_MODE_EXCLUSIVE' })).granted).toBe(false);
  });
});

describe('a refusal that only time could turn', () => {
  it('stays one when the database has room again', () => {
    const session = TestCell.reigning({ limits: { databaseBytes: 20_000 } }).session();
    session.create('/ls/test/big', { initialContents: Buffer.alloc(20_000) });
    const number = ++session.number;
    const write = () => session.ask('setContents', { ...byName('/ls/test/f'), create: true }, { number });
    expect(reasonOf(write())).toBe('LIMIT_DATABASE');
    session.do('delete', byName('/ls/test/big'));
    expect(reasonOf(write())).toBe('LIMIT_DATABASE');
  });

  it('stays one at a master that does not know what was closed under the last', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const handle = session.create('/ls/test/f');
    session.do('close', { handle });
    const number = ++session.number;
    const write = () => session.ask('setContents', byHandle(handle), { number });
    expect(reasonOf(write())).toBe('HANDLE_CLOSED');
    session.cell = cell.successor(2);
    expect(reasonOf(write())).toBe('HANDLE_CLOSED');
  });
});

describe('a number that its client acknowledged', () => {
  /** A session that waited for a lock under a number which it acknowledged meanwhile, got it, and released it. */
  function releasedWait() {
    const cell = TestCell.reigning();
    const [holder, waiter] = [cell.session(1), cell.session(2)];
    const theirs = holder.create('/ls/test/f');
    holder.do('acquire', { handle: theirs });
    const handle = waiter.open('/ls/test/f');
    const number = ++waiter.number;
    const waiting = waiter.ask('acquire', { handle }, { number, acknowledged: number - 1 });
    waiter.acknowledged = number;
    waiter.do('setContents', { ...byName('/ls/test/g'), create: true });
    holder.do('release', { handle: theirs });
    expect(responseOf(waiting).granted).toBe(true);
    waiter.acknowledged = waiter.number;
    waiter.do('release', { handle });
    const lateCopy = () => waiter.ask('acquire', { handle }, { number, acknowledged: number - 1 });
    return { cell, holder, theirs, waiter, lateCopy };
  }

  it('of an Acquire granted and released acts at no later master', () => {
    const { cell, holder, theirs, waiter, lateCopy } = releasedWait();
    waiter.cell = cell.successor(2);
    lateCopy();
    holder.cell = waiter.cell;
    expect(holder.do('tryAcquire', { handle: theirs }).granted).toBe(true);
  });

  it('of a request that never came acts at no later master, once its client was told so', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    session.create('/ls/test/f');
    const number = ++session.number;
    const write = () => session.ask('setContents', byName('/ls/test/f'), { number, acknowledged: 0 });
    session.acknowledged = ++session.number;
    session.do('setContents', byName('/ls/test/f'));
    expect(reasonOf(write())).toBe('REQUEST_FORGOTTEN');
    session.cell = cell.successor(2);
    expect(reasonOf(write())).toBe('REQUEST_FORGOTTEN');
    const before = session.cell.slots;
    expect(reasonOf(write())).toBe('REQUEST_FORGOTTEN');
    expect(session.cell.slots).toBe(before);
  });
});

describe('the window of request numbers', () => {
  it('begins above what is acknowledged and ends 4,096 above it', () => {
    const session = TestCell.reigning().session();
    session.create('/ls/test/f');
    const write = (number: number, acknowledged: number) =>
      session.ask('setContents', byName('/ls/test/f'), { number, acknowledged });
    expect(reasonOf(write(4_097, 0))).toBe('WINDOW_EXCEEDED');
    responseOf(write(4_096, 0));
    expect(reasonOf(write(4_196, 99))).toBe('WINDOW_EXCEEDED');
    responseOf(write(4_196, 100));
    expect(reasonOf(write(100, 0))).toBe('REQUEST_FORGOTTEN');
    responseOf(write(101, 0));
  });

  it('knows numbers from 1 to 2^53 - 1 only', () => {
    const session = TestCell.reigning().session();
    const write = (number: number, acknowledged = 0) =>
      reasonOf(session.ask('setContents', byName('/ls/test/f'), { number, acknowledged }));
    expect(write(0)).toBe('MISSING_FIELD');
    expect(write(2 ** 53)).toBe('MALFORMED_REQUEST');
    expect(write(5, 2 ** 53)).toBe('MALFORMED_REQUEST');
  });

  it('stays small in the database, and what is below it is never executed again, at no master', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const handle = session.create('/ls/test/f');
    const { entries } = cell.service.status();
    for (let i = 0; i < 1_000; i++) {
      session.acknowledged = session.number;
      session.do('setContents', byHandle(handle));
      expect(cell.service.status().entries).toBeLessThan(entries + 66);
    }
    session.acknowledged = 0;
    session.cell = cell.successor(2);
    const before = session.cell.digest();
    expect(reasonOf(session.ask('setContents', byHandle(handle), { number: 900 }))).toBe('REQUEST_FORGOTTEN');
    responseOf(session.ask('setContents', byHandle(handle), { number: session.number }));
    expect(session.cell.digest()).toBe(before);
  });

  it('remembers what is above the watermark when that moves', () => {
    const session = TestCell.reigning().session();
    const handle = session.create('/ls/test/f');
    for (let i = 0; i < 100; i++) session.do('setContents', byHandle(handle));
    session.acknowledged = 70;
    const { stat } = session.do('setContents', byHandle(handle));
    const again = session.ask('setContents', byHandle(handle), { number: 71 });
    expect(responseOf(again).stat!.contentGeneration).toBe(71);
    expect(session.do('getStat', byHandle(handle))).toEqual({ stat });
  });

  it('costs nothing to move far', () => {
    const session = TestCell.reigning().session();
    const handle = session.create('/ls/test/f');
    session.number = session.acknowledged = 2 ** 52;
    session.do('setContents', byHandle(handle));
    session.do('setContents', byHandle(handle));
  });
});

describe('a planted bug', () => {
  it('has retries executed again', () => {
    const session = TestCell.reigning({ plantedBugs: { duplicateRequestAppliedTwice: true } }).session();
    session.create('/ls/test/f');
    const number = ++session.number;
    const write = () =>
      responseOf(session.ask('setContents', byName('/ls/test/f'), { number })).stat!.contentGeneration;
    expect([write(), write()]).toEqual([2, 3]);
  });
});
