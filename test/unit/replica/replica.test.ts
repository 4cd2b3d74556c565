import { describe, expect, it } from 'vitest';
import { DEFAULT_LOG_TIMINGS } from '../../../src/paxos/timings.js';
import type { PeerFrame } from '../../../src/replica/transport.js';
import type { CellId } from '../../../src/storage/identity-store.js';
import { StorageFailure } from '../../../src/storage/storage-failure.js';
import { identityOf, slot } from '../paxos/ids.js';
import { TestCell } from './test-cell.js';
import type { Place } from './test-cell.js';
import { settle } from './test-clock.js';

const { leaseMs, renewMs } = DEFAULT_LOG_TIMINGS;

const followerOf = (cell: TestCell, master: Place): Place => cell.places.find((place) => place !== master)!;

describe('a cell of replicas', () => {
  it('is born, elects one master, and applies the same everywhere', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    master.notebook!.submit('hello');
    expect(await cell.applied('hello')).toBe(true);
    const lines = cell.places.map(({ notebook }) => notebook!.lines.filter((line) => !line.startsWith('reign')));
    expect(lines[0]).toEqual(['1 epoch', '2 configuration', '3 hello']);
    expect(lines[1]).toEqual(lines[0]);
    expect(lines[2]).toEqual(lines[0]);
    expect(cell.places.filter(({ isMaster }) => isMaster)).toHaveLength(1);
    expect(cell.places.map(({ replica }) => replica!.master())).toEqual([master.id, master.id, master.id]);
  });

  it('waits for a silent peer at its birth, and says for whom', async () => {
    const cell = new TestCell(3);
    await cell.place(1).start();
    await cell.place(2).start();
    await cell.time.pass(5000);
    expect(cell.place(1).replica!.status()).toMatchObject({ cellId: undefined, node: undefined, waitingFor: [3] });
    await cell.place(3).start();
    expect(await cell.time.until(() => cell.master !== undefined)).toBe(true);
    expect(cell.place(1).replica!.status().waitingFor).toEqual([]);
  });

  it('goes on alone when it is a cell of one', async () => {
    const cell = new TestCell(1);
    const master = await cell.open();
    master.notebook!.submit('hello');
    expect(await cell.applied('hello')).toBe(true);
  });

  it('runs by the lease that its state names, at the next reign and after a start, whatever the file says', async () => {
    const cell = new TestCell(3);
    const first = await cell.open();
    first.notebook!.submit(`lease ${2 * leaseMs}`);
    await cell.applied(`${2 * leaseMs}`);
    await cell.time.pass(renewMs);
    first.kill();
    expect(await cell.time.until(() => cell.master !== undefined, 5000)).toBe(true);
    const lengthsOf = (place: Place): number[] =>
      cell.wires.sent
        .filter((frame) => frame.from.replicaId === place.id)
        .flatMap(({ messages }) => messages.map((message) => (message.type === 'heartbeat' ? message.leaseMs : 0)))
        .filter((length) => length > 0);
    cell.wires.sent.length = 0;
    await cell.time.pass(2 * renewMs);
    expect(new Set(lengthsOf(cell.master!))).toEqual(new Set([2 * leaseMs]));

    for (const place of cell.places) place.kill();
    await cell.start();
    expect(await cell.time.until(() => cell.master !== undefined, 5000)).toBe(true);
    cell.wires.sent.length = 0;
    await cell.time.pass(2 * renewMs);
    expect(new Set(lengthsOf(cell.master!))).toEqual(new Set([2 * leaseMs]));
  });

  it('goes on without a minority, and elects again when the master dies', async () => {
    const cell = new TestCell(3);
    const first = await cell.open();
    first.notebook!.submit('before');
    await cell.applied('before');
    first.kill();
    expect(await cell.time.until(() => cell.master !== undefined, 3000)).toBe(true);
    cell.master!.notebook!.submit('after');
    expect(await cell.applied('after')).toBe(true);
    await first.start();
    expect(await cell.applied('after')).toBe(true);
    expect(first.notebook!.applied).toEqual(['before', 'after']);
  });

  it('acknowledges nothing and serves nobody without a majority', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    for (const place of cell.places) if (place !== master) place.kill();
    master.notebook!.submit('alone');
    await cell.time.pass(leaseMs);
    expect(master.isMaster).toBe(false);
    expect(master.notebook!.applied).toEqual([]);
  });

  it('applies again, in the same order, what its log holds when everybody restarts', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    for (const word of ['a', 'b', 'c']) {
      master.notebook!.submit(word);
      await cell.applied(word);
    }
    for (const place of cell.places) place.kill();
    await cell.start();
    await cell.time.until(() => cell.master !== undefined);
    cell.master!.notebook!.submit('d');
    expect(await cell.applied('d')).toBe(true);
    for (const { notebook } of cell.places) expect(notebook!.applied).toEqual(['a', 'b', 'c', 'd']);
  });

  it('brings up from the disk a replica that is behind all that memory keeps', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    const behind = followerOf(cell, master);
    behind.kill();
    const megabyte = 'x'.repeat(1024 * 1024);
    for (let n = 0; n < 12; n++) {
      master.notebook!.submit(`${n}${megabyte}`);
      await cell.applied(`${n}${megabyte}`);
    }
    await behind.start();
    expect(await cell.applied(`11${megabyte}`)).toBe(true);
    expect(behind.notebook!.applied.map((body) => body.slice(0, 2))).toEqual(
      Array.from({ length: 12 }, (_, n) => `${n}x`.slice(0, 2)),
    );
  });
});

