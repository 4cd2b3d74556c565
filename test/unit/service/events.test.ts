import { describe, expect, it } from 'vitest';
import { EventKind } from '../../../src/wire/types.js';
import type { Fields, TestSession } from './test-cell.js';
import { byHandle, byName, reasonOf, responseOf, TestCell } from './test-cell.js';
import { Listener } from './listener.js';

const ALL = Object.values(EventKind).filter((kind) => kind !== 'EVENT_KIND_UNSPECIFIED');
const ROOT = '/ls/test';
const F = '/ls/test/f';
const D = '/ls/test/d';

function writerAndListener(options?: ConstructorParameters<typeof TestCell>[0]) {
  const cell = TestCell.reigning(options);
  const writer = cell.session(1);
  const session = cell.session(2);
  return { cell, writer, session, listener: new Listener(session) };
}

const follow = (session: TestSession, name: string, fields: Fields<'open'> = {}): Buffer =>
  session.open(name, { events: ALL, ...fields });

const write = (session: TestSession, name: string, text = 'x') =>
  session.do('setContents', { ...byName(name), contents: Buffer.from(text), create: true });

describe('whoever has a file open', () => {
  it('hears at once that it was written, by the number of its Open and the revision of the write', () => {
    const { writer, session, listener } = writerAndListener();
    writer.create(F);
    follow(session, F);
    const openNumber = session.number;
    const { stat } = write(writer, F);
    expect(listener.events).toEqual([
      {
        event: 'node',
        node: { handleId: openNumber, kind: 'EVENT_KIND_CONTENTS_MODIFIED', name: F, revision: stat!.revision },
      },
    ]);
  });

  it('hears it after it happened, and not before the write is chosen', () => {
    const { cell, writer, session, listener } = writerAndListener();
    writer.create(F);
    follow(session, F);
    cell.automatic = false;
    const asked = writer.ask('setContents', { ...byName(F), contents: Buffer.from('x') });
    expect(listener.take()).toEqual([]);
    cell.log.run();
    expect(asked.reply).toBeDefined();
    expect(listener.take()).toEqual([`CONTENTS_MODIFIED ${F}`]);
  });

  it('hears of its own writes, too, and of each one', () => {
    const { cell, session, listener } = writerAndListener();
    const handle = session.create(F, { events: ALL });
    for (const text of ['a', 'b', 'c']) {
      session.do('setContents', { ...byHandle(handle), contents: Buffer.from(text) });
      cell.advance(0);
    }
    expect(listener.take()).toEqual(Array(3).fill(`CONTENTS_MODIFIED ${F}`));
  });

  it('hears nothing that it did not ask for', () => {
    const { cell, writer, session, listener } = writerAndListener();
    writer.create(F);
    session.open(F);
    session.open(F, { events: ['EVENT_KIND_LOCK_ACQUIRED'] });
    write(writer, F);
    cell.advance(10);
    expect(listener.take()).toEqual([]);
  });

  it('hears nothing of what its Open saw already, though it was not chosen yet', () => {
    const { cell, writer, session, listener } = writerAndListener();
    writer.create(F);
    cell.automatic = false;
    writer.ask('setContents', { ...byName(F), contents: Buffer.from('before') });
    session.ask('open', { name: F, read: true, events: ALL });
    writer.ask('setContents', { ...byName(F), contents: Buffer.from('after') });
    cell.log.run();
    expect(listener.take()).toEqual([`CONTENTS_MODIFIED ${F}`]);
  });

  it('hears that it was deleted, that the lock on it is lost, and then nothing of a new node of its name', () => {
    const { cell, writer, session, listener } = writerAndListener();
    writer.create(F);
    const handle = follow(session, F);
    session.do('acquire', { handle });
    cell.advance(0);
    expect(listener.take()).toEqual([`LOCK_ACQUIRED ${F}`]);
    writer.do('delete', byName(F));
    expect(listener.take()).toEqual([`LOCK_INVALID ${F}`, `HANDLE_INVALID ${F}`]);
    write(writer, F);
    write(writer, F);
    cell.advance(0);
    expect(listener.take()).toEqual([]);
  });

  it('hears of the new node when it opened that before the deletion of the old one was chosen', () => {
    const { cell, writer, session, listener } = writerAndListener();
    writer.create(F);
    cell.automatic = false;
    writer.ask('delete', byName(F));
    session.ask('open', { name: F, read: true, create: 'CREATE_MODE_MUST', events: ALL });
    cell.log.run();
    expect(listener.take()).toEqual([]);
    cell.automatic = true;
    write(writer, F);
    expect(listener.take()).toEqual([`CONTENTS_MODIFIED ${F}`]);
  });

  it('hears nothing more once it closed the handle', () => {
    const { cell, writer, session, listener } = writerAndListener();
    writer.create(F);
    const handle = follow(session, F);
    session.do('close', { handle });
    write(writer, F);
    cell.advance(0);
    expect(listener.take()).toEqual([]);
  });

  it('is not told twice by two sessions or two handles of others', () => {
    const { writer, session, listener } = writerAndListener();
    writer.create(F);
    follow(session, F);
    follow(writer, F);
    follow(writer, F);
    write(writer, F);
    expect(listener.take()).toEqual([`CONTENTS_MODIFIED ${F}`]);
  });
});

