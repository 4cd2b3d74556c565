import { describe, expect, it } from 'vitest';
import { sameIdentity } from '../../../src/paxos/ballot.js';
import type { Identity } from '../../../src/paxos/ballot.js';
import { RemovedFromCell } from '../../../src/replica/removed.js';
import { Rejoin, SILENT_MS } from '../../../src/replica/rejoin.js';
import type { KnownMembers } from '../../../src/replica/rejoin.js';
import { identityOf } from '../paxos/ids.js';
import { TestCell } from './test-cell.js';
import type { Place } from './test-cell.js';

const PATIENCE_MS = 60_000;

const configurationAt = (place: Place) => place.replica!.status().node!.configuration;

const votes = (cell: TestCell, place: Place): boolean =>
  configurationAt(cell.master ?? place).voters.some((voter) => sameIdentity(voter, place.disk.durable.identity!.self));

const followersOf = (cell: TestCell, master: Place): Place[] => cell.places.filter((place) => place !== master);

async function loseDisk(place: Place): Promise<void> {
  place.kill();
  place.disk.wipe();
  await place.start();
}

describe('a replica that lost its disk', () => {
  it('follows, says nothing that counts, and votes again as another once the log says so', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    const [lost] = followersOf(cell, master) as [Place];
    const { self: old } = lost.disk.durable.identity!;
    master.notebook!.submit('before');
    await cell.applied('before');
    await loseDisk(lost);
    cell.wires.take(lost.id);
    await cell.time.pass(SILENT_MS / 2);
    expect(new Set(cell.wires.take(lost.id))).toEqual(new Set(['birth', 'joinRequest']));
    expect(await cell.time.until(() => votes(cell, lost), PATIENCE_MS)).toBe(true);
    expect(lost.disk.durable.identity!.self.incarnation).not.toBe(old.incarnation);
    expect(configurationAt(master)).toMatchObject({ number: 4, learners: [] });
    expect(configurationAt(master).voters).toHaveLength(3);
    expect(await cell.applied('before')).toBe(true);

    // It is needed now, and counts.
    followersOf(cell, master)
      .find((place) => place !== lost)!
      .kill();
    master.notebook!.submit('after');
    expect(await cell.applied('after')).toBe(true);
    expect(cell.places.flatMap(({ fatal }) => fatal)).toEqual([]);
  });

  it('comes back though it misses more than any log still has', async () => {
    const cell = new TestCell(3, {}, 0, { afterLogBytes: Infinity, afterSlots: 10, kept: 1 });
    const master = await cell.open();
    for (let n = 0; n < 40; n++) {
      master.notebook!.submit(`w-${n}`);
      await cell.applied(`w-${n}`);
    }
    const [lost, other] = followersOf(cell, master) as [Place, Place];
    for (const place of [master, other]) place.kill();
    for (const place of [master, other]) await place.start();
    await cell.time.until(() => cell.master !== undefined);
    await loseDisk(lost);
    expect(await cell.time.until(() => votes(cell, lost), PATIENCE_MS)).toBe(true);
    expect(await cell.applied('w-39')).toBe(true);
    expect(lost.notebook!.lines.some((line) => line.startsWith('snapshot of'))).toBe(true);
  });

  it('goes on where it stopped when it, or the master, dies on the way', async () => {
    const cell = new TestCell(5);
    const master = await cell.open();
    const [lost] = followersOf(cell, master) as [Place];
    await loseDisk(lost);
    const isLearner = (): boolean => configurationAt(cell.master ?? lost).learners.length > 0;
    expect(await cell.time.until(() => cell.master !== undefined && isLearner(), PATIENCE_MS)).toBe(true);
    cell.master!.kill();
    lost.kill();
    await lost.start();
    expect(await cell.time.until(() => cell.master !== undefined && votes(cell, lost), PATIENCE_MS)).toBe(true);
    expect(lost.fatal).toEqual([]);
  });

  it('is one of two, who come back one after the other', async () => {
    const cell = new TestCell(5);
    const master = await cell.open();
    const [one, two] = followersOf(cell, master) as [Place, Place];
    master.notebook!.submit('before');
    await cell.applied('before');
    await Promise.all([loseDisk(one), loseDisk(two)]);
    const both = (): boolean => cell.master !== undefined && votes(cell, one) && votes(cell, two);
    expect(await cell.time.until(both, PATIENCE_MS)).toBe(true);
    expect(configurationAt(cell.master!).voters).toHaveLength(5);
    expect(await cell.applied('before')).toBe(true);
  });

  it('is not let in while a majority of the rest is away, and nothing is given up', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    const [lost, away] = followersOf(cell, master) as [Place, Place];
    away.kill();
    await loseDisk(lost);
    await cell.time.pass(PATIENCE_MS);
    expect(cell.master).toBeUndefined();
    expect(configurationAt(master).number).toBe(1);
    await away.start();
    expect(await cell.time.until(() => cell.master !== undefined && votes(cell, lost), PATIENCE_MS)).toBe(true);
  });

  it('has its old disk back too late: that one ends, and says so', async () => {
    const cell = new TestCell(3);
    const master = await cell.open();
    const [lost] = followersOf(cell, master) as [Place];
    lost.kill();
    const oldDisk = lost.disk;
    lost.replaceDisk();
    await lost.start();
    expect(await cell.time.until(() => votes(cell, lost), PATIENCE_MS)).toBe(true);
    lost.kill();
    lost.disk = oldDisk;
    await lost.start();
    expect(await cell.time.until(() => lost.fatal.length > 0, PATIENCE_MS)).toBe(true);
    expect(lost.fatal[0]).toBeInstanceOf(RemovedFromCell);
  });
});

