import { describe, expect, it } from 'vitest';
import { SigningKey } from '../../../src/common/crypto.js';
import { LIMITS } from '../../../src/wire/limits.js';
import { decodeSequencer, signSequencer } from '../../../src/wire/sequencer.js';
import { checkCell, replayed } from './cell-invariants.js';
import { byHandle, byName, reasonOf, responseOf, TestCell } from './test-cell.js';
import type { TestSession } from './test-cell.js';

/** One session holds a lock; another has a file open, and is to write it under that lock alone. */
function guarded() {
  const cell = TestCell.reigning();
  const holder = cell.session(1, { leaseMs: 60_000 });
  const lock = holder.create('/ls/test/lock');
  holder.do('acquire', { handle: lock });
  const { sequencer } = holder.do('getSequencer', { handle: lock });
  const writer = cell.session(2, { leaseMs: 60_000 });
  const plain = writer.create('/ls/test/f');
  const handle = withSequencer(writer, plain, sequencer);
  return { cell, holder, lock, sequencer, writer, plain, handle };
}

const withSequencer = (session: TestSession, handle: Buffer, sequencer: Buffer) =>
  session.do('setSequencer', { handle, sequencer }).handle;

describe('a handle with a sequencer', () => {
  it('serves as the given one does while the lock is held', () => {
    const { writer, handle } = guarded();
    writer.do('setContents', { ...byHandle(handle), contents: Buffer.from('x') });
    expect(writer.do('getContentsAndStat', byHandle(handle)).contents.toString()).toBe('x');
    expect(writer.do('acquire', { handle }).granted).toBe(true);
  });

  it('is refused by every call but Close once the lock is lost, and the given one is not', () => {
    const { holder, lock, writer, plain, handle } = guarded();
    writer.do('acquire', { handle });
    holder.do('release', { handle: lock });
    for (const name of ['getContentsAndStat', 'getStat', 'setContents', 'delete'] as const) {
      expect(reasonOf(writer.ask(name, byHandle(handle)))).toBe('STALE_SEQUENCER');
    }
    for (const name of ['acquire', 'tryAcquire', 'release', 'getSequencer'] as const) {
      expect(reasonOf(writer.ask(name, { handle }))).toBe('STALE_SEQUENCER');
    }
    holder.do('acquire', { handle: lock });
    expect(reasonOf(writer.ask('getStat', byHandle(handle)))).toBe('STALE_SEQUENCER');
    writer.do('setContents', byHandle(plain));
    expect(writer.do('tryAcquire', { handle: plain, mode: 'LOCK_MODE_EXCLUSIVE' }).granted).toBe(false);
    writer.do('close', { handle });
    expect(writer.do('tryAcquire', { handle: plain, mode: 'LOCK_MODE_EXCLUSIVE' }).granted).toBe(true);
  });

  it('is judged by what is proposed where it writes, and by what is applied where it reads', () => {
    const { cell, holder, lock, writer, handle } = guarded();
    cell.automatic = false;
    holder.ask('release', { handle: lock });
    expect(responseOf(writer.ask('getStat', byHandle(handle))).stat).toBeDefined();
    const write = writer.ask('setContents', byHandle(handle));
    expect(write.reply).toBeUndefined();
    cell.log.run();
    expect(reasonOf(write)).toBe('STALE_SEQUENCER');
  });

  it('is refused by every later master, which knows of it by its bytes alone', () => {
    const { cell, holder, lock, writer, handle } = guarded();
    const successor = cell.successor(2);
    for (const session of [holder, writer]) session.cell = successor;
    writer.do('getStat', byHandle(handle));
    holder.do('release', { handle: lock });
    expect(reasonOf(writer.ask('getStat', byHandle(handle)))).toBe('STALE_SEQUENCER');
    writer.cell = successor.successor(3, 3);
    expect(reasonOf(writer.ask('getStat', byHandle(handle)))).toBe('STALE_SEQUENCER');
  });

  it('is refused while the lock is held back, and when its node is gone', () => {
    for (const end of ['expires', 'deletes']) {
      const cell = TestCell.reigning();
      const holder = cell.session(1, { leaseMs: 4_000 });
      const lock = holder.create('/ls/test/lock', { lockDelayMs: 60_000 });
      holder.do('acquire', { handle: lock });
      const { sequencer } = holder.do('getSequencer', { handle: lock });
      const writer = cell.session(2, { leaseMs: 60_000 });
      const handle = withSequencer(writer, writer.create('/ls/test/f'), sequencer);
      if (end === 'expires') cell.advance(5_000);
      else holder.do('delete', byName('/ls/test/lock'));
      expect(reasonOf(writer.ask('setContents', byHandle(handle)))).toBe('STALE_SEQUENCER');
    }
  });

  it('waits in vain for a lock when its own is lost meanwhile', () => {
    const { cell, holder, lock, handle, writer } = guarded();
    const other = cell.session(3, { leaseMs: 60_000 });
    const contended = other.open('/ls/test/f');
    other.do('acquire', { handle: contended });
    const waiting = writer.ask('acquire', { handle });
    holder.do('release', { handle: lock });
    other.do('release', { handle: contended });
    expect(reasonOf(waiting)).toBe('STALE_SEQUENCER');
    expect(other.do('tryAcquire', { handle: contended, mode: 'LOCK_MODE_EXCLUSIVE' }).granted).toBe(true);
  });

  it('rests on all locks of the sequencer, and on those that the given handle rests on', () => {
    const { holder, sequencer, writer, handle } = guarded();
    const more = ['g', 'h'].map((name) => holder.create(`/ls/test/${name}`)) as [Buffer, Buffer];
    for (const each of more) holder.do('acquire', { handle: each });
    const both = holder.do('getSequencer', { handle: more[0], furtherHandles: [more[1]] }).sequencer;
    const second = withSequencer(writer, handle, both);
    const same = withSequencer(writer, handle, sequencer);
    expect(same.length).toBe(handle.length);
    writer.do('getStat', byHandle(second));
    holder.do('release', { handle: more[1] });
    expect(reasonOf(writer.ask('getStat', byHandle(second)))).toBe('STALE_SEQUENCER');
    writer.do('getStat', byHandle(handle));
  });

  it('keeps an ephemeral node of its session as any other handle does', () => {
    const { cell, sequencer, writer } = guarded();
    const first = writer.create('/ls/test/e', { ephemeral: true });
    const second = withSequencer(writer, first, sequencer);
    checkCell(replayed(cell.log));
    writer.do('close', { handle: first });
    writer.do('getStat', byHandle(second));
    writer.do('close', { handle: second });
    expect(reasonOf(writer.ask('getStat', byName('/ls/test/e')))).toBe('NOT_FOUND');
    checkCell(replayed(cell.log));
  });
});