describe('whoever has a directory open', () => {
  it('hears of children that come, change and go', () => {
    const { cell, writer, session, listener } = writerAndListener();
    writer.mkdir(D);
    follow(session, D);
    write(writer, `${D}/x`);
    write(writer, `${D}/x`);
    writer.do('delete', byName(`${D}/x`));
    cell.advance(0);
    expect(listener.take()).toEqual([`CHILD_ADDED ${D}/x`, `CHILD_MODIFIED ${D}/x`, `CHILD_REMOVED ${D}/x`]);
  });

  it('hears nothing of nodes further below', () => {
    const { cell, writer, session, listener } = writerAndListener();
    writer.mkdir(D);
    writer.mkdir(`${D}/e`);
    follow(session, D);
    write(writer, `${D}/e/x`);
    cell.advance(0);
    expect(listener.take()).toEqual([]);
  });

  it('hears of all nodes below when it asked for that', () => {
    const { cell, writer, session, listener } = writerAndListener();
    writer.mkdir(D);
    writer.mkdir(`${D}/e`);
    follow(session, ROOT, { recursive: true });
    write(writer, `${D}/e/x`);
    write(writer, `${D}/e/x`);
    writer.do('delete', byName(`${D}/e/x`));
    writer.do('delete', byName(`${D}/e`));
    cell.advance(0);
    expect(listener.take()).toEqual([
      `CHILD_ADDED ${D}/e/x`,
      `CHILD_MODIFIED ${D}/e/x`,
      `CHILD_REMOVED ${D}/e/x`,
      `CHILD_REMOVED ${D}/e`,
    ]);
  });

  it('hears of an ephemeral child that goes with its session', () => {
    const { cell, writer, session, listener } = writerAndListener();
    writer.create(F, { ephemeral: true });
    follow(session, ROOT);
    writer.ask('closeSession', {});
    cell.advance(0);
    expect(listener.take()).toEqual([`CHILD_REMOVED ${F}`]);
  });
});

describe('whoever holds a lock', () => {
  function holderAndOther() {
    const set = writerAndListener();
    const held = set.session.create(F, { events: ['EVENT_KIND_CONFLICTING_LOCK_REQUEST'] });
    set.session.do('acquire', { handle: held });
    return { ...set, held, other: set.writer.open(F) };
  }

  it.each(['acquire', 'tryAcquire'] as const)('hears of another who asks for it by %s', (call) => {
    const { writer, listener, other } = holderAndOther();
    writer.ask(call, { handle: other });
    expect(listener.take()).toEqual([`CONFLICTING_LOCK_REQUEST ${F}`]);
  });

  it('hears it once until it has handled it, then of the next one again', () => {
    const { cell, writer, listener, other } = holderAndOther();
    writer.do('tryAcquire', { handle: other });
    writer.do('tryAcquire', { handle: other });
    cell.advance(0);
    expect(listener.take()).toHaveLength(1);
    writer.do('tryAcquire', { handle: other });
    expect(listener.take()).toHaveLength(1);
  });

  it('hears it as soon as it has the lock when somebody waits already', () => {
    const { cell, writer, session, listener, held, other } = holderAndOther();
    const third = cell.session(3);
    session.do('release', { handle: held });
    const otherHeld = writer.do('acquire', { handle: other });
    expect(otherHeld.granted).toBe(true);
    session.ask('acquire', { handle: held });
    third.ask('acquire', { handle: third.open(F) });
    writer.do('release', { handle: other });
    expect(listener.take()).toEqual([`CONFLICTING_LOCK_REQUEST ${F}`]);
  });

  it('hears nothing of one who can share it', () => {
    const { cell, writer, session, listener, held, other } = holderAndOther();
    session.do('release', { handle: held });
    session.do('acquire', { handle: held, mode: 'LOCK_MODE_SHARED' });
    writer.do('acquire', { handle: other, mode: 'LOCK_MODE_SHARED' });
    cell.advance(0);
    expect(listener.take()).toEqual([]);
  });

  it('hears nothing of its own release', () => {
    const { cell, session, listener } = writerAndListener();
    const handle = session.create(F, { events: ['EVENT_KIND_LOCK_INVALID'] });
    session.do('acquire', { handle });
    session.do('release', { handle });
    session.do('acquire', { handle });
    session.do('close', { handle });
    cell.advance(0);
    expect(listener.take()).toEqual([]);
  });
});

