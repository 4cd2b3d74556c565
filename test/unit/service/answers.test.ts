import { describe, expect, it } from 'vitest';
import { byHandle, byName, failureOf, reasonOf, responseOf, TestCell } from './test-cell.js';

/** A cell with a file and a session, and from then on nothing is chosen unless the test says so. */
function slowCell() {
  const cell = TestCell.reigning();
  const session = cell.session(1);
  const other = cell.session(2);
  const handle = session.create('/ls/test/f', { initialContents: Buffer.from('old') });
  cell.automatic = false;
  const write = () => session.ask('setContents', { ...byHandle(handle), contents: Buffer.from('new') });
  return { cell, session, other, handle, write };
}

describe('a write', () => {
  it('is answered when it is applied, and not before', () => {
    const { cell, write } = slowCell();
    const asked = write();
    expect(asked.reply).toBeUndefined();
    cell.log.take();
    expect(asked.reply).toBeUndefined();
    cell.log.chooseNext();
    expect(responseOf(asked).stat!.contentGeneration).toBe(2);
  });

  it('is computed on those before it: many are in flight, in one value or in several', () => {
    const { cell, write } = slowCell();
    const asked = [write(), write()];
    cell.log.take();
    asked.push(write());
    cell.log.take();
    asked.push(write());
    cell.log.run();
    expect(asked.map((each) => responseOf(each).stat!.contentGeneration)).toEqual([2, 3, 4, 5]);
  });

  it('in a value of its own waits for its value only', () => {
    const { cell, write } = slowCell();
    const first = write();
    cell.log.take();
    const second = write();
    cell.log.take();
    cell.log.chooseNext();
    expect(first.reply).toBeDefined();
    expect(second.reply).toBeUndefined();
  });
});

describe('a plain read', () => {
  it('shows applied state, whatever is on its way', () => {
    const { cell, other, write } = slowCell();
    write();
    const read = other.ask('getContentsAndStat', byName('/ls/test/f'));
    expect(responseOf(read).contents.toString()).toBe('old');
    cell.log.run();
    const later = other.ask('getContentsAndStat', byName('/ls/test/f'));
    expect(responseOf(later).contents.toString()).toBe('new');
  });

  it("goes behind the same session's own writes", () => {
    const { cell, session, handle, write } = slowCell();
    const written = write();
    const read = session.ask('getContentsAndStat', byHandle(handle));
    expect(read.reply).toBeUndefined();
    cell.log.run();
    expect(responseOf(read).contents.toString()).toBe('new');
    expect(written.reply).toBeDefined();
  });

  it('that waits behind a write when the reign ends was never answered by a master', () => {
    const { cell, session, handle, write } = slowCell();
    const written = write();
    const read = session.ask('getStat', byHandle(handle));
    cell.log.endReign();
    expect(reasonOf(written)).toBe('UNKNOWN_OUTCOME');
    expect(reasonOf(read)).toBe('NOT_MASTER');
  });

  it('is refused as soon as the lease has run out, though the reign has not ended yet', () => {
    const { cell, session } = slowCell();
    cell.log.leaseHeld = false;
    expect(reasonOf(cell.ask('getStat', byName('/ls/test/f')))).toBe('NOT_MASTER');
    expect(reasonOf(session.ask('getStat', byName('/ls/test/f')))).toBe('NOT_MASTER');
  });

  it('tests the lease when it is read, not when it was asked', () => {
    const { cell, session, handle, write } = slowCell();
    write();
    const read = session.ask('getStat', byHandle(handle));
    cell.log.take();
    cell.log.leaseHeld = false;
    cell.log.chooseNext();
    expect(reasonOf(read)).toBe('NOT_MASTER');
  });

  it('waits in a bounded number behind writes', () => {
    const cell = TestCell.reigning({ limits: { requestWindow: 3 } });
    const session = cell.session();
    cell.automatic = false;
    session.ask('setContents', { ...byName('/ls/test/f'), create: true }, { number: 1 });
    const reads = [1, 2, 3, 4].map(() => session.ask('getStat', byName('/ls/test/f'), { number: 9 }));
    expect(reasonOf(reads[3]!)).toBe('WINDOW_EXCEEDED');
    cell.log.run();
    expect(reads.slice(0, 3).map((each) => responseOf(each).stat!.contentGeneration)).toEqual([1, 1, 1]);
  });
});

describe('an answer that changes nothing but may have seen what is pending', () => {
  it.each([
    ['a malformed request', 'open', { name: '/ls/test/../g', create: 'CREATE_MODE_MUST' }],
    ['an Open that may not create', 'open', { name: '/ls/test/f', read: true }],
  ] as const)('(%s) is held until that is applied', (_what, name, fields) => {
    const { cell, session, other, write } = slowCell();
    write();
    session.ask('open', { name: '/ls/test/g', create: 'CREATE_MODE_MUST' });
    cell.log.take();
    const held = other.ask(name, fields);
    write();
    cell.log.take();
    expect(held.reply).toBeUndefined();
    cell.log.chooseNext();
    expect(held.reply).toBeDefined();
    expect(cell.log.inFlight).toBe(1);
  });

  it('is unknown when the reign ends first', () => {
    const { cell, other, write } = slowCell();
    write();
    const held = other.ask('setContents', { ...byName('/ls/test/f'), ifContentGeneration: 1 });
    cell.log.take();
    cell.log.endReign('values-survive');
    expect(reasonOf(held)).toBe('UNKNOWN_OUTCOME');
  });

  it('leaves at once where nothing is pending', () => {
    const { other } = slowCell();
    expect(reasonOf(other.ask('open', { name: '/ls/test/nothing', create: 7 as never }))).toBe('MALFORMED_REQUEST');
  });
});

