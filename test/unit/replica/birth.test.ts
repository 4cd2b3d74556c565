import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { below, SeededRng } from '../../../src/common/rng.js';
import type { Incarnation, ReplicaId } from '../../../src/paxos/ballot.js';
import { Birth, BirthConflict, LostDisk } from '../../../src/replica/birth.js';
import type { BirthAnnouncement } from '../../../src/replica/transport.js';
import type { CellId, ReplicaIdentity } from '../../../src/storage/identity-store.js';

const IDS = [1, 2, 3] as ReplicaId[];

const freshIdentity = (replicaId: ReplicaId, life: number): ReplicaIdentity => ({
  state: 'forming',
  self: { replicaId, incarnation: `${replicaId}${life}`.padStart(16, '0') as Incarnation },
  offeredCellId: `${replicaId}${life}`.padStart(32, 'c') as CellId,
  longestLeaseMs: 0,
});

/** A replica's birth over a disk that keeps what was saved. */
class Newborn {
  disk: ReplicaIdentity;
  birth: Birth;
  /** What ended the process. */
  error: unknown;
  #saving: ReplicaIdentity | undefined;

  constructor(
    readonly id: ReplicaId,
    private life = 1,
  ) {
    this.disk = freshIdentity(id, life);
    this.birth = new Birth(this.disk, IDS);
  }

  hear(from: Newborn['disk']['self'], announcement: BirthAnnouncement): void {
    if (this.error !== undefined) return;
    try {
      const next = this.birth.receive(from, announcement);
      this.#saving ??= next;
    } catch (error) {
      this.error = error;
    }
  }

  /** What is being saved reaches the disk. */
  sync(): void {
    const saved = this.#saving;
    if (saved === undefined || this.error !== undefined) return;
    this.disk = saved;
    try {
      this.#saving = this.birth.saved(saved);
    } catch (error) {
      this.error = error;
    }
  }

  restart(): void {
    this.#saving = undefined;
    this.error = undefined;
    this.birth = new Birth(this.disk, IDS);
  }

  wipe(): void {
    this.life++;
    this.disk = freshIdentity(this.id, this.life);
    this.restart();
  }

  announces(): BirthAnnouncement {
    return this.birth.announcement(true);
  }
}

const threeNewborns = (): Newborn[] => IDS.map((id) => new Newborn(id));

/** Everybody tells everybody, and every disk works, a few times over. */
function settle(cell: readonly Newborn[]): void {
  for (let round = 0; round < 4; round++) {
    for (const from of cell) {
      for (const to of cell) if (to !== from) to.hear(from.disk.self, from.announces());
      for (const each of cell) {
        each.sync();
        each.sync();
      }
    }
  }
}

const permutations = <T>(items: readonly T[]): T[][] =>
  items.length <= 1
    ? [[...items]]
    : items.flatMap((item, index) =>
        permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
      );

function expectOneCell(cell: readonly Newborn[]): void {
  const [first] = cell;
  for (const each of cell) {
    expect(each.error).toBeUndefined();
    expect(each.disk.state).toBe('member');
    expect(each.disk.cellId).toBe(first!.disk.cellId);
    expect(each.disk.founders).toEqual(cell.map(({ disk }) => disk.self));
  }
}

