import { describe, expect, it } from 'vitest';
import { codecOf } from '../../../src/rpc/proto.js';
import type { ListLocksResponse, SessionDescription } from '../../../src/wire/types.js';
import { Cacher } from './cacher.js';
import { byName, reasonOf, responseOf, SOMEBODY, TestCell } from './test-cell.js';
import type { TestSession } from './test-cell.js';

const NO_TOKEN = Buffer.alloc(0);

const EXCLUSIVE = 'LOCK_MODE_EXCLUSIVE';

const sessionsOf = (cell: TestCell) => responseOf(cell.admin('listSessions', { pageToken: NO_TOKEN })).sessions;
const described = (cell: TestCell, { credential }: TestSession): SessionDescription =>
  sessionsOf(cell).find(({ id }) => id.equals(credential.id))!;

const locksOf = (cell: TestCell, below = '') =>
  responseOf(cell.admin('listLocks', { below, pageToken: NO_TOKEN })).locks;
const namesOf = ({ locks }: ListLocksResponse) => locks.map(({ name }) => name);

const explain = (cell: TestCell, name: string) => responseOf(cell.admin('explain', { name }));

describe('ListSessions', () => {
  it('tells who each session is, what it has, and where it speaks from', () => {
    const cell = TestCell.reigning();
    const session = cell.session(1, { leaseMs: 20_000 });
    const [a, b] = ['a', 'b'].map((name) => session.create(`/ls/test/${name}`)) as [Buffer, Buffer];
    session.do('acquire', { handle: a });
    const other = cell.session(2);
    other.ask('acquire', { handle: other.open('/ls/test/a') });
    expect(described(cell, session)).toEqual({
      id: session.credential.id,
      principal: SOMEBODY.principal,
      address: '',
      createdAtMs: Math.floor(cell.clock.wallMs()),
      leaseLeftMs: 20_000,
      silent: false,
      openHandles: 2,
      heldLocks: 1,
      waitingAcquires: 0,
      cachedAnswers: 0,
    });
    expect(described(cell, other)).toMatchObject({ openHandles: 1, heldLocks: 0, waitingAcquires: 1 });
    session.keepAlive();
    session.do('close', { handle: b });
    expect(described(cell, session)).toMatchObject({ address: SOMEBODY.address, openHandles: 1 });
  });

  it('counts at a new master what the database knows, and no address yet', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    session.keepAlive();
    const handle = session.create('/ls/test/a', { ephemeral: true });
    session.do('acquire', { handle });
    session.open('/ls/test/a');
    session.open('/ls/test');
    expect(described(cell.successor(2), session)).toMatchObject({ openHandles: 2, heldLocks: 1, address: '' });
  });

  it('says of a session whose KeepAlive is overdue that it is silent', () => {
    const cell = TestCell.reigning();
    const session = cell.session(1, { leaseMs: 20_000 });
    cell.advance(4_900);
    expect(described(cell, session).silent).toBe(false);
    cell.advance(200);
    expect(described(cell, session)).toMatchObject({ silent: true, leaseLeftMs: 14_900 });
    session.keepAlive();
    expect(described(cell, session).silent).toBe(false);
  });

  it('comes in pages', () => {
    const cell = TestCell.reigning({ limits: { listingEntries: 2 } });
    const sessions = Array.from({ length: 5 }, (_, i) => cell.session(i + 1));
    const seen: string[] = [];
    const sizes: number[] = [];
    for (let pageToken: Buffer = NO_TOKEN; ;) {
      const page = responseOf(cell.admin('listSessions', { pageToken }));
      sizes.push(page.sessions.length);
      seen.push(...page.sessions.map(({ id }) => id.toString('hex')));
      pageToken = page.nextPageToken;
      if (pageToken.length === 0) break;
    }
    expect(sizes).toEqual([2, 2, 1]);
    expect(seen).toEqual(sessions.map(({ credential }) => credential.id.toString('hex')).sort());
    expect(reasonOf(cell.admin('listSessions', { pageToken: Buffer.alloc(3) }))).toBe('MALFORMED_REQUEST');
  });
});