describe('who may be given up', () => {
  const VOTERS = [1, 2, 3, 4, 5].map((id) => identityOf(id));
  const again = (id: number): Identity => ({
    ...identityOf(id),
    incarnation: 'f'.repeat(16) as Identity['incarnation'],
  });

  /** A master that hears of these ids now, and last heard of the others long ago. */
  const known = (alive: readonly number[], over: Partial<KnownMembers> = {}): KnownMembers => ({
    self: identityOf(1),
    configuration: { number: 1, voters: VOTERS, learners: [] },
    members: VOTERS.slice(1).map((identity) => ({
      identity,
      votes: true,
      short: false,
      chosenUpTo: undefined,
      heardAtMs: alive.includes(identity.replicaId) ? 100_000 : 1_000,
      caughtUp: false,
    })),
    leaseMs: 600,
    reigningSinceMs: 0,
    ...over,
  });

  function rejoinAskedBy(...identities: Identity[]) {
    const rivals: Identity[] = [];
    const rejoin = new Rejoin(
      [1, 2, 3, 4, 5].map((id) => identityOf(id).replicaId),
      (claimant) => rivals.push(claimant),
    );
    for (let atMs = 80_000; atMs <= 100_000; atMs += 1_000) for (const each of identities) rejoin.asked(each, atMs);
    return { rejoin, rivals };
  }

  it('is an old identity that is silent, for one that has asked for long', () => {
    const { rejoin } = rejoinAskedBy(again(5));
    expect(rejoin.next(known([2, 3, 4]), 100_000)).toEqual({ type: 'remove', identity: identityOf(5) });
    expect(rejoin.next(known([2, 3, 4, 5]), 100_000)).toBeUndefined();
    expect(rejoin.next(known([2, 3, 4], { reigningSinceMs: 95_000 }), 100_000)).toEqual({
      type: 'remove',
      identity: identityOf(5),
    });
  });

  it('is nobody under a master that has not listened for long enough', () => {
    const { rejoin } = rejoinAskedBy(again(5));
    const members = known([2, 3, 4]).members.map((member) => ({
      ...member,
      heardAtMs: member.heardAtMs! > 50_000 ? 100_000 : undefined,
    }));
    expect(rejoin.next(known([], { members, reigningSinceMs: 95_000 }), 100_000)).toBeUndefined();
    expect(rejoin.next(known([], { members, reigningSinceMs: 85_000 }), 100_000)).toBeDefined();
  });

  it('is nobody while less than a majority of the rest is healthy', () => {
    const { rejoin } = rejoinAskedBy(again(5));
    expect(rejoin.next(known([2, 3]), 100_000)).toBeDefined();
    expect(rejoin.next(known([2]), 100_000)).toBeUndefined();
  });

  it('is nobody while another one is built', () => {
    const { rejoin } = rejoinAskedBy(again(5));
    const configuration = {
      number: 3,
      voters: VOTERS.filter(({ replicaId }) => replicaId !== 4),
      learners: [again(4)],
    };
    expect(rejoin.next(known([2, 3], { configuration }), 100_000)).toBeUndefined();
  });

  it('is nobody who asked only a moment ago, or does not ask any more', () => {
    const rejoin = new Rejoin([identityOf(5).replicaId], () => undefined);
    rejoin.asked(again(5), 99_000);
    expect(rejoin.next(known([2, 3, 4]), 100_000)).toBeUndefined();
    expect(rejoinAskedBy(again(5)).rejoin.next(known([2, 3, 4]), 110_000)).toBeUndefined();
  });

  it('is given up again only after a pause, which grows', () => {
    const { rejoin } = rejoinAskedBy(again(5));
    rejoin.changed({ type: 'remove', identity: identityOf(5) }, 99_000);
    expect(rejoin.next(known([2, 3, 4]), 100_000)).toBeUndefined();
    rejoin.asked(again(5), 160_000);
    for (let atMs = 160_000; atMs <= 180_000; atMs += 1_000) rejoin.asked(again(5), atMs);
    const later = {
      ...known([2, 3, 4]),
      members: known([2, 3, 4]).members.map((m) => ({ ...m, heardAtMs: m.heardAtMs! > 50_000 ? 180_000 : 1_000 })),
    };
    expect(rejoin.next(later, 180_000)).toBeDefined();
  });

  it('is refused to a second claimant, who is named; and to ids that the cell is not to have', () => {
    const rival = { ...again(5), incarnation: 'e'.repeat(16) as Identity['incarnation'] };
    const { rejoin, rivals } = rejoinAskedBy(again(5), rival);
    expect(rivals[0]).toEqual(rival);
    expect(rejoin.next(known([2, 3, 4]), 100_000)).toEqual({ type: 'remove', identity: identityOf(5) });
    expect(rejoinAskedBy(again(9)).rejoin.next(known([2, 3, 4, 5]), 100_000)).toBeUndefined();
  });
});
