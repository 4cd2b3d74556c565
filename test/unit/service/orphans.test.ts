import { describe, expect, it } from 'vitest';
import { checkCell, replayed } from './cell-invariants.js';
import { Listener } from './listener.js';
import { byHandle, byName, reasonOf, TestCell } from './test-cell.js';
import type { TestSession } from './test-cell.js';

const F = '/ls/test/f';
const D = '/ls/test/d';

const isThere = ({ cell }: TestSession, name: string): boolean =>
  !('failure' in cell.ask('getStat', byName(name)).reply!);

/** An ephemeral file, and its session under the next master. */
function failedOver(options?: ConstructorParameters<typeof TestCell>[0]) {
  const cell = TestCell.reigning(options);
  const session = cell.session(1);
  const handle = session.create(F, { ephemeral: true });
  const other = cell.session(2);
  session.cell = cell.successor(2);
  other.cell = session.cell;
  return { before: cell, cell: session.cell, session, other, handle };
}

describe('an ephemeral node whose creator lives on under a new master', () => {
  it('goes when no handle on it was shown for a minute after every session knew of the change', () => {
    const { cell, session, other } = failedOver();
    new Listener(session);
    cell.advance(5_000);
    new Listener(other);
    cell.advance(59_000);
    expect(isThere(session, F)).toBe(true);
    cell.advance(2_000);
    expect(isThere(session, F)).toBe(false);
    checkCell(replayed(cell.log));
  });

  it('waits for a session that is silent until that has expired', () => {
    const { cell, session } = failedOver();
    new Listener(session);
    cell.advance(71_000);
    expect(isThere(session, F)).toBe(true);
    cell.advance(2_000);
    expect(isThere(session, F)).toBe(false);
  });

  it('stays when its handle was shown', () => {
    const { cell, session, other, handle } = failedOver();
    [session, other].forEach((each) => new Listener(each));
    cell.advance(0);
    session.do('reattach', { handles: [{ handle, seenRevision: 1 }] });
    cell.advance(600_000);
    expect(isThere(session, F)).toBe(true);
  });

  it('stays when its handle was used', () => {
    const { cell, session, other, handle } = failedOver();
    [session, other].forEach((each) => new Listener(each));
    cell.advance(0);
    session.do('getStat', byHandle(handle));
    cell.advance(600_000);
    expect(isThere(session, F)).toBe(true);
  });

  it('is gone for a handle that is shown too late', () => {
    const { cell, session, other, handle } = failedOver();
    [session, other].forEach((each) => new Listener(each));
    cell.advance(61_000);
    expect(reasonOf(session.ask('getStat', byHandle(handle)))).toBe('INSTANCE_GONE');
    session.do('close', { handle });
    checkCell(replayed(cell.log));
  });

  it('keeps the lock that a handle of its session holds on another node', () => {
    const { before, session, other } = failedOver();
    session.cell = before;
    const held = session.create('/ls/test/lock');
    session.do('acquire', { handle: held });
    const cell = before.successor(3);
    session.cell = cell;
    other.cell = cell;
    [session, other].forEach((each) => new Listener(each));
    cell.advance(61_000);
    expect(isThere(session, F)).toBe(false);
    expect(other.do('tryAcquire', { handle: other.open('/ls/test/lock') }).granted).toBe(false);
  });

  it('goes with hundreds of its kind, children before their directories', () => {
    const cell = TestCell.reigning();
    const session = cell.session(1);
    session.create(D, { ephemeral: true, kind: 'NODE_KIND_DIRECTORY' });
    for (let i = 0; i < 200; i++) session.create(`${D}/${i}`, { ephemeral: true });
    session.cell = cell.successor(2);
    new Listener(session);
    const before = session.cell.slots;
    session.cell.advance(61_000);
    expect(isThere(session, D)).toBe(false);
    expect(session.cell.slots - before).toBeLessThan(10);
    checkCell(replayed(session.cell.log));
  });
});