describe('EndSession', () => {
  it('ends a session as if its lease had run out', () => {
    const cell = TestCell.reigning();
    const session = cell.session(1);
    const handle = session.create('/ls/test/a', { lockDelayMs: 30_000 });
    session.do('acquire', { handle });
    const keepAlive = session.keepAlive();
    const id = session.credential.id;
    cell.automatic = false;
    const asked = cell.admin('endSession', { id });
    const again = cell.admin('endSession', { id });
    expect([asked.reply, again.reply]).toEqual([undefined, undefined]);
    cell.log.run();
    cell.automatic = true;
    expect([responseOf(asked), responseOf(again)]).toEqual([{ ended: true }, { ended: true }]);
    expect(keepAlive.reply).toMatchObject({ response: { failure: { reason: 'SESSION_EXPIRED' } } });
    const other = cell.session(2);
    const held = other.do('tryAcquire', { handle: other.open('/ls/test/a'), mode: EXCLUSIVE });
    expect(held).toMatchObject({ granted: false, lockDelayLeftMs: 30_000 });
    expect(responseOf(cell.admin('endSession', { id }))).toEqual({ ended: false });
    expect(reasonOf(cell.admin('endSession', { id: Buffer.alloc(3) }))).toBe('MALFORMED_REQUEST');
  });
});

describe('a session that caches', () => {
  it('is counted where it is described, and where the node is explained', () => {
    const cell = TestCell.reigning();
    const session = cell.session(1);
    session.create('/ls/test/a');
    const reader = Cacher.of(cell, 2);
    reader.read('/ls/test/a');
    reader.list('/ls/test');
    expect(described(cell, reader.session).cachedAnswers).toBe(2);
    expect(explain(cell, '/ls/test/a').cachingSessions).toBe(1);
    session.ask('setContents', byName('/ls/test/a'));
    reader.acknowledge();
    expect(explain(cell, '/ls/test/a').cachingSessions).toBe(0);
  });

  it('is ended when it has dropped what it caches, or its lease is over', () => {
    for (const acknowledges of [true, false]) {
      const cell = TestCell.reigning();
      cell.session(1, { leaseMs: 60_000 }).create('/ls/test/a');
      const reader = Cacher.of(cell, 2, 20_000);
      reader.read('/ls/test/a');
      const { id } = reader.session.credential;
      const asked = [cell.admin('endSession', { id }), cell.admin('endSession', { id })];
      expect(asked.map(({ reply }) => reply)).toEqual([undefined, undefined]);
      if (acknowledges) reader.acknowledge();
      else cell.advance(20_000);
      expect(asked.map((each) => responseOf(each))).toEqual([{ ended: true }, { ended: true }]);
      expect(reader.isAlive).toBe(false);
    }
  });
});

