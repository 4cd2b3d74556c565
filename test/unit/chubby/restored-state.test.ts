import { describe, expect, it } from 'vitest';
import { cellNameOf, restoredState, revisionOf } from '../../../src/chubby/restored-state.js';
import { MalformedBytes } from '../../../src/common/bytes.js';
import { SeededRng } from '../../../src/common/rng.js';
import { FaultTolerantDb } from '../../../src/db/fault-tolerant-db.js';
import { LOWEST_KEY } from '../../../src/db/key.js';
import type { DbState } from '../../../src/db/fault-tolerant-db.js';
import { stateChunks } from '../../../src/db/state-chunks.js';
import type { CellId } from '../../../src/storage/identity-store.js';
import { begun, readAll } from '../service/taken-backup.js';
import { byHandle, byName, reasonOf, responseOf, TestCell } from '../service/test-cell.js';

const NEW_ID = 'ffeeddccbbaa99887766554433221100' as CellId;
const NEW_CELL = { name: 'test', cellId: NEW_ID };

const backupOf = (cell: TestCell): DbState => readAll(begun(cell)).state;

/** The first master of the restored cell. */
function startedFrom(state: DbState): TestCell {
  const cell = new TestCell({ cellId: NEW_ID, rng: new SeededRng(99) });
  const loading = cell.service.loadState();
  for (const chunk of stateChunks(state, 10_000)) loading.add(chunk);
  const { appliedUpTo, digest, entryCount, sizeBytes: stateBytes } = state;
  loading.finish({ cellId: NEW_ID, slot: appliedUpTo as never, digest, entryCount, stateBytes }).install();
  // The log begins above it.
  for (let slot = 1; slot <= appliedUpTo; slot++) cell.log.chosen.push(undefined as never);
  cell.log.beginReign(1);
  cell.log.run();
  return cell;
}

/** A cell with something of everything. */
function usedCell() {
  const cell = TestCell.reigning();
  const session = cell.session();
  session.mkdir('/ls/test/d');
  session.create('/ls/test/d/file', { initialContents: Buffer.from('contents') });
  session.create('/ls/test/d/ephemeral', { ephemeral: true });
  session.create('/ls/test/ephemerals', { ephemeral: true, kind: 'NODE_KIND_DIRECTORY' });
  session.create('/ls/test/ephemerals/inner', { ephemeral: true });
  session.create('/ls/test/acl/team', { initialContents: Buffer.from('somebody') });
  const handle = session.open('/ls/test/d/file');
  session.do('acquire', { handle, mode: 'LOCK_MODE_EXCLUSIVE' });
  const { sequencer } = session.do('getSequencer', { handle });
  return { cell, session, handle, sequencer };
}

