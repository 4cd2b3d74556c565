import { describe, expect, it } from 'vitest';
import { HANDLE_SECRET_KEY, ALL_OF_SESSIONS, ALL_SECRETS } from '../../../src/chubby/records/keys.js';
import { LOWEST_KEY } from '../../../src/db/key.js';
import { begun, readAll } from './taken-backup.js';
import { byName, CELL_NAME, TestCell } from './test-cell.js';

describe('a backup', () => {
  it('is of the moment at which it was asked for', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    session.do('setContents', { ...byName('/ls/test/a'), contents: Buffer.from('before'), create: true });
    const backup = begun(cell);
    session.do('setContents', { ...byName('/ls/test/a'), contents: Buffer.from('after'), create: true });
    const { summary, state } = readAll(backup);
    expect(summary).toMatchObject({ cell: CELL_NAME, slot: state.appliedUpTo, entryCount: state.entryCount });
    expect(state.appliedUpTo).toBe(cell.slots - 1);
    const contents = [...state.range(LOWEST_KEY)].map(({ value }) => Buffer.from(value).toString());
    expect(contents).toContain('before');
    expect(contents).not.toContain('after');
  });

  it('has neither the secrets of the cell nor those of its sessions', () => {
    const cell = TestCell.reigning();
    cell.admin('rotateKeys', { keepFormerMs: 60_000 });
    const session = cell.session();
    session.do('acquire', { handle: session.create('/ls/test/a'), mode: 'LOCK_MODE_EXCLUSIVE' });
    const { state, pieces } = readAll(begun(cell));
    for (const { from, to } of [ALL_SECRETS, ...ALL_OF_SESSIONS]) expect([...state.range(from, to)]).toEqual([]);
    const secret = cell.service.snapshot();
    const whole = Buffer.concat([...secret.chunks(1_000)]);
    const sent = Buffer.concat(pieces);
    expect(whole.includes(session.credential.secret)).toBe(true);
    expect(sent.includes(session.credential.secret)).toBe(false);
    expect(whole.includes(HANDLE_SECRET_KEY)).toBe(true);
    expect(sent.includes(HANDLE_SECRET_KEY)).toBe(false);
  });

  it('leaves the state of the cell as it is', () => {
    const cell = TestCell.reigning();
    cell.session().create('/ls/test/a');
    const before = cell.digest();
    readAll(begun(cell));
    expect(cell.digest()).toBe(before);
    expect(cell.session(2).do('getStat', byName('/ls/test/a')).stat).toBeDefined();
  });

  it('is made in steps: of thousands of sessions some hundred at a time are left out', () => {
    const cell = TestCell.reigning();
    for (let index = 0; index < 1_200; index++) {
      const nonce = Buffer.alloc(16);
      nonce.writeUInt32BE(index);
      cell.ask('createSession', { nonce });
    }
    expect(readAll(begun(cell)).pauses).toBeGreaterThanOrEqual(4);
  });

  it('goes in messages that a bounded one can carry', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    for (let index = 0; index < 8; index++) {
      const contents = Buffer.alloc(256 * 1024, index);
      session.do('setContents', { ...byName(`/ls/test/${index}`), contents, create: true });
    }
    const { pieces } = readAll(begun(cell));
    expect(pieces.length).toBeGreaterThan(6);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(600 * 1024);
  });

  it('is taken by two at a time; more are told to come later', () => {
    const cell = TestCell.reigning();
    const first = begun(cell);
    begun(cell);
    expect(cell.service.backup()).toMatchObject({ reason: 'LIMIT_BACKUPS' });
    first.end();
    first.end();
    begun(cell);
    expect(cell.service.backup()).toMatchObject({ reason: 'LIMIT_BACKUPS' });
  });

  it('is of the master alone, and goes on when its reign has ended', () => {
    const cell = TestCell.reigning();
    cell.session().create('/ls/test/a');
    const backup = begun(cell);
    cell.log.endReign();
    expect(cell.service.backup()).toMatchObject({ reason: 'NOT_MASTER' });
    expect(readAll(backup).state.appliedUpTo).toBe(cell.slots);
  });
});
