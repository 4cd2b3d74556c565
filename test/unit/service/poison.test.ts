import { describe, expect, it } from 'vitest';
import { Cacher } from './cacher.js';
import { byHandle, reasonOf, responseOf, TestCell } from './test-cell.js';

const MODE = { mode: 'LOCK_MODE_EXCLUSIVE' } as const;

function poisoned() {
  const cell = TestCell.reigning();
  const session = cell.session();
  const handle = session.create('/ls/test/f');
  const other = session.open('/ls/test/f');
  session.do('poison', { handle });
  return { cell, session, handle, other };
}

describe('a poisoned handle', () => {
  it('is refused by every call but Close, and others on the node are not', () => {
    const { session, handle, other } = poisoned();
    for (const name of ['getContentsAndStat', 'getStat', 'setContents', 'delete'] as const) {
      expect(reasonOf(session.ask(name, byHandle(handle)))).toBe('HANDLE_POISONED');
    }
    for (const name of ['acquire', 'tryAcquire', 'release', 'getSequencer'] as const) {
      expect(reasonOf(session.ask(name, { handle }))).toBe('HANDLE_POISONED');
    }
    session.do('setContents', byHandle(other));
    session.do('close', { handle });
    expect(reasonOf(session.ask('getStat', byHandle(handle)))).toBe('HANDLE_CLOSED');
  });

  it('keeps its lock until it is closed', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const handle = session.create('/ls/test/f');
    const other = session.open('/ls/test/f');
    session.do('acquire', { handle });
    session.do('poison', { handle });
    expect(session.do('tryAcquire', { handle: other, ...MODE }).granted).toBe(false);
    session.do('close', { handle });
    expect(session.do('tryAcquire', { handle: other, ...MODE }).granted).toBe(true);
  });

  it('ends what waits through it, for one lock or for several, and lets those behind go ahead', () => {
    const { cell, session, other } = poisoned();
    const a = session.create('/ls/test/a');
    session.do('acquire', { handle: other });
    const rival = cell.session(2);
    const handle = rival.open('/ls/test/f');
    const waiting = rival.ask('acquire', { handle, ...MODE });
    const { number } = rival;
    const free = rival.open('/ls/test/a');
    const locks = [free, handle].map((each) => ({ handle: each, ...MODE }));
    const all = rival.ask('acquireAll', { locks });
    const behind = session.ask('acquire', { handle: a });
    expect([waiting.reply, all.reply, behind.reply]).toEqual([undefined, undefined, undefined]);
    cell.automatic = false;
    const poison = rival.ask('poison', { handle });
    expect([waiting.reply, all.reply, poison.reply]).toEqual([undefined, undefined, undefined]);
    cell.log.run();
    cell.automatic = true;
    responseOf(poison);
    expect([reasonOf(waiting), reasonOf(all)]).toEqual(['HANDLE_POISONED', 'HANDLE_POISONED']);
    expect(responseOf(behind).granted).toBe(true);
    session.do('release', { handle: other });
    rival.cell = cell.successor(2);
    expect(reasonOf(rival.ask('acquire', { handle, ...MODE }, { number }))).toBe('HANDLE_POISONED');
  });

  it('is poisoned again without harm; one that is closed or none is refused', () => {
    const { session, handle, other } = poisoned();
    session.do('poison', { handle });
    session.do('close', { handle: other });
    expect(reasonOf(session.ask('poison', { handle: other }))).toBe('HANDLE_CLOSED');
    expect(reasonOf(session.ask('poison', {}))).toBe('MISSING_FIELD');
    expect(reasonOf(session.ask('poison', { handle: Buffer.from('garbage') }))).toBe('BAD_HANDLE');
  });

  it('is not known to a later master until it is poisoned there, by the same request or another', () => {
    const { cell, session, handle } = poisoned();
    const { number } = session;
    session.cell = cell.successor(2);
    session.do('getStat', byHandle(handle));
    responseOf(session.ask('poison', { handle }, { number }));
    expect(reasonOf(session.ask('getStat', byHandle(handle)))).toBe('HANDLE_POISONED');
  });

  it('ends reads that wait behind a write of the session', () => {
    const { cell, session, other } = poisoned();
    cell.automatic = false;
    const write = session.ask('setContents', byHandle(other));
    const read = session.ask('getStat', byHandle(other));
    const poison = session.ask('poison', { handle: other });
    cell.log.run();
    expect(responseOf(write).stat).toBeDefined();
    expect(reasonOf(read)).toBe('HANDLE_POISONED');
    responseOf(poison);
  });

  it('ends what waits through it until others have dropped what they cache', () => {
    const { cell, session, other } = poisoned();
    const reader = Cacher.of(cell, 9, 30_000);
    reader.read('/ls/test/f');
    const write = session.ask('setContents', byHandle(other));
    const lock = session.ask('acquire', { handle: other });
    expect([write.reply, lock.reply]).toEqual([undefined, undefined]);
    session.do('poison', { handle: other });
    expect(reasonOf(lock)).toBe('HANDLE_POISONED');
    reader.acknowledge();
    expect(reasonOf(write)).toBe('HANDLE_POISONED');
    expect(reader.read('/ls/test/f').stat).toMatchObject({ contentGeneration: 1, lockGeneration: 0 });
  });
});