describe('ListLocks', () => {
  /** a is held, d/x is held back, d/y is waited for and was never held, d/z was released, and b is free. */
  function locked() {
    const cell = TestCell.reigning();
    const session = cell.session(1, { leaseMs: 60_000 });
    session.mkdir('/ls/test/d');
    session.mkdir('/ls/test/dd');
    const open = (name: string) => session.create(`/ls/test/${name}`, { lockDelayMs: 60_000 });
    const handles = ['a', 'b', 'd/x', 'd/y', 'd/z', 'dd/w'].map(open);
    const dead = cell.session(2, { leaseMs: 4_000 });
    dead.do('acquire', { handle: dead.open('/ls/test/d/x', { lockDelayMs: 60_000 }) });
    cell.advance(4_000);
    for (const i of [0, 4, 5]) session.do('acquire', { handle: handles[i]! });
    session.do('release', { handle: handles[4]! });
    const waiter = cell.session(3, { leaseMs: 60_000 });
    const locks = ['a', 'd/y'].map((name) => ({ handle: waiter.open(`/ls/test/${name}`), mode: EXCLUSIVE }) as const);
    waiter.ask('acquireAll', { locks, waitMs: 10_000 });
    return { cell, session, dead, waiter };
  }

  it('shows what is held, held back or waited for, and nothing else', () => {
    const { cell, session, dead, waiter } = locked();
    cell.advance(1_500);
    const locks = locksOf(cell);
    expect(locks.map(({ name }) => name)).toEqual(['/ls/test/a', '/ls/test/d/x', '/ls/test/d/y', '/ls/test/dd/w']);
    expect(locks[0]).toMatchObject({
      lockGeneration: 1,
      mode: EXCLUSIVE,
      holders: [{ session: { id: session.credential.id }, lockDelayMs: 60_000, lockDelayLeftMs: 0 }],
      waiters: [{ session: { id: waiter.credential.id }, mode: EXCLUSIVE, waitingMs: 1_500, waitLeftMs: 8_500 }],
      waiterCount: 1,
    });
    expect(locks[1]!.holders).toMatchObject([{ session: { id: dead.credential.id }, lockDelayLeftMs: 58_500 }]);
    expect(locks[2]).toMatchObject({ lockGeneration: 0, mode: 'LOCK_MODE_UNSPECIFIED', holders: [], waiterCount: 1 });
    expect(locks[2]!.instanceNumber).toBeGreaterThan(0);
  });

  it('shows those of a node and of all below', () => {
    const { cell } = locked();
    const below = (name: string) => locksOf(cell, name).map((lock) => lock.name);
    expect(below('/ls/local/d')).toEqual(['/ls/test/d/x', '/ls/test/d/y']);
    expect(below('/ls/test/d/y')).toEqual(['/ls/test/d/y']);
    expect(below('/ls/test/b')).toEqual([]);
    expect(below('/ls/test')).toEqual(below(''));
    expect(reasonOf(cell.admin('listLocks', { below: 'x', pageToken: NO_TOKEN }))).toBe('MALFORMED_NAME');
  });

  it('comes in pages', () => {
    const { cell } = locked();
    const all = locksOf(cell).map(({ name }) => name);
    const paged = new TestCell({ limits: { listingEntries: 1 } }, cell.clock, 2);
    cell.log.chosen.forEach((value) => paged.log.choose(value));
    paged.log.beginReign(2);
    paged.log.run();
    const seen: string[] = [];
    for (let pageToken: Buffer = NO_TOKEN; ;) {
      const page = responseOf(paged.admin('listLocks', { below: '', pageToken }));
      expect(page.locks.length).toBeLessThanOrEqual(1);
      seen.push(...namesOf(page));
      pageToken = page.nextPageToken;
      if (pageToken.length === 0) break;
    }
    // Who waits is in the former master's memory.
    expect(seen).toEqual(all.filter((name) => name !== '/ls/test/d/y'));
    const pageToken = Buffer.alloc(5_000);
    expect(reasonOf(paged.admin('listLocks', { below: '', pageToken }))).toBe('MALFORMED_REQUEST');
  });

  it('comes in pages that look at so many free locks only', () => {
    const cell = TestCell.reigning({ limits: { listingEntries: 1 } });
    const session = cell.session();
    for (let i = 0; i < 50; i++) {
      const handle = session.create(`/ls/test/${String(i).padStart(2, '0')}`);
      session.do('acquire', { handle });
      if (i !== 45) session.do('release', { handle });
    }
    const sizes: number[] = [];
    for (let pageToken: Buffer = NO_TOKEN; ;) {
      const page = responseOf(cell.admin('listLocks', { below: '', pageToken }));
      sizes.push(page.locks.length);
      pageToken = page.nextPageToken;
      if (pageToken.length === 0) break;
    }
    expect(sizes.length).toBeGreaterThan(2);
    expect(sizes.filter((size) => size > 0)).toEqual([1]);
  });

  it('lists the first hundred waiters and counts the others', () => {
    const cell = TestCell.reigning();
    const sessions = Array.from({ length: 131 }, (_, i) => cell.session(i + 1));
    for (const session of sessions) {
      session.ask('acquire', { handle: session.open('/ls/test/f', { create: 'CREATE_MODE_MAY' }) });
    }
    const [lock] = locksOf(cell);
    expect([lock!.waiters.length, lock!.waiterCount]).toEqual([100, 130]);
    expect(lock!.waiters[0]!.session!.id).toEqual(sessions[1]!.credential.id);
  });
});