describe('a birth', () => {
  it('ends in one cell under the id offered by the lowest replica, in whatever order they hear of each other', () => {
    const pairs = [0, 1, 2].flatMap((from) => [0, 1, 2].filter((to) => to !== from).map((to) => [from, to] as const));
    for (const order of permutations(pairs)) {
      const cell = threeNewborns();
      for (const [from, to] of order) {
        cell[to]!.hear(cell[from]!.disk.self, cell[from]!.announces());
        cell[to]!.sync();
      }
      settle(cell);
      expectOneCell(cell);
      expect(cell[2]!.disk.cellId).toBe(cell[0]!.disk.offeredCellId);
    }
  });

  it('survives late and repeated announcements, and a crash of anybody at any point', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const rng = new SeededRng(seed);
        const cell = threeNewborns();
        const said: { readonly from: ReplicaIdentity['self']; readonly announcement: BirthAnnouncement }[] = [];
        for (let step = 0; step < 60; step++) {
          const one = cell[below(rng, 3)]!;
          const dice = rng.next();
          if (dice < 0.3) said.push({ from: one.disk.self, announcement: one.announces() });
          else if (dice < 0.4) one.restart();
          else if (dice < 0.6) one.sync();
          else if (said.length > 0) {
            const { from, announcement } = said[below(rng, said.length)]!;
            if (from.replicaId !== one.id) one.hear(from, announcement);
          }
        }
        settle(cell);
        expectOneCell(cell);
      }),
      { numRuns: 500 },
    );
  });

  it('waits while a peer is silent, and says for whom', () => {
    const [one, two] = threeNewborns();
    expect(one!.birth.waitingFor).toEqual([2, 3]);
    one!.hear(two!.disk.self, two!.announces());
    one!.sync();
    expect(one!.birth.waitingFor).toEqual([3]);
    expect(one!.disk.cellId).toBeUndefined();
    expect(one!.birth.announcement(false)).toMatchObject({ stage: 'asking', answerWanted: false });
  });

  it('forms only when it has heard of all, and is a member only when all form the same', () => {
    const [one, two, three] = threeNewborns();
    for (const peer of [two!, three!]) one!.hear(peer.disk.self, peer.announces());
    one!.sync();
    expect(one!.disk).toMatchObject({ state: 'forming', cellId: one!.disk.offeredCellId });
    expect(one!.birth.complete).toBe(false);
    for (const peer of [one!, three!]) two!.hear(peer.disk.self, peer.announces());
    two!.sync();
    one!.hear(two!.disk.self, two!.announces());
    one!.sync();
    expect(one!.birth.complete).toBe(false);
  });

  it('tells nothing that is not on disk', () => {
    const [one, two, three] = threeNewborns();
    for (const peer of [two!, three!]) one!.hear(peer.disk.self, peer.announces());
    expect(one!.announces().stage).toBe('asking');
    one!.sync();
    expect(one!.announces().stage).toBe('forming');
  });

  it('is over at once for a cell of one', () => {
    const identity = freshIdentity(1 as ReplicaId, 1);
    const birth = new Birth(identity, [1 as ReplicaId]);
    const forming = birth.saved(identity)!;
    const member = birth.saved(forming)!;
    expect(member).toMatchObject({ state: 'member', cellId: identity.offeredCellId, founders: [identity.self] });
    expect(birth.saved(member)).toBeUndefined();
    expect(birth.complete).toBe(true);
  });

  it('does not listen to replicas that the configuration does not name', () => {
    const [one] = threeNewborns();
    const stranger = freshIdentity(9 as ReplicaId, 1);
    one!.hear(stranger.self, { ...one!.announces(), stage: 'member', cellId: stranger.offeredCellId, founders: [] });
    expect(one!.error).toBeUndefined();
  });

  it('has who lost its disk next to a living cell follow it, under an identity that nobody knows', () => {
    const cell = threeNewborns();
    settle(cell);
    cell[2]!.wipe();
    cell[2]!.hear(cell[0]!.disk.self, cell[0]!.announces());
    cell[2]!.sync();
    expect(cell[2]!.error).toBeUndefined();
    expect(cell[2]!.disk).toMatchObject({ state: 'member', cellId: cell[0]!.disk.cellId });
    expect(cell[2]!.disk.founders).toBeUndefined();
    expect(cell[0]!.disk.founders).not.toContainEqual(cell[2]!.disk.self);
    settle(cell);
    expect(cell[0]!.error).toBeUndefined();
  });

  it('never makes two cells when a directory is emptied while it goes on', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const rng = new SeededRng(seed);
        const cell = threeNewborns();
        const cells = new Set<string>();
        const said: { readonly from: ReplicaIdentity['self']; readonly announcement: BirthAnnouncement }[] = [];
        for (let step = 0; step < 80; step++) {
          const one = cell[below(rng, 3)]!;
          const dice = rng.next();
          if (dice < 0.3) said.push({ from: one.disk.self, announcement: one.announces() });
          else if (dice < 0.33) cell[2]!.wipe();
          else if (dice < 0.36) one.restart();
          else if (dice < 0.6) one.sync();
          else if (said.length > 0) {
            const { from, announcement } = said[below(rng, said.length)]!;
            if (from.replicaId !== one.id) one.hear(from, announcement);
          }
          if (one.disk.state === 'member') cells.add(JSON.stringify([one.disk.cellId, one.disk.founders]));
        }
        // Whoever became a member, before or after the loss, is one of the same cell with the same founders.
        expect(cells.size).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });

  it('names the conflict when a directory was emptied before anybody was a member', () => {
    const cell = threeNewborns();
    const [one, two, three] = cell;
    for (const peer of [two!, three!]) one!.hear(peer.disk.self, peer.announces());
    one!.sync();
    three!.wipe();
    for (const peer of [one!, two!]) three!.hear(peer.disk.self, peer.announces());
    three!.sync();
    one!.hear(three!.disk.self, three!.announces());
    one!.hear(two!.disk.self, two!.announces());
    expect(one!.error).toBeUndefined();
    two!.hear(one!.disk.self, one!.announces());
    two!.hear(three!.disk.self, three!.announces());
    two!.sync();
    one!.hear(two!.disk.self, two!.announces());
    expect(one!.error).toBeInstanceOf(BirthConflict);
    expect((one!.error as Error).message).toContain('empty the data directories of all and start again');
  });

  it('never advises to empty a member', () => {
    // 3 announced that it forms, lost its disk, and began anew while 1 and 2 still formed; then its old word arrived, and
    // 1 and 2 became members: a majority, which may have stored anything since.
    const [one, two, three] = threeNewborns();
    for (const peer of [two!, three!]) one!.hear(peer.disk.self, peer.announces());
    for (const peer of [one!, three!]) two!.hear(peer.disk.self, peer.announces());
    for (const peer of [one!, two!]) three!.hear(peer.disk.self, peer.announces());
    for (const each of [one!, two!, three!]) each.sync();
    const oldSelf = three!.disk.self;
    const oldWord = three!.announces();
    three!.wipe();
    for (const peer of [one!, two!]) three!.hear(peer.disk.self, peer.announces());
    three!.sync();
    for (const [each, peer] of [
      [one!, two!],
      [two!, one!],
    ] as const) {
      each.hear(peer.disk.self, peer.announces());
      each.hear(oldSelf, oldWord);
      each.sync();
      expect(each.disk.state).toBe('member');
    }
    for (const peer of [one!, two!]) three!.hear(peer.disk.self, peer.announces());
    expect(three!.error).toBeInstanceOf(LostDisk);
  });

  it('believes one member that all have formed, while another is away', () => {
    // 2 crashed before it heard 3; 1 heard all and is a member; 3 is away. All have said that they form.
    const [one, two, three] = threeNewborns();
    for (const peer of [two!, three!]) one!.hear(peer.disk.self, peer.announces());
    for (const peer of [one!, three!]) two!.hear(peer.disk.self, peer.announces());
    for (const peer of [one!, two!]) three!.hear(peer.disk.self, peer.announces());
    for (const each of [one!, two!, three!]) each.sync();
    for (const peer of [two!, three!]) one!.hear(peer.disk.self, peer.announces());
    one!.sync();
    expect(one!.disk.state).toBe('member');
    two!.restart();
    two!.hear(one!.disk.self, one!.announces());
    two!.sync();
    expect(two!.disk.state).toBe('member');
  });
});