describe('a replica', () => {
  it('speaks only of what is on disk: no Accepted leaves before the write ends', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    const voter = followerOf(cell, master);
    voter.holdsSyncs = true;
    cell.wires.take(voter.id);
    master.notebook!.submit('x');
    await cell.time.pass(20);
    expect(voter.heldSyncs).toHaveLength(1);
    expect(cell.wires.take(voter.id)).not.toContain('accepted');
    voter.releaseSyncs();
    await settle();
    expect(cell.wires.take(voter.id)).toContain('accepted');
  });

  it('answers heartbeats while its disk is slow, so that the lease goes on', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    for (const place of cell.places) if (place !== master) place.holdsSyncs = true;
    master.notebook!.submit('x');
    await cell.time.pass(3 * leaseMs);
    expect(master.isMaster).toBe(true);
    expect(master.notebook!.applied).toEqual([]);
  });

  it('hands over when it is master and its disk hangs', async () => {
    const cell = new TestCell(5);
    const master = await cell.open();
    master.notebook!.submit('before');
    await cell.applied('before');
    master.holdsSyncs = true;
    master.notebook!.submit('held up');
    await cell.time.pass(20 * leaseMs);
    expect(cell.master).toBeDefined();
    expect(cell.master).not.toBe(master);
    cell.master!.notebook!.submit('after');
    const others = cell.places.filter((place) => place !== master);
    expect(await cell.time.until(() => others.every(({ notebook }) => notebook!.applied.includes('after')))).toBe(true);
    expect(master.notebook!.lines.at(-1)).toMatch(/its disk has not answered for \d+ ms/);
  });

  it.each([50, 320, 600])('finds a master where every disk takes %d ms', async (syncMs) => {
    const cell = new TestCell(5);
    for (const place of cell.places) place.syncMs = syncMs;
    void cell.start();
    expect(await cell.time.until(() => cell.master !== undefined, 60_000)).toBe(true);
  });

  it('never serves beside another, however often its machine naps', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    await cell.time.pass(leaseMs);
    cell.wires.passes = ({ from, to }) => from.replicaId !== master.id && to.replicaId !== master.id;
    for (let nap = 0; nap < 60; nap++) {
      await cell.time.pass(15);
      await master.clock.nap(cell.time, 10);
      expect(cell.places.filter(({ isMaster }) => isMaster).length).toBeLessThan(2);
    }
    expect(cell.master).not.toBe(master);
  });

  it('tells once of a replica that speaks for another cell', async () => {
    const [alpha, beta] = [new TestCell(3), new TestCell(3, {}, 77)];
    await Promise.all([alpha.open(), beta.open()]);
    const lost = alpha.place(3);
    lost.kill();
    lost.disk = beta.place(3).disk;
    await lost.start();
    await alpha.time.pass(5_000);
    const { cellId } = alpha.place(1).replica!.status();
    const told = lost.strangers.map(({ replicaId }) => replicaId);
    expect(told).toContain(alpha.master!.id);
    expect(new Set(told).size).toBe(told.length);
    expect(lost.strangers[0]).toMatchObject({ cellId, ownCellId: beta.place(1).replica!.status().cellId });
  });

  it('has one write under way at a time', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    for (const place of cell.places) place.writes.most = 0;
    for (let n = 0; n < 50; n++) {
      for (const place of cell.places) {
        place.holdsSyncs = n % 3 !== 0;
        if (n % 5 === 0) place.releaseSyncs();
      }
      master.notebook!.submit(`v${n}`);
      await cell.time.pass(3);
    }
    for (const place of cell.places) {
      place.holdsSyncs = false;
      place.releaseSyncs();
    }
    expect(await cell.applied('v49')).toBe(true);
    for (const place of cell.places) expect(place.writes.most).toBe(1);
  });

  it('puts into one value what arrives while a write is under way, and what arrives in one burst', async () => {
    const cell = new TestCell(1);
    const master = await cell.open();
    master.notebook!.submit('a');
    master.notebook!.submit('b');
    await settle();
    expect(master.notebook!.applied).toEqual(['a b']);
    master.holdsSyncs = true;
    const before = master.writes.total;
    master.notebook!.submit('c');
    await settle();
    for (const word of ['d', 'e', 'f']) {
      master.notebook!.submit(word);
      await settle();
    }
    expect(master.writes.total).toBe(before + 1);
    master.holdsSyncs = false;
    master.releaseSyncs();
    await settle();
    expect(master.notebook!.applied).toEqual(['a b', 'c', 'd e f']);
    expect(master.writes.total).toBe(before + 2);
  });

  it('ends when a write fails: once, and without another word', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    const voter = followerOf(cell, master);
    voter.holdsSyncs = true;
    master.notebook!.submit('x');
    await cell.time.pass(20);
    cell.wires.take(voter.id);
    voter.releaseSyncs(new Error('no space left on device'));
    await settle();
    expect(voter.fatal).toHaveLength(1);
    expect(voter.fatal[0]).toBeInstanceOf(StorageFailure);
    const written = voter.writes.total;
    master.notebook!.submit('y');
    await cell.time.pass(5 * leaseMs);
    expect(cell.wires.take(voter.id)).toEqual([]);
    expect(voter.fatal).toHaveLength(1);
    expect(voter.writes.total).toBe(written);
  });

  it('stops serving when a write of the master fails', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    master.holdsSyncs = true;
    master.notebook!.submit('x');
    await settle();
    master.releaseSyncs(new Error('input/output error'));
    await settle();
    expect(master.fatal).toHaveLength(1);
    expect(master.isMaster).toBe(false);
    expect(await cell.time.until(() => cell.master !== undefined, 3000)).toBe(true);
    expect(cell.master).not.toBe(master);
  });

  it('ends when the application cannot go on', async () => {
    const cell = new TestCell(1);
    const master = await cell.open();
    master.notebook!.submit('poison');
    await settle();
    expect(master.fatal.map(({ message }) => message)).toEqual(['the application cannot go on']);
    expect(master.isMaster).toBe(false);
  });

  it('has its longest lease on disk before it grants one, and waits for it after a restart', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    await cell.time.pass(renewMs * 2);
    const voter = followerOf(cell, master);
    expect(voter.disk.durable.identity?.longestLeaseMs).toBe(leaseMs);
    master.kill();
    voter.kill();
    await voter.start();
    cell.wires.take(voter.id);
    await cell.time.pass(leaseMs - 40);
    expect(cell.wires.take(voter.id)).not.toContain('promise');
    expect(cell.master).toBeUndefined();
    expect(await cell.time.until(() => cell.master !== undefined, 3000)).toBe(true);
  });

  it('does not serve after its machine was suspended', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    master.clock.suspendedMs += 5000;
    expect(master.replica!.reign()).toBeUndefined();
    await settle();
    expect(master.notebook!.lines.at(-1)).toContain('suspended');
  });
});

