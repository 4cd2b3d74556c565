import { describe, expect, it } from 'vitest';
import { byHandle, byName, reasonOf, responseOf, TestCell, TestSession } from './test-cell.js';

describe('a session', () => {
  it('is proved by its secret', () => {
    const cell = TestCell.reigning();
    const { credential } = cell.session();
    const ask = (id: Buffer, secret: Buffer) =>
      cell.ask('getStat', byName('/ls/test'), { credential: { id, secret }, number: 1 });
    responseOf(ask(credential.id, credential.secret));
    expect(reasonOf(ask(credential.id, Buffer.alloc(16)))).toBe('BAD_CREDENTIAL');
    expect(reasonOf(ask(credential.id, Buffer.alloc(0)))).toBe('BAD_CREDENTIAL');
    expect(reasonOf(ask(Buffer.alloc(3), credential.secret))).toBe('BAD_CREDENTIAL');
    expect(reasonOf(ask(Buffer.alloc(8, 9), credential.secret))).toBe('UNKNOWN_SESSION');
    expect(reasonOf(cell.ask('setContents', byName('/ls/test/f'), { number: 1 }))).toBe('MISSING_FIELD');
  });

  it('is one for one nonce, at any master', () => {
    const cell = TestCell.reigning();
    const first = cell.session(1);
    expect(cell.session(1).credential).toEqual(first.credential);
    expect(cell.session(2).credential).not.toEqual(first.credential);
    expect(cell.successor(2).session(1).credential).toEqual(first.credential);
  });

  it('is one for a nonce that is sent twice before the first is answered', () => {
    const cell = TestCell.reigning();
    cell.automatic = false;
    const request = { nonce: Buffer.alloc(16, 5) };
    const asked = [cell.ask('createSession', request), cell.ask('createSession', request)];
    cell.log.run();
    expect(responseOf(asked[0]!)).toEqual(responseOf(asked[1]!));
  });

  it('needs a nonce', () => {
    const cell = TestCell.reigning();
    expect(reasonOf(cell.ask('createSession', { nonce: Buffer.alloc(3) }))).toBe('MISSING_FIELD');
  });

  it('has the lease that was asked for, within bounds', () => {
    const cell = TestCell.reigning();
    const granted = [0, 20_000, 1, 1_000_000].map((leaseMs, i) => cell.session(i + 1, { leaseMs }).leaseMs);
    expect(granted).toEqual([12_000, 20_000, 4_000, 60_000]);
  });

  it('is one of a bounded number; a repeated nonce is none more', () => {
    const cell = TestCell.reigning({ limits: { sessions: 2 } });
    const first = cell.session(1);
    cell.session(2);
    expect(reasonOf(cell.ask('createSession', { nonce: Buffer.alloc(16, 3) }))).toBe('LIMIT_SESSIONS');
    cell.session(1);
    first.do('closeSession', {});
    cell.session(3);
  });

  it('leaves nothing behind when it ends', () => {
    const cell = TestCell.reigning();
    const keeper = cell.session(1, { leaseMs: 60_000 });
    const file = keeper.create('/ls/test/f');
    const { entries } = cell.service.status();
    for (const end of ['closed', 'expired']) {
      const session = cell.session(2);
      const handle = session.open('/ls/test/f');
      session.do('acquire', { handle });
      session.create('/ls/test/e', { ephemeral: true });
      session.do('setContents', byHandle(handle));
      if (end === 'closed') session.do('closeSession', {});
      else cell.advance(12_000);
      expect(reasonOf(session.ask('getStat', byHandle(handle)))).toBe('UNKNOWN_SESSION');
      // The lock's own record stays as long as its node.
      expect(cell.service.status().entries).toBe(entries + 1);
    }
    keeper.do('getStat', byHandle(file));
  });

  it('that is unknown closes without complaint; with a wrong secret it does not', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const wrong = { ...session.credential, secret: Buffer.alloc(16) };
    expect(reasonOf(cell.ask('closeSession', {}, { credential: wrong }))).toBe('BAD_CREDENTIAL');
    session.do('closeSession', {});
    session.do('closeSession', {});
  });

  it('holding very much ends all the same, in values of bounded size', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const clean = cell.service.status().entries;
    for (let i = 0; i < 200; i++) {
      session.do('acquire', { handle: session.create(`/ls/test/e${i}`, { ephemeral: true }) });
    }
    const before = cell.log.chosen.length;
    session.do('closeSession', {});
    expect(cell.service.status().entries).toBe(clean - 2);
    expect(Math.max(...cell.log.chosen.slice(before).map(({ body }) => body.length))).toBeLessThan(300_000);
  });

  it.each([
    ['closed', 0],
    ['expired', 60_000],
  ] as const)('whose end was half done is ended by the next master as it began: %s', (end, delayMs) => {
    const cell = TestCell.reigning();
    const session = cell.session();
    for (let i = 0; i < 100; i++) {
      session.do('acquire', { handle: session.create(`/ls/test/f${i}`, { lockDelayMs: 60_000 }) });
    }
    cell.automatic = false;
    if (end === 'closed') session.ask('closeSession', {});
    else cell.advance(12_000);
    cell.log.take(10_000);
    cell.log.chooseNext();
    const successor = cell.successor(2);
    expect(successor.cellHas(session)).toBe(false);
    const other = successor.session(2);
    const delays = [0, 99].map((i) => {
      const handle = other.open(`/ls/test/f${i}`);
      return other.do('tryAcquire', { handle }).lockDelayLeftMs;
    });
    expect(delays).toEqual([delayMs, delayMs]);
  });

  it('whose end was half done is ended by the next master, and serves nobody meanwhile', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const clean = cell.service.status().entries;
    for (let i = 0; i < 200; i++) session.create(`/ls/test/e${i}`, { ephemeral: true });
    cell.automatic = false;
    session.ask('closeSession', {});
    cell.log.take(20_000);
    cell.log.chooseNext();
    const successor = new TestCell({}, cell.clock, 2);
    cell.log.chosen.forEach((value) => successor.log.choose(value));
    successor.log.beginReign(2);
    successor.automatic = false;
    session.cell = successor;
    const refused = session.ask('getStat', byName('/ls/test'));
    successor.log.run();
    expect(reasonOf(refused)).toBe('SESSION_EXPIRED');
    expect(successor.service.status().entries).toBe(clean - 2);
  });
});

