import { describe, expect, it } from 'vitest';
import { createFence } from '../../../src/fencing/index.js';
import { ALL_SIGNING_KEYS } from '../../../src/chubby/records/keys.js';
import { isSignedBy } from '../../../src/wire/sequencer.js';
import { replayed } from './cell-invariants.js';
import { byHandle, CELL_ID, reasonOf, responseOf, TestCell } from './test-cell.js';

const HOUR_MS = 3_600_000;

function holding() {
  const cell = TestCell.reigning();
  const session = cell.session(1, { leaseMs: 60_000 });
  const handle = session.create('/ls/test/f');
  session.do('acquire', { handle });
  const sequencer = () => session.do('getSequencer', { handle }).sequencer;
  /** Lets time pass, the session alive. */
  const wait = (ms: number) => {
    for (let left = ms; left > 0; left -= 10_000) {
      session.keepAlive();
      session.cell.advance(Math.min(left, 10_000));
    }
  };
  return { cell, session, handle, sequencer, wait };
}

const rotate = (cell: TestCell, keepFormerMs: number) =>
  responseOf(cell.admin('rotateKeys', { keepFormerMs })).signingKeys;
const check = (cell: TestCell, sequencer: Buffer) => responseOf(cell.ask('checkSequencer', { sequencer })).valid;
const published = (cell: TestCell) => cell.service.masterLocation().signingKeys;

describe('the rotation of keys', () => {
  it('draws another key by one value, and publishes the former one with its end', () => {
    const { cell, sequencer } = holding();
    const [first] = published(cell);
    const before = cell.slots;
    const keys = rotate(cell, HOUR_MS);
    expect(cell.slots - before).toBe(1);
    expect(keys.map(({ id, validUntilMs }) => [id, validUntilMs])).toEqual([
      [1, Math.ceil(cell.clock.wallMs()) + HOUR_MS],
      [2, 0],
    ]);
    expect(keys[0]!.publicKey).toEqual(first!.publicKey);
    expect(published(cell)).toEqual(keys);
    expect(published(cell.successor(2))).toEqual(keys);
    expect(isSignedBy(sequencer(), keys[1]!.publicKey)).toBe(true);
  });

  it('leaves a fence what it needs to believe the old key and the new one', async () => {
    const { cell, sequencer } = holding();
    const signedBefore = sequencer();
    rotate(cell, HOUR_MS);
    const nowMs = () => cell.clock.wallMs();
    const fence = createFence({ cellId: CELL_ID, lock: '/ls/test/f', keys: published(cell), nowMs });
    for (const bytes of [signedBefore, sequencer()]) {
      expect(await fence.verify(bytes)).toMatchObject({ lock: '/ls/test/f', lockGeneration: 1, mode: 'exclusive' });
    }
    cell.clock.setWall(cell.clock.wallMs() + HOUR_MS);
    await expect(fence.verify(signedBefore)).rejects.toMatchObject({ reason: 'EXPIRED_KEY' });
    expect(await fence.verify(sequencer())).toMatchObject({ lockGeneration: 1 });
  });

  it('deletes the seed of the former key', () => {
    const { cell } = holding();
    rotate(cell, HOUR_MS);
    const stored = [...replayed(cell.log).range(ALL_SIGNING_KEYS.from, ALL_SIGNING_KEYS.to)];
    expect(stored.length).toBe(1);
  });

  it('lets the former key verify until its time is over, and then removes it by a value', () => {
    const { cell, session, handle, sequencer, wait } = holding();
    const signedBefore = sequencer();
    rotate(cell, 60_000);
    wait(59_000);
    expect(check(cell, signedBefore)).toBe(true);
    session.do('getStat', byHandle(session.do('setSequencer', { handle, sequencer: signedBefore }).handle));
    expect(published(cell).length).toBe(2);
    wait(2_000);
    expect(check(cell, signedBefore)).toBe(false);
    expect(check(cell, sequencer())).toBe(true);
    expect(published(cell).map(({ id }) => id)).toEqual([2]);
    expect(reasonOf(session.ask('setSequencer', { handle, sequencer: signedBefore }))).toBe('MALFORMED_REQUEST');
    const before = cell.slots;
    wait(10_000);
    expect(cell.slots).toBe(before);
  });

  it('is remembered by the next master, ends of former keys included', () => {
    const { cell, session, sequencer, wait } = holding();
    const signedBefore = sequencer();
    rotate(cell, 60_000);
    const successor = cell.successor(2);
    session.cell = successor;
    wait(59_000);
    expect(check(successor, signedBefore)).toBe(true);
    wait(2_000);
    expect(check(successor, signedBefore)).toBe(false);
    expect(published(successor).length).toBe(1);
  });

  it('goes by the wall clock, wherever it is set', () => {
    const { cell, sequencer, wait } = holding();
    const signedBefore = sequencer();
    rotate(cell, HOUR_MS);
    cell.clock.setWall(cell.clock.wallMs() + 2 * HOUR_MS);
    expect(check(cell, signedBefore)).toBe(false);
    cell.clock.setWall(cell.clock.wallMs() - 3 * HOUR_MS);
    wait(HOUR_MS + 20_000);
    expect(check(cell, signedBefore)).toBe(true);
    expect(published(cell).length).toBe(2);
  });

  it('with no time for the former key ends it at once', () => {
    const { cell, sequencer } = holding();
    const signedBefore = sequencer();
    expect(rotate(cell, 0).map(({ id }) => id)).toEqual([2]);
    expect(check(cell, signedBefore)).toBe(false);
    expect(check(cell, sequencer())).toBe(true);
  });

  it('twice in one value draws two keys', () => {
    const { cell, sequencer } = holding();
    cell.automatic = false;
    const asked = [cell.admin('rotateKeys', { keepFormerMs: 1_000 }), cell.admin('rotateKeys', { keepFormerMs: 0 })];
    cell.log.run();
    expect(asked.map((each) => responseOf(each).signingKeys.map(({ id }) => id))).toEqual([
      [1, 2],
      [1, 3],
    ]);
    cell.automatic = true;
    expect(check(cell, sequencer())).toBe(true);
  });

  it('keeps so many former keys only', () => {
    const { cell } = holding();
    for (let i = 0; i < 16; i++) rotate(cell, HOUR_MS);
    expect(reasonOf(cell.admin('rotateKeys', { keepFormerMs: HOUR_MS }))).toBe('LIMIT_KEYS');
    expect(rotate(cell, 0).length).toBe(17);
  });
});