describe('frames', () => {
  const preVoteTo = (cell: TestCell, voter: Place, from: Place, change: Partial<PeerFrame>): PeerFrame => {
    const { identity } = voter.disk.durable;
    const self = from.disk.durable.identity!.self;
    return {
      cellId: identity!.cellId!,
      from: self,
      to: identity!.self,
      messages: [{ type: 'preVote', ballot: { round: 50, ...self }, configurationNumber: 0 }],
      ...change,
    };
  };

  it.each<[string, Partial<PeerFrame>, string[]]>([
    ['of this cell, to this life', {}, ['preVoteReply']],
    ['of another cell', { cellId: 'f'.repeat(32) as CellId }, []],
    [
      'from another life of a peer: denied, and told how far the log goes',
      { from: identityOf(2, 0xabc) },
      ['catchUpReply', 'preVoteReply'],
    ],
    ['to another life', { to: identityOf(1, 0xabc) }, []],
    ['to a life that the sender does not know', { to: { replicaId: identityOf(1).replicaId } }, []],
    ['to another replica', { to: identityOf(3) }, []],
  ])('%s', async (_what, change, answers) => {
    const cell = new TestCell(3);
    await cell.open();
    await cell.time.pass(100);
    cell.wires.passes = () => false;
    cell.wires.take(1);
    cell.wires.deliverTo(cell.place(1).id, preVoteTo(cell, cell.place(1), cell.place(2), change));
    expect(cell.wires.take(1)).toEqual(answers);
  });

  it('without a cell are heard only for a birth', async () => {
    const cell = new TestCell(3);
    await cell.open();
    cell.wires.take(1);
    const { cellId: _cellId, ...frame } = preVoteTo(cell, cell.place(1), cell.place(2), {});
    cell.wires.deliver(frame);
    expect(cell.wires.take(1)).toEqual([]);
    const offeredCellId = cell.place(2).disk.durable.identity!.offeredCellId;
    cell.wires.deliver({ ...frame, messages: [{ type: 'birth', stage: 'asking', offeredCellId, answerWanted: true }] });
    expect(cell.wires.take(1)).toEqual(['birth']);
  });
});