describe('a refusal that a later state could turn', () => {
  it('is on the log before it leaves', () => {
    const { cell, other } = slowCell();
    const refused = other.ask('setContents', { ...byName('/ls/test/f'), ifContentGeneration: 9 });
    expect(refused.reply).toBeUndefined();
    cell.log.run();
    expect(reasonOf(refused)).toBe('STALE_GENERATION');
  });
});

describe('when the reign ends', () => {
  it('what was in flight is unknown, and its retry at the next master finds out', () => {
    for (const fate of ['values-survive', 'values-lost'] as const) {
      const { cell, session, handle, write } = slowCell();
      const written = write();
      cell.log.take();
      cell.log.endReign(fate);
      expect(failureOf(written)).toMatchObject({ code: 14, reason: 'UNKNOWN_OUTCOME' });
      const successor = cell.successor(2);
      session.cell = successor;
      const again = session.ask(
        'setContents',
        { ...byHandle(handle), contents: Buffer.from('new') },
        { number: session.number },
      );
      expect(responseOf(again).stat!.contentGeneration).toBe(2);
    }
  });

  it('what was computed and not handed over is forgotten', () => {
    const { cell, session, handle, write } = slowCell();
    write();
    cell.log.endReign();
    cell.log.beginReign(2);
    expect(cell.log.take()).toBe(false);
    cell.automatic = true;
    expect(session.do('getContentsAndStat', byHandle(handle)).contents.toString()).toBe('old');
  });

  it('the same replica may reign again, and knows only what is applied', () => {
    const { cell, session, handle, write } = slowCell();
    write();
    cell.log.take();
    cell.log.endReign('values-survive');
    cell.log.beginReign(2);
    cell.automatic = true;
    const { contents, stat } = session.do('getContentsAndStat', byHandle(handle));
    expect([contents.toString(), stat!.contentGeneration]).toEqual(['new', 2]);
    expect(session.do('setContents', byHandle(handle)).stat!.revision).toBe(stat!.revision + 1);
  });

  it('no timer of it goes on', () => {
    const { cell } = slowCell();
    cell.log.endReign();
    expect(cell.clock.timers).toBe(0);
  });
});

describe('an overloaded master', () => {
  it('refuses more answers than it may hold, and says when to come again', () => {
    const cell = TestCell.reigning({ limits: { pendingRequests: 2 } });
    const session = cell.session();
    cell.automatic = false;
    const write = () => session.ask('setContents', { ...byName('/ls/test/f'), create: true });
    const asked = [write(), write(), write()];
    expect(failureOf(asked[2]!)).toMatchObject({
      code: 8,
      reason: 'LIMIT_PENDING',
      metadata: { retry: 'later', 'retry-after-ms': '100' },
    });
    expect(reasonOf(cell.ask('createSession', { nonce: Buffer.alloc(16, 9) }))).toBe('LIMIT_PENDING');
    responseOf(cell.ask('getStat', byName('/ls/test')));
    cell.log.run();
    responseOf(asked[0]!);
    const ended = session.ask('closeSession', {});
    cell.log.run();
    responseOf(ended);
  });

  it('refuses more bytes than may wait', () => {
    const cell = TestCell.reigning({ limits: { pendingBytes: 10_000 } });
    const session = cell.session();
    cell.automatic = false;
    const write = () =>
      session.ask('setContents', { ...byName('/ls/test/f'), create: true, contents: Buffer.alloc(9_999) });
    const asked = [write(), write()];
    expect(reasonOf(asked[1]!)).toBe('LIMIT_PENDING');
    cell.log.run();
    responseOf(asked[0]!);
    cell.automatic = true;
    responseOf(write());
  });
});

describe('a value', () => {
  it('is not larger than the log asks for, unless one request alone is', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    session.create('/ls/test/f');
    cell.automatic = false;
    const sizes = [300, 300, 300, 5_000, 300];
    const asked = sizes.map((size) =>
      session.ask('setContents', { ...byName('/ls/test/f'), contents: Buffer.alloc(size) }),
    );
    const first = cell.log.chosen.length;
    while (cell.log.take(2_000)) cell.log.chooseNext();
    const bodies = cell.log.chosen.slice(first).map(({ body }) => body.length);
    expect(bodies.filter((size) => size > 2_000)).toHaveLength(1);
    expect(bodies.length).toBeLessThan(5);
    expect(asked.map((each) => responseOf(each).stat!.contentGeneration)).toEqual([2, 3, 4, 5, 6]);
  });

  it('makes every replica the same, whether it made the value or not', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const handle = session.create('/ls/test/f', { initialContents: Buffer.from('x') });
    session.do('acquire', { handle });
    session.create('/ls/test/e', { ephemeral: true });
    session.do('delete', byName('/ls/test/e'));
    const follower = new TestCell({}, cell.clock, 3);
    cell.log.chosen.forEach((value) => follower.log.choose(value));
    expect(follower.service.status()).toEqual(cell.service.status());
  });
});