describe('a client that takes its events slowly', () => {
  it('is told that some are lost, up to which revision, and of what came after', () => {
    const { cell, writer, session, listener } = writerAndListener({ limits: { nodeEventsPerSession: 10 } });
    writer.create(F);
    follow(session, F);
    listener.acknowledges = false;
    for (let i = 0; i < 11; i++) write(writer, F);
    const { stat } = write(writer, F);
    cell.advance(0);
    const lost = listener.take().at(-2);
    expect(lost).toBe(`EVENTS_LOST @${stat!.revision - 1}`);
    listener.acknowledges = true;
    cell.advance(8_000);
    listener.take();
    write(writer, F);
    expect(listener.take()).toEqual([`CONTENTS_MODIFIED ${F}`]);
  });

  it('costs no more than one that takes them, and hurts no other', () => {
    const limits = { nodeEventBytes: 2_000 };
    const { cell, writer, session, listener } = writerAndListener({ limits });
    const deaf = cell.session(3);
    writer.create(F);
    follow(deaf, F);
    follow(session, F);
    for (let i = 0; i < 500; i++) {
      write(writer, F);
      cell.advance(1);
    }
    expect(listener.take()).toEqual(Array(500).fill(`CONTENTS_MODIFIED ${F}`));
    const late = new Listener(deaf);
    expect(late.take()[0]).toMatch('EVENTS_LOST');
  });

  it('gets them in replies of bounded size, the rest with the next', () => {
    const cell = TestCell.reigning({ limits: { eventsPerReply: 4 } });
    const [writer, session] = [cell.session(1), cell.session(2)];
    writer.create(F);
    follow(session, F);
    for (let i = 0; i < 10; i++) write(writer, F);
    const listener = new Listener(session);
    expect(listener.events).toHaveLength(4);
    cell.advance(0);
    expect(listener.replies).toBe(3);
    expect(listener.events).toHaveLength(10);
  });

  it('that acknowledges nothing is not answered over and over', () => {
    const { cell, writer, session, listener } = writerAndListener({ limits: { eventsPerReply: 4 } });
    writer.create(F);
    follow(session, F);
    listener.acknowledges = false;
    for (let i = 0; i < 10; i++) write(writer, F);
    cell.advance(1_000);
    expect(listener.replies).toBeLessThan(6);
  });
});

describe('an Open that wants events', () => {
  it('is counted where the node is explained', () => {
    const { cell, writer, session } = writerAndListener();
    writer.create(F);
    follow(session, F);
    follow(writer, F);
    session.open(F);
    expect(responseOf(cell.admin('explain', { name: F })).subscriptions).toBe(2);
  });

  it('is refused when the session follows too much already', () => {
    const { writer, session } = writerAndListener({ limits: { subscriptionsPerSession: 2 } });
    writer.create(F);
    const handle = follow(session, F);
    follow(session, F);
    expect(reasonOf(session.ask('open', { name: F, read: true, events: ALL }))).toBe('LIMIT_SUBSCRIPTIONS');
    session.open(F);
    follow(writer, F);
    session.do('close', { handle });
    follow(session, F);
  });

  it('is refused when all sessions together follow too much', () => {
    const { writer, session } = writerAndListener({ limits: { subscriptions: 2 } });
    writer.create(F);
    follow(session, F);
    follow(writer, F);
    expect(reasonOf(session.ask('open', { name: F, read: true, events: ALL }))).toBe('LIMIT_SUBSCRIPTIONS');
    writer.ask('closeSession', {});
    follow(session, F);
  });

  it('of a kind that is not known is refused', () => {
    const { session } = writerAndListener();
    const events = [17 as unknown as EventKind];
    expect(reasonOf(session.ask('open', { name: ROOT, read: true, events }))).toBe('MALFORMED_REQUEST');
  });
});

describe('a file that very many follow', () => {
  function writerAndCrowd() {
    const cell = TestCell.reigning();
    const writer = cell.session(1);
    writer.create(F);
    const crowd = Array.from({ length: 1_000 }, (_, index) => {
      const nonce = Buffer.alloc(16);
      nonce.writeUInt32LE(index + 2);
      const session = cell.session(2, { nonce });
      follow(session, F);
      return new Listener(session);
    });
    return { cell, writer, crowd };
  }

  it('has its writer answered, and all of them told of the write, in a few turns', () => {
    const { cell, writer, crowd } = writerAndCrowd();
    cell.automatic = false;
    const asked = writer.ask('setContents', { ...byName(F), contents: Buffer.from('x') });
    cell.log.run();
    expect(asked.reply).toBeDefined();
    const atOnce = crowd.filter(({ events }) => events.length > 0).length;
    expect(atOnce).toBeGreaterThan(0);
    expect(atOnce).toBeLessThan(200);
    cell.advance(0);
    for (const listener of crowd) expect(listener.take()).toEqual([`CONTENTS_MODIFIED ${F}`]);
  });

  it('tells nothing to who left before his turn, and everybody else', () => {
    const { cell, writer, crowd } = writerAndCrowd();
    write(writer, F);
    const gone = crowd.find(({ events }) => events.length === 0)!;
    gone.session.do('closeSession', {});
    cell.advance(0);
    expect(crowd.filter((listener) => listener.take().length === 0)).toEqual([gone]);
  });
});