describe('a restored state', () => {
  it('has the files, directories and access lists of the backup, and is served by a new master', () => {
    const { cell } = usedCell();
    const restored = startedFrom(restoredState(backupOf(cell), NEW_CELL));
    const session = restored.session();
    expect(session.do('getContentsAndStat', byName('/ls/test/d/file')).contents.toString()).toBe('contents');
    expect(session.do('getContentsAndStat', byName('/ls/test/acl/team')).contents.toString()).toBe('somebody');
    expect(session.do('readDir', byName('/ls/test')).entries.map(({ name }) => name)).toEqual(['acl', 'd']);
    expect(session.do('readDir', byName('/ls/test/d')).entries.map(({ name }) => name)).toEqual(['file']);
    expect(session.do('getStat', byName('/ls/test/d')).stat!.childCount).toBe(1);
    expect(session.do('getStat', byName('/ls/test')).stat!.childCount).toBe(2);
  });

  it('knows no session of the old life, none of its handles, and no sequencer', () => {
    const { cell, session, handle, sequencer } = usedCell();
    session.cell = startedFrom(restoredState(backupOf(cell), NEW_CELL));
    expect(reasonOf(session.ask('getStat', byName('/ls/test')))).toBe('UNKNOWN_SESSION');
    const later = session.cell.session(7);
    expect(reasonOf(later.ask('getStat', byHandle(handle)))).toBe('BAD_HANDLE');
    expect(later.do('checkSequencer', { sequencer }).valid).toBe(false);
  });

  it('keeps an ephemeral directory as long as something lasting is in it, as after its session has ended', () => {
    const { cell, session } = usedCell();
    session.create('/ls/test/waiting', { ephemeral: true, kind: 'NODE_KIND_DIRECTORY' });
    session.create('/ls/test/waiting/lasting');
    session.create('/ls/test/waiting/ephemeral', { ephemeral: true });
    const restored = startedFrom(restoredState(backupOf(cell), NEW_CELL)).session();
    expect(restored.do('readDir', byName('/ls/test/waiting')).entries.map(({ name }) => name)).toEqual(['lasting']);
    restored.do('delete', byName('/ls/test/waiting/lasting'));
    expect(reasonOf(restored.ask('getStat', byName('/ls/test/waiting')))).toBe('NOT_FOUND');
  });

  it('has every lock free, and gives it out under a pair that no fence of the old life has seen', () => {
    const { cell, session } = usedCell();
    const backup = backupOf(cell);
    const before = session.do('getStat', byName('/ls/test/d/file')).stat!;
    const restored = startedFrom(restoredState(backup, NEW_CELL)).session();
    const handle = restored.open('/ls/test/d/file');
    restored.do('tryAcquire', { handle, mode: 'LOCK_MODE_EXCLUSIVE' });
    const after = restored.do('getStat', byHandle(handle)).stat!;
    // Far above all that the old cell may have made of it after the backup.
    expect(after.instanceNumber).toBeGreaterThan(before.revision + 2 ** 39);
    expect(after.revision).toBe(after.instanceNumber);
    expect(after.contentGeneration).toBe(before.contentGeneration);
  });

  it('stays what it is when nothing of it is used, and draws its secrets once', () => {
    const { cell } = usedCell();
    const first = startedFrom(restoredState(backupOf(cell), NEW_CELL));
    const keys = first.service.masterLocation().signingKeys;
    expect(keys).toHaveLength(1);
    expect(keys).not.toEqual(cell.service.masterLocation().signingKeys);
    first.log.endReign();
    first.log.beginReign(2);
    first.log.run();
    expect(first.service.masterLocation().signingKeys).toEqual(keys);
    expect(responseOf(first.ask('getStat', byName('/ls/test'))).stat).toBeDefined();
  });

  it('is made anew from a backup of a restored cell', () => {
    const { cell } = usedCell();
    const once = restoredState(backupOf(cell), NEW_CELL);
    const twice = restoredState(backupOf(startedFrom(once)), { ...NEW_CELL, name: 'other' });
    expect(cellNameOf(twice)).toBe('other');
    expect(revisionOf(twice)).toBeGreaterThan(revisionOf(once));
    expect(twice.entryCount).toBe(once.entryCount);
  });

  it('has nothing but facts, revision, nodes and contents; equal backups give equal states', () => {
    const { cell } = usedCell();
    const backup = backupOf(cell);
    const state = restoredState(backup, NEW_CELL);
    const kinds = new Set([...state.range(LOWEST_KEY)].map(({ key }) => key.charAt(0)));
    expect([...kinds].sort()).toEqual(['C', 'R', 'f', 'n']);
    expect(state).toMatchObject({ pairInForce: undefined, configuration: undefined, appliedUpTo: backup.appliedUpTo });
    expect(restoredState(backup, NEW_CELL).digest).toBe(state.digest);
    expect(state.recomputeDigest()).toBe(state.digest);
  });

  it('is not made of anything else', () => {
    expect(() => restoredState(new FaultTolerantDb(), NEW_CELL)).toThrow(MalformedBytes);
  });
});
