import { describe, expect, it } from 'vitest';
import { MemoryDisk } from '../../../src/storage/memory/memory-disk.js';
import { MemoryIdentityStore } from '../../../src/storage/memory/memory-identity-store.js';
import { MemoryReplayLog } from '../../../src/storage/memory/memory-replay-log.js';
import { MemorySnapshotStore } from '../../../src/storage/memory/memory-snapshot-store.js';
import { EMPTY_LOG } from '../../../src/storage/log-state.js';
import { identityStoreSuite } from './identity-store-conformance.js';
import { ballot, FORMING, MEMBER, plain, record, records, slot, slotsOf } from './records.js';
import { replayLogSuite } from './replay-log-conformance.js';
import { snapshotStoreSuite } from './snapshot-store-conformance.js';
import { chunksOf, handleOf, readAll } from './snapshots.js';

/** A disk whose syncs end a little later, or fail when told so. */
class LaterDisk extends MemoryDisk {
  failure: Error | undefined;

  constructor() {
    super((done) => queueMicrotask(() => done(this.failure)));
  }
}

replayLogSuite('MemoryReplayLog', async () => {
  const disk = new LaterDisk();
  return {
    async open() {
      disk.crash();
      disk.failure = undefined;
      return new MemoryReplayLog(disk);
    },
    failNextWrite: () => (disk.failure = new Error('input/output error')),
    dispose: async () => undefined,
  };
});

identityStoreSuite('MemoryIdentityStore', async () => {
  const disk = new LaterDisk();
  return {
    store: () => new MemoryIdentityStore(disk),
    refuseWrites: async (refused) => void (disk.failure = refused ? new Error('input/output error') : undefined),
    dispose: async () => undefined,
  };
});

snapshotStoreSuite('MemorySnapshotStore', async () => {
  const disk = new LaterDisk();
  return {
    open: async () => new MemorySnapshotStore(disk),
    damage: async (at, change) => disk.putSnapshot(at, change(Buffer.from(disk.durable.snapshots.get(at)!))),
    dispose: async () => undefined,
  };
});

/** A disk whose syncs end when the test says so, and the process on it. */
class Machine {
  readonly syncs: ((failure?: Error) => void)[] = [];
  readonly disk = new MemoryDisk((done) => this.syncs.push(done));
  log = new MemoryReplayLog(this.disk);
  identityStore = new MemoryIdentityStore(this.disk);

  /** The process starts again; what its log then knows. */
  async restart() {
    this.log = new MemoryReplayLog(this.disk);
    this.identityStore = new MemoryIdentityStore(this.disk);
    return this.log.recover();
  }
}

