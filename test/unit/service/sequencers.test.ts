import { describe, expect, it } from 'vitest';
import { decodeSequencer, isSignedBy, signSequencer } from '../../../src/wire/sequencer.js';
import { SigningKey } from '../../../src/common/crypto.js';
import { byName, reasonOf, responseOf, TestCell, CELL_ID } from './test-cell.js';
import type { TestSession } from './test-cell.js';

const check = (cell: TestCell, sequencer: Uint8Array) =>
  responseOf(cell.ask('checkSequencer', { sequencer: Buffer.from(sequencer) }));

describe('a sequencer', () => {
  it('describes the lock that is held, signed with a key that GetMaster tells', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const { handle, stat } = session.do('open', { name: '/ls/local/f', write: true, create: 'CREATE_MODE_MAY' });
    session.do('acquire', { handle, mode: 'LOCK_MODE_SHARED' });
    const { sequencer } = session.do('getSequencer', { handle });
    expect(decodeSequencer(sequencer)).toEqual({
      cellId: CELL_ID,
      keyId: 1,
      epoch: '1.1',
      locks: [{ name: '/ls/test/f', instanceNumber: stat!.instanceNumber, lockGeneration: 1, mode: 'shared' }],
    });
    const { signingKeys } = cell.service.masterLocation();
    expect(signingKeys.map(({ id }) => id)).toEqual([1]);
    expect(isSignedBy(sequencer, signingKeys[0]!.publicKey)).toBe(true);
  });

  it('is to be had for a held lock only', () => {
    const session = TestCell.reigning().session();
    const handle = session.create('/ls/test/f');
    expect(reasonOf(session.ask('getSequencer', { handle }))).toBe('LOCK_NOT_HELD');
  });

  it('is valid as long as the lock is held at its generation, under any master, and needs no session to ask', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const handle = session.create('/ls/test/f');
    session.do('acquire', { handle });
    const { sequencer } = session.do('getSequencer', { handle });
    expect(check(cell, sequencer)).toEqual({ valid: true, reason: '' });
    const successor = cell.successor(2);
    expect(check(successor, sequencer).valid).toBe(true);
    session.do('release', { handle });
    expect(check(cell, sequencer)).toEqual({ valid: false, reason: 'the lock of /ls/local/f is not held' });
    session.do('acquire', { handle });
    expect(check(cell, sequencer).reason).toBe('the lock of /ls/local/f is at generation 2, not 1');
    session.do('delete', byName('/ls/test/f'));
    expect(check(cell, sequencer).reason).toBe('/ls/local/f was deleted');
    session.do('acquire', { handle: session.create('/ls/test/f') });
    expect(check(cell, sequencer).reason).toBe('/ls/local/f was deleted');
  });

  it('is not valid while the lock is only held back for an expired session', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const handle = session.create('/ls/test/f', { lockDelayMs: 60_000 });
    session.do('acquire', { handle });
    const { sequencer } = session.do('getSequencer', { handle });
    cell.advance(13_000);
    expect(check(cell, sequencer).valid).toBe(false);
  });

  it('forged, altered, or of another cell is not valid', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const handle = session.create('/ls/test/f');
    session.do('acquire', { handle });
    const { sequencer } = session.do('getSequencer', { handle });
    const altered = Buffer.from(sequencer);
    altered[40]! ^= 1;
    expect(check(cell, altered).valid).toBe(false);
    const fields = decodeSequencer(sequencer);
    const forger = new SigningKey(Buffer.alloc(32, 9));
    expect(check(cell, signSequencer(fields, forger)).reason).toBe('the signature is not of this cell');
    expect(check(cell, signSequencer({ ...fields, keyId: 7 }, forger)).reason).toBe(
      'the signature is not of this cell',
    );
    const elsewhere = signSequencer({ ...fields, cellId: 'ee'.repeat(16) }, forger);
    expect(check(cell, elsewhere).reason).toBe('the sequencer is of another cell');
    for (const garbage of [Buffer.alloc(0), Buffer.from('garbage'), Buffer.alloc(200), Buffer.alloc(10_000)]) {
      expect(check(cell, garbage)).toEqual({ valid: false, reason: 'these bytes are no sequencer' });
    }
  });
});

describe('a sequencer of several locks', () => {
  function holding(...names: string[]) {
    const cell = TestCell.reigning();
    const session = cell.session();
    const handles = names.map((name) => session.create(name));
    for (const handle of handles) session.do('acquire', { handle });
    return { cell, session, handles };
  }

  const sequencerOf = (session: TestSession, [handle, ...furtherHandles]: Buffer[]) =>
    session.do('getSequencer', { handle: handle!, furtherHandles }).sequencer;

  it('is valid as long as all of them are held, and says which one is not', () => {
    const { cell, session, handles } = holding('/ls/test/a', '/ls/test/b', '/ls/test/c');
    const sequencer = sequencerOf(session, handles);
    expect(decodeSequencer(sequencer).locks.map(({ name }) => name)).toEqual([
      '/ls/test/a',
      '/ls/test/b',
      '/ls/test/c',
    ]);
    expect(check(cell, sequencer).valid).toBe(true);
    session.do('release', { handle: handles[1]! });
    expect(check(cell, sequencer)).toEqual({ valid: false, reason: 'the lock of /ls/local/b is not held' });
  });

  it('is to be had only with all of them held, each of another node, and of so many at the most', () => {
    const { session, handles } = holding('/ls/test/a', '/ls/test/b');
    const [a, b] = handles as [Buffer, Buffer];
    const ask = (handle: Buffer, furtherHandles: Buffer[]) => session.ask('getSequencer', { handle, furtherHandles });
    expect(reasonOf(ask(a, [b, a]))).toBe('MALFORMED_REQUEST');
    expect(reasonOf(ask(a, Array<Buffer>(64).fill(b)))).toBe('TOO_LARGE');
    expect(reasonOf(ask(a, [Buffer.from('garbage')]))).toBe('BAD_HANDLE');
    session.do('release', { handle: b });
    expect(reasonOf(ask(a, [b]))).toBe('LOCK_NOT_HELD');
  });
});
