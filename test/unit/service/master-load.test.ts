import { expect, it } from 'vitest';
import { NO_LOAD } from '../../../src/service/master-load.js';
import { Cacher } from './cacher.js';
import { Listener } from './listener.js';
import { byName, responseOf, TestCell } from './test-cell.js';

const FILE = '/ls/test/file';
const LOCK = '/ls/test/lock';
const WRITE = { ...byName(FILE), contents: Buffer.from('x') };

it('a replica that is not master has nothing to carry', () => {
  const cell = new TestCell();
  expect(cell.service.load).toEqual(NO_LOAD);
  cell.log.beginReign(1);
  cell.log.run();
  cell.session(1);
  expect(cell.service.load).toEqual({ ...NO_LOAD, sessions: 1 });
  cell.log.endReign();
  expect(cell.service.load).toEqual(NO_LOAD);
});

it('a master counts who waits, who caches and who is told', () => {
  const cell = TestCell.reigning();
  const [first, second] = [cell.session(1), cell.session(2)];
  const listener = new Listener(cell.session(3));
  const reader = Cacher.of(cell, 4);
  const [held, wanted] = [first.create(LOCK), second.open(LOCK, { write: true })];
  expect(responseOf(first.ask('acquire', { handle: held })).granted).toBe(true);
  const waiting = second.ask('acquire', { handle: wanted, waitMs: 10_000 });
  first.create(FILE);
  listener.session.open(FILE, { events: ['EVENT_KIND_CONTENTS_MODIFIED'] });
  reader.read(FILE);
  expect(cell.service.load).toMatchObject({
    sessions: 4,
    waitingAcquires: 1,
    cachedAnswers: 1,
    changesWaiting: 0,
    subscriptions: 1,
    eventBytes: 0,
  });

  const written = first.ask('setContents', WRITE);
  expect(cell.service.load).toMatchObject({ changesWaiting: 1, cachedAnswers: 1 });
  reader.acknowledge();
  expect(written.replies).toBe(1);
  expect(cell.service.load).toMatchObject({ changesWaiting: 0, cachedAnswers: 0 });
  expect(cell.service.load.eventBytes).toBeGreaterThan(0);

  first.do('release', { handle: held });
  expect(waiting.replies).toBe(1);
  expect(cell.service.load.waitingAcquires).toBe(0);
});