describe('stopping', () => {
  it('hands over: the next master serves long before a lease has run out', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    await cell.time.pass(renewMs * 3);
    cell.wires.take(master.id);
    const stopped = master.replica!.stop(1000);
    await stopped;
    expect(master.isMaster).toBe(false);
    expect(cell.wires.take(master.id)).toContain('release');
    expect(master.reigns).toEqual(['reignBegan', 'reignEnded']);
    expect(await cell.time.until(() => cell.master !== undefined, leaseMs / 2)).toBe(true);
    expect(cell.master).not.toBe(master);
    expect(cell.wires.take(master.id)).toEqual([]);
  });

  it('lets what is in flight be chosen before it hands over', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    master.notebook!.submit('last');
    await settle();
    const stopped = master.replica!.stop(1000);
    await cell.time.until(() => !master.isMaster);
    await stopped;
    expect(master.notebook!.applied).toEqual(['last']);
    expect(await cell.applied('last')).toBe(true);
  });

  it('does not wait for ever', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    cell.wires.passes = () => false;
    master.notebook!.submit('lost');
    await settle();
    let over = false;
    void master.replica!.stop(200).then(() => {
      over = true;
    });
    await cell.time.pass(180);
    expect(over).toBe(false);
    await cell.time.pass(40);
    expect(over).toBe(true);
  });

  it('is immediate for everybody else', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    const voter = followerOf(cell, master);
    await voter.replica!.stop(1000);
    cell.wires.take(voter.id);
    await cell.time.pass(2000);
    expect(cell.wires.take(voter.id)).toEqual([]);
    expect(voter.fatal).toEqual([]);
    expect(voter.replica!.status().node?.chosenUpTo).toBeGreaterThanOrEqual(slot(0));
  });
});
