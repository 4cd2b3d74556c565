import { sameIdentity } from '../paxos/ballot.js';
import type { Identity, ReplicaId } from '../paxos/ballot.js';
import type { CellId, ReplicaIdentity } from '../storage/identity-store.js';
import type { BirthAnnouncement } from './transport.js';

/** An empty data directory next to a cell that lives: this replica lost its disk. (DESIGN 3.0, 3.9) */
export class LostDisk extends Error {
  override readonly name = 'LostDisk';
}

/** The configured replicas do not take part in the same birth, because a directory was emptied while it went on. */
export class BirthConflict extends Error {
  override readonly name = 'BirthConflict';
}

interface PeerStage {
  readonly incarnation: Identity['incarnation'];
  readonly announcement: BirthAnnouncement;
}

/**
 * Brings a replica from `forming` to `member`. It asks every configured peer; while one is silent it waits. Only when
 * all answered and none is a member does it take part in a birth, under the cell id that the lowest replica id offers;
 * only when all say that they form the same cell with the same founders is it a member. (DESIGN 3.0)
 *
 * The founders are part of what must agree, so that all start from the same birth configuration.
 */
export class Birth {
  #identity: ReplicaIdentity;
  readonly #peers = new Map<ReplicaId, PeerStage>();

  /** @param configured the ids of all replicas of the cell, this one included */
  constructor(
    identity: ReplicaIdentity,
    private readonly configured: readonly ReplicaId[],
  ) {
    this.#identity = identity;
  }

  get identity(): ReplicaIdentity {
    return this.#identity;
  }

  get complete(): boolean {
    return this.#identity.state === 'member';
  }

  /** The peers that have not been heard of yet. */
  get waitingFor(): readonly ReplicaId[] {
    return this.configured.filter((id) => id !== this.#identity.self.replicaId && !this.#peers.has(id));
  }

  /** What this replica tells of itself. To be sent only while {@link identity} is what the disk holds. */
  announcement(answerWanted: boolean): BirthAnnouncement {
    const { state, offeredCellId, cellId, founders } = this.#identity;
    if (cellId === undefined) return { type: 'birth', stage: 'asking', offeredCellId, answerWanted };
    return { type: 'birth', stage: state, offeredCellId, cellId, ...(founders && { founders }), answerWanted };
  }

  /**
   * Takes a peer's announcement.
   *
   * @returns the identity to make durable before {@link saved} is called, if it changes
   * @throws LostDisk when the peer forms a cell with an earlier incarnation of this replica
   * @throws BirthConflict when the peer forms another cell, or with other founders
   */
  receive(from: Identity, announcement: BirthAnnouncement): ReplicaIdentity | undefined {
    const { self } = this.#identity;
    if (this.complete || !this.configured.includes(from.replicaId)) return undefined;
    if (announcement.stage === 'member' && !this.#formsWith(announcement)) return this.#joinCellOf(announcement);
    const replaced = announcement.founders?.some(
      ({ replicaId, incarnation }) => replicaId === self.replicaId && incarnation !== self.incarnation,
    );
    if (replaced === true) {
      throw new LostDisk(
        `replica ${self.replicaId} starts from an empty data directory, but replica ${from.replicaId} forms cell ` +
          `${announcement.cellId} with another incarnation of it: no replica is a member yet and nothing is stored, ` +
          'so empty the data directories of all and start again',
      );
    }
    this.#peers.set(from.replicaId, { incarnation: from.incarnation, announcement });
    return this.#next();
  }

  /** The identity that {@link receive} asked for is durable. Another may follow from it at once. */
  saved(identity: ReplicaIdentity): ReplicaIdentity | undefined {
    this.#identity = identity;
    return this.#next();
  }

  #next(): ReplicaIdentity | undefined {
    if (this.complete) return undefined;
    // Whoever is a member has heard from all that they formed this very cell; so they need not all say it again.
    const formed = [...this.#peers.values()].some(({ announcement }) => announcement.stage === 'member');
    if (formed) return { ...this.#identity, state: 'member' };
    if (this.waitingFor.length > 0) return undefined;
    return this.#identity.cellId === undefined ? this.#form() : this.#join();
  }

  /**
   * A cell lives that this replica is no founder of, by this identity: it is new, or it lost its disk. It follows the cell
   * and votes for nobody before the log says so. (DESIGN 3.9)
   */
  #joinCellOf({ cellId }: BirthAnnouncement): ReplicaIdentity | undefined {
    const { state, self, offeredCellId, longestLeaseMs } = this.#identity;
    if (cellId === undefined || state === 'member') return undefined;
    return { state: 'member', self, offeredCellId, cellId, longestLeaseMs };
  }

  #form(): ReplicaIdentity {
    const { self, offeredCellId } = this.#identity;
    const founders: Identity[] = [self];
    const offers: { readonly replicaId: ReplicaId; readonly cellId: CellId }[] = [
      { replicaId: self.replicaId, cellId: offeredCellId },
    ];
    for (const [replicaId, { incarnation, announcement }] of this.#peers) {
      founders.push({ replicaId, incarnation });
      offers.push({ replicaId, cellId: announcement.offeredCellId });
    }
    founders.sort((a, b) => a.replicaId - b.replicaId);
    offers.sort((a, b) => a.replicaId - b.replicaId);
    return { ...this.#identity, cellId: offers[0]!.cellId, founders };
  }

  #join(): ReplicaIdentity | undefined {
    for (const [replicaId, { announcement }] of this.#peers) {
      if (announcement.stage === 'asking') return undefined;
      if (this.#formsWith(announcement)) continue;
      throw new BirthConflict(
        `replica ${replicaId} forms cell ${announcement.cellId} and replica ${this.#identity.self.replicaId} forms ` +
          `cell ${this.#identity.cellId}, or with other founders: a data directory was emptied while the cell was ` +
          'being born. No replica is a member yet and nothing is stored: empty the data directories of all and start again',
      );
    }
    return { ...this.#identity, state: 'member' };
  }

  /** Whether the announcement is of the cell that this replica forms, with the same founders. */
  #formsWith({ cellId, founders }: BirthAnnouncement): boolean {
    const mine = this.#identity;
    if (cellId === undefined || cellId !== mine.cellId || mine.founders === undefined) return false;
    // Who joined later does not know them; but a cell of this id has members only if all of these formed it.
    if (founders === undefined) return true;
    if (founders.length !== mine.founders.length) return false;
    return founders.every((founder, index) => sameIdentity(founder, mine.founders![index]!));
  }
}