describe('a lease', () => {
  it('that is not renewed ends the session, through the log', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    cell.advance(11_999);
    session.do('getStat', byName('/ls/test'));
    const before = cell.slots;
    cell.advance(1);
    expect(cell.slots).toBe(before + 1);
    expect(reasonOf(session.ask('getStat', byName('/ls/test')))).toBe('UNKNOWN_SESSION');
  });

  it('is not ended by a master whose own lease has run out', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    cell.log.leaseHeld = false;
    cell.advance(20_000);
    cell.log.leaseHeld = true;
    session.do('getStat', byName('/ls/test'));
  });

  it('is not extended by a CreateSession that is sent again: who caches could so keep a writer waiting for ever', () => {
    const cell = TestCell.reigning();
    const writer = cell.session(1, { leaseMs: 60_000 });
    const cacher = cell.session(2, { cachesNothing: false });
    cacher.do('getStat', byName('/ls/test'));
    const asked = writer.ask('setContents', { ...byName('/ls/test/f'), create: true });
    cell.advance(11_999);
    expect(cell.session(2).credential).toEqual(cacher.credential);
    expect(asked.replies).toBe(0);
    cell.advance(1);
    expect(asked.replies).toBe(1);
    expect(cell.cellHas(cacher)).toBe(false);
  });

  it('is full again when the master, kept from running, goes on with its reign', () => {
    const cell = TestCell.reigning();
    const [silent, alive] = [cell.session(1), cell.session(2)];
    const keepAlive = alive.keepAlive();
    cell.log.leaseHeld = false;
    cell.advance(20_000);
    cell.log.leaseHeld = true;
    cell.advance(50);
    expect(responseOf(keepAlive).leaseMs).toBe(32_050);
    cell.advance(11_949);
    for (const session of [silent, alive]) expect(cell.cellHas(session)).toBe(true);
    cell.advance(51);
    for (const session of [silent, alive]) expect(cell.cellHas(session)).toBe(false);
  });

  it('is full again under a new master, in its own length', () => {
    const cell = TestCell.reigning();
    const short = cell.session(1, { leaseMs: 4_000 });
    const long = cell.session(2, { leaseMs: 30_000 });
    cell.advance(3_900);
    const successor = cell.successor(2);
    for (const session of [short, long]) session.cell = successor;
    successor.advance(3_999);
    short.do('getStat', byName('/ls/test'));
    successor.advance(1);
    expect(reasonOf(short.ask('getStat', byName('/ls/test')))).toBe('UNKNOWN_SESSION');
    successor.advance(25_999);
    long.do('getStat', byName('/ls/test'));
    successor.advance(1);
    expect(reasonOf(long.ask('getStat', byName('/ls/test')))).toBe('UNKNOWN_SESSION');
  });

  it('whose end is proposed refuses calls at once, and lives on if the proposal comes to nothing', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    cell.automatic = false;
    cell.advance(12_000);
    const during = session.ask('getStat', byName('/ls/test'));
    expect(during.reply).toBeUndefined();
    cell.log.take();
    cell.log.endReign('values-lost');
    expect(reasonOf(during)).toBe('UNKNOWN_OUTCOME');
    session.cell = cell.successor(2);
    session.do('getStat', byName('/ls/test'));
  });
});

describe('an ending session', () => {
  it('is closed once for all who ask', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    cell.automatic = false;
    const asked = [session.ask('closeSession', {}), session.ask('closeSession', {})];
    const late = session.ask('setContents', byName('/ls/test/f'));
    cell.log.run();
    expect(asked.map((each) => responseOf(each))).toEqual([{}, {}]);
    expect(reasonOf(late)).toBe('SESSION_EXPIRED');
  });

  it('is not found by its nonce: the next CreateSession makes a new one', () => {
    const cell = TestCell.reigning();
    const first = cell.session(1);
    first.do('closeSession', {});
    const second = cell.session(1);
    expect(second.credential.id).not.toEqual(first.credential.id);
    expect(second).toBeInstanceOf(TestSession);
  });
});