describe('SetSequencer', () => {
  it('asked again is the same handle', () => {
    const { writer, plain, sequencer } = guarded();
    const first = responseOf(writer.ask('setSequencer', { handle: plain, sequencer }, { number: 100 }));
    expect(responseOf(writer.ask('setSequencer', { handle: plain, sequencer }, { number: 100 }))).toEqual(first);
  });

  it('is refused with what is no sequencer of this cell, and with a stale one', () => {
    const { holder, lock, writer, plain, sequencer } = guarded();
    const forged = signSequencer(decodeSequencer(sequencer), new SigningKey(Buffer.alloc(32, 9)));
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(200), Buffer.from(forged)]) {
      expect(reasonOf(writer.ask('setSequencer', { handle: plain, sequencer: bytes }))).toBe('MALFORMED_REQUEST');
    }
    expect(reasonOf(holder.ask('setSequencer', { handle: plain, sequencer }))).toBe('WRONG_SESSION');
    holder.do('release', { handle: lock });
    expect(reasonOf(writer.ask('setSequencer', { handle: plain, sequencer }))).toBe('STALE_SEQUENCER');
  });

  it('is refused where the handle would grow too large, or be one too many', () => {
    const cell = TestCell.reigning({ limits: { handlesPerSession: 5 } });
    const session = cell.session();
    const handles = ['a', 'b', 'c', 'd'].map((name) => session.create(`/ls/test/${name.repeat(1_000)}`));
    for (const handle of handles) session.do('acquire', { handle });
    const [handle, ...furtherHandles] = handles as [Buffer, ...Buffer[]];
    const { sequencer } = session.do('getSequencer', { handle, furtherHandles });
    expect(sequencer.length).toBeLessThan(LIMITS.sequencerBytes);
    expect(reasonOf(session.ask('setSequencer', { handle, sequencer }))).toBe('TOO_LARGE');
    const one = session.do('getSequencer', { handle }).sequencer;
    session.do('setSequencer', { handle, sequencer: one });
    expect(reasonOf(session.ask('setSequencer', { handle, sequencer: one }))).toBe('LIMIT_HANDLES');
  });
});
