import { describe, expect, it } from 'vitest';
import type { ReplicaId } from '../../../src/paxos/ballot.js';
import { WrongCell } from '../../../src/service/cell-birth.js';
import { byName, failureOf, reasonOf, responseOf, TestCell, CELL_ID } from './test-cell.js';

describe('the birth of a cell', () => {
  it('makes the root and the directory of access lists, once', () => {
    const cell = TestCell.reigning();
    const names = (at: TestCell) => responseOf(at.ask('readDir', byName('/ls/test'))).entries.map(({ name }) => name);
    expect(names(cell)).toEqual(['acl']);
    const { entries } = cell.service.status();
    expect(cell.successor(2).service.status().entries).toBe(entries);
  });

  it('is over before anything is answered', () => {
    const cell = new TestCell();
    cell.automatic = false;
    cell.log.beginReign(1);
    expect(reasonOf(cell.ask('getStat', byName('/ls/test')))).toBe('NOT_MASTER');
    expect(reasonOf(cell.ask('createSession', { nonce: Buffer.alloc(16) }))).toBe('NOT_MASTER');
    cell.log.run();
    responseOf(cell.ask('getStat', byName('/ls/test')));
  });

  it('that came to nothing is done by the next master', () => {
    const cell = new TestCell();
    cell.log.beginReign(1);
    cell.log.take();
    cell.log.endReign('values-lost');
    const successor = cell.successor(2);
    responseOf(successor.ask('getStat', byName('/ls/test')));
  });

  it('draws secrets of its own', () => {
    const keys = [1, 2].map((replicaId) => {
      const cell = new TestCell({}, undefined, replicaId);
      cell.log.beginReign(1);
      cell.log.run();
      return cell.service.masterLocation().signingKeys[0]!.publicKey.toString('hex');
    });
    expect(keys[0]).not.toBe(keys[1]);
  });
});

describe("a replica whose configuration names another cell than its log's", () => {
  it('does not reign', () => {
    const cell = TestCell.reigning();
    for (const options of [{ cellName: 'other' }, { cellId: 'ff'.repeat(16) }]) {
      const wrong = new TestCell(options, cell.clock, 2);
      cell.log.chosen.forEach((value) => wrong.log.choose(value));
      expect(() => wrong.log.beginReign(2)).toThrow(WrongCell);
    }
  });
});

describe('a replica that is not master', () => {
  it('refuses with the address of the master it knows', () => {
    const cell = new TestCell();
    const ask = () => failureOf(cell.ask('createSession', { nonce: Buffer.alloc(16) }));
    expect(ask()).toMatchObject({ code: 9, reason: 'NOT_MASTER', metadata: { 'retry-after-ms': '50' } });
    expect(ask().metadata).not.toHaveProperty('chubby-master');
    cell.log.otherMaster = 3 as ReplicaId;
    expect(ask().metadata).toMatchObject({ 'chubby-master': 'replica-3:7100', retry: 'other-replica' });
    cell.log.otherMaster = 77 as ReplicaId;
    expect(ask().metadata).not.toHaveProperty('chubby-master');
  });

  it('sends nobody to itself', () => {
    const cell = TestCell.reigning();
    cell.log.leaseHeld = false;
    expect(failureOf(cell.ask('getStat', byName('/ls/test'))).metadata).not.toHaveProperty('chubby-master');
  });

  it('tells where the master is, and what the cell is', () => {
    const cell = new TestCell();
    const replicas = [1, 2, 3].map((id) => ({ id, address: `replica-${id}:7100` }));
    const location = { cell: 'test', cellId: Buffer.from(CELL_ID, 'hex'), replicas, signingKeys: [], spreadMs: 0 };
    expect(cell.service.masterLocation()).toEqual(location);
    cell.log.otherMaster = 2 as ReplicaId;
    expect(cell.service.masterLocation()).toEqual({ ...location, master: replicas[1] });
  });

  it('makes no values', () => {
    const cell = TestCell.reigning();
    cell.log.endReign();
    expect(cell.service.nextBatch(1_000_000)).toBeUndefined();
  });
});

describe('a planted bug', () => {
  it('has a deposed master answer reads by name', () => {
    const cell = TestCell.reigning({ plantedBugs: { readWithoutLease: true } });
    cell.session().create('/ls/test/f');
    cell.log.endReign();
    responseOf(cell.ask('getStat', byName('/ls/test/f')));
    expect(reasonOf(cell.ask('createSession', { nonce: Buffer.alloc(16) }))).toBe('NOT_MASTER');
  });
});