/** Whether a promise has settled by now. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let result = false;
  const note = () => (result = true);
  promise.then(note, note);
  for (let i = 0; i < 10; i++) await Promise.resolve();
  return result;
}

const TURN = { accepted: records(1, 3), promised: ballot(2), chosenUpTo: slot(2) };

describe('MemoryDisk', () => {
  it('makes a turn durable, and says so, only when its sync ends', async () => {
    const { disk, log, syncs } = new Machine();
    await log.recover();
    const appended = log.append(TURN);
    expect(await settled(appended)).toBe(false);
    expect(disk.durable.records.size).toBe(0);
    syncs[0]!();
    await appended;
    expect(disk.durable.log).toMatchObject({ promised: ballot(2), chosenUpTo: 2, lastSlot: 3 });
    expect(slotsOf([...disk.durable.records.values()])).toEqual([1, 2, 3]);
  });

  it('forgets an unsynced turn in a crash, as a whole', async () => {
    const machine = new Machine();
    await machine.log.recover();
    const appended = machine.log.append(TURN);
    machine.disk.crash();
    expect(await machine.restart()).toEqual(EMPTY_LOG);
    expect(await machine.log.read(slot(1), slot(9), 1000)).toEqual([]);
    machine.syncs[0]!();
    expect(await settled(appended)).toBe(false);
    expect(machine.disk.durable.log).toEqual(EMPTY_LOG);
  });

  it('keeps an unsynced turn in a crash, as a whole, if told so; the dead process never hears of it', async () => {
    const machine = new Machine();
    await machine.log.recover();
    const appended = machine.log.append(TURN);
    machine.disk.crash(() => true);
    expect(await machine.restart()).toMatchObject({ promised: ballot(2), chosenUpTo: 2, lastSlot: 3 });
    expect(plain(await machine.log.read(slot(1), slot(9), 1000))).toEqual(plain(TURN.accepted));
    machine.syncs[0]!();
    expect(await settled(appended)).toBe(false);
  });

  it('asks about each unsynced write, and keeps all that was synced', async () => {
    const machine = new Machine();
    await machine.log.recover();
    const saved = machine.identityStore.create(FORMING);
    machine.syncs[0]!();
    await saved;
    void machine.identityStore.save(MEMBER);
    void machine.log.append(TURN);
    const answers = [false, true];
    machine.disk.crash(() => answers.shift()!);
    expect(answers).toEqual([]);
    expect(await machine.restart()).toMatchObject({ lastSlot: 3 });
    expect(await machine.identityStore.load()).toEqual(FORMING);
  });

  it('leaves open whether a write is there that the disk refused', async () => {
    for (const kept of [true, false]) {
      const machine = new Machine();
      await machine.log.recover();
      const appended = machine.log.append(TURN);
      machine.syncs[0]!(new Error('input/output error'));
      await expect(appended).rejects.toThrow('input/output error');
      expect(machine.disk.durable.log).toEqual(EMPTY_LOG);
      machine.disk.crash(() => kept);
      expect(await machine.restart()).toMatchObject({ lastSlot: kept ? 3 : 0 });
    }
  });

  it('takes nothing more from a process that crashed', async () => {
    const machine = new Machine();
    const { log, identityStore } = machine;
    await log.recover();
    machine.disk.crash();
    await machine.restart();
    const late = [
      log.append({ accepted: [], chosenUpTo: slot(9) }),
      log.read(slot(1), slot(9), 1000),
      identityStore.save(FORMING),
      identityStore.load(),
      new MemoryReplayLog(machine.disk).recover(),
    ];
    expect(await Promise.all(late.map(settled))).toEqual([false, false, false, false, true]);
    expect(machine.syncs).toEqual([]);
    machine.disk.crash(() => true);
    expect(machine.disk.durable).toMatchObject({ identity: undefined, log: EMPTY_LOG });
  });

  it('forgets an unsynced snapshot in a crash, and keeps it whole once synced', async () => {
    for (const kept of [true, false]) {
      const machine = new Machine();
      const snapshots = new MemorySnapshotStore(machine.disk);
      void snapshots.write(handleOf(7), chunksOf('one'));
      await settled(Promise.resolve());
      if (kept) machine.syncs[0]!();
      machine.disk.crash();
      const found = new MemorySnapshotStore(machine.disk);
      expect(await found.list()).toEqual(kept ? [7] : []);
      if (kept) expect(await readAll(found, 7)).toEqual(['one']);
    }
  });

  it('is empty after it was wiped', async () => {
    const machine = new Machine();
    await machine.log.recover();
    const done = [machine.log.append(TURN), machine.identityStore.create(MEMBER)];
    for (const sync of machine.syncs) sync();
    await Promise.all(done);
    void machine.log.append({ accepted: records(4, 5) });
    machine.disk.wipe();
    expect(await machine.restart()).toEqual(EMPTY_LOG);
    expect(await machine.identityStore.load()).toBeUndefined();
    expect(await machine.log.read(slot(1), slot(9), 1000)).toEqual([]);
  });

  it('syncs at once unless told otherwise', async () => {
    const disk = new MemoryDisk();
    const log = new MemoryReplayLog(disk);
    await log.recover();
    void log.append({ accepted: [record(1)] });
    await Promise.resolve();
    expect(disk.durable.records.size).toBe(1);
  });

  it('does not take a gap below the chosen watermark', async () => {
    const machine = new Machine();
    await machine.log.recover();
    void machine.log.append({ accepted: [record(1), record(3)], chosenUpTo: slot(3) });
    expect(() => machine.syncs[0]!()).toThrow('slot 2 is chosen, its record is stored');
  });
});