describe('Explain', () => {
  /** Sessions that each hold one lock of its own name, and wait for others. */
  function waiting(wanted: Readonly<Record<string, string>>) {
    const cell = TestCell.reigning();
    const names = Object.keys(wanted);
    const sessions = new Map(names.map((name, i) => [name, cell.session(i + 1, { leaseMs: 60_000 })]));
    for (const [name, session] of sessions) session.do('acquire', { handle: session.create(`/ls/test/${name}`) });
    for (const [name, session] of sessions) {
      const locks = [...wanted[name]!].map(
        (each) => ({ handle: session.open(`/ls/test/${each}`), mode: EXCLUSIVE }) as const,
      );
      if (locks.length > 0) session.ask('acquireAll', { locks });
    }
    const nameOfSession = (id: Buffer) => names.find((name) => sessions.get(name)!.credential.id.equals(id));
    const round = (name: string) =>
      explain(cell, `/ls/test/${name}`).deadlock.map(
        ({ sessionId, lockName }) => `${nameOfSession(sessionId)}>${lockName.at(-1)}`,
      );
    return { cell, round, sessions };
  }

  it('tells of a node, its lock, and who waits', () => {
    const { cell, sessions } = waiting({ a: '', b: 'a' });
    cell.advance(2_000);
    const told = explain(cell, '/ls/local/a');
    expect(told).toMatchObject({
      stat: { kind: 'NODE_KIND_FILE', lockGeneration: 1 },
      lock: {
        name: '/ls/test/a',
        mode: EXCLUSIVE,
        holders: [{ session: { id: sessions.get('a')!.credential.id, silent: false, heldLocks: 1 } }],
        waiters: [{ session: { id: sessions.get('b')!.credential.id }, waitingMs: 2_000, waitLeftMs: 0 }],
      },
      deadlock: [],
      cachingSessions: 0,
      subscriptions: 0,
    });
    expect(told.lock!.holders[0]!.acquiredAtMs).toBe(Math.floor(cell.clock.wallMs() - 2_000));
  });

  it('refuses what is no node', () => {
    const cell = TestCell.reigning();
    expect(reasonOf(cell.admin('explain', { name: '/ls/test/none' }))).toBe('NOT_FOUND');
    expect(reasonOf(cell.admin('explain', { name: '' }))).toBe('MISSING_FIELD');
  });

  it('finds the round of sessions that wait for one another, from each lock of it', () => {
    const { round } = waiting({ a: 'b', b: 'c', c: 'da', d: '', e: 'a' });
    expect(round('a')).toEqual(['a>b', 'b>c', 'c>a']);
    expect(round('c')).toEqual(['c>a', 'a>b', 'b>c']);
    expect(round('d')).toEqual([]);
    expect(round('e')).toEqual([]);
  });

  it('finds a session that waits for what it holds itself', () => {
    const { round } = waiting({ a: 'a' });
    expect(round('a')).toEqual(['a>a']);
  });

  it('finds that a lock kept free for one is waited for by whom he waits for', () => {
    const { cell, sessions } = waiting({ a: '', b: '' });
    const [a, b] = [sessions.get('a')!, sessions.get('b')!];
    const free = a.create('/ls/test/free');
    const locks = [free, a.open('/ls/test/b')].map((handle) => ({ handle, mode: EXCLUSIVE }) as const);
    a.ask('acquireAll', { locks });
    expect(explain(cell, '/ls/test/free').deadlock).toEqual([]);
    b.ask('acquire', { handle: b.open('/ls/test/free') });
    expect(explain(cell, '/ls/test/free').deadlock).toEqual([
      { sessionId: a.credential.id, lockName: '/ls/test/b' },
      { sessionId: b.credential.id, lockName: '/ls/test/free' },
    ]);
  });

  it('sees no round where those who share only wait behind one another', () => {
    const cell = TestCell.reigning();
    const [a, b] = [cell.session(1), cell.session(2)];
    const shared = { mode: 'LOCK_MODE_SHARED' } as const;
    a.do('acquire', { handle: a.create('/ls/test/f'), ...shared });
    b.ask('acquire', { handle: b.open('/ls/test/f') });
    b.ask('acquire', { handle: b.open('/ls/test/f'), ...shared });
    expect(explain(cell, '/ls/test/f').deadlock).toEqual([]);
    expect(explain(cell, '/ls/test/f').lock!.waiters.map(({ mode }) => mode)).toEqual([EXCLUSIVE, shared.mode]);
  });
});

describe('a replica that is not the master', () => {
  it('sends calls of Admin to it', () => {
    const cell = new TestCell();
    expect(reasonOf(cell.admin('listSessions', { pageToken: NO_TOKEN }))).toBe('NOT_MASTER');
    const deposed = TestCell.reigning();
    deposed.log.endReign();
    expect(reasonOf(deposed.admin('rotateKeys', { keepFormerMs: 0 }))).toBe('NOT_MASTER');
    expect(reasonOf(deposed.ask('getStat', byName('/ls/test')))).toBe('NOT_MASTER');
  });
});

describe('what Admin answers', () => {
  it('arrives as it was meant, at times that are no whole milliseconds', () => {
    const cell = TestCell.reigning();
    cell.clock.setWall(1_700_000_000_000.25);
    const session = cell.session(1, { leaseMs: 20_000 });
    session.do('acquire', { handle: session.create('/ls/test/a') });
    const other = cell.session(2);
    other.ask('acquire', { handle: other.open('/ls/test/a'), waitMs: 5_000 });
    cell.advance(1_234.567);
    const answers = [
      ['ListSessionsResponse', responseOf(cell.admin('listSessions', { pageToken: NO_TOKEN }))],
      ['ListLocksResponse', responseOf(cell.admin('listLocks', { below: '', pageToken: NO_TOKEN }))],
      ['ExplainResponse', explain(cell, '/ls/test/a')],
      ['RotateKeysResponse', responseOf(cell.admin('rotateKeys', { keepFormerMs: 1_000 }))],
    ] as const;
    for (const [name, answer] of answers) {
      const codec = codecOf<object, object>(`chubby.v1.${name}`);
      expect(codec.decode(codec.encode(answer))).toEqual(answer);
    }
  });
});
