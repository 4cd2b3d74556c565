import { sameIdentity } from './ballot.js';
import type { Identity } from './ballot.js';
import { isVoter, majority } from './configuration.js';
import type { Configuration } from './configuration.js';
import type { MembershipBugs } from './planted-bugs.js';

/**
 * Who said yes to one question, by identity: what an earlier life of a replica's disk said is not said by the next one.
 * Anybody may answer; safety rests on this count alone, which takes the voters of the configuration asked about and
 * nobody else. (DESIGN 3.8; T1, T6)
 */
export class Votes {
  // A handful at the most: looking through them costs less than a key.
  readonly #given: Identity[] = [];

  constructor(private readonly bugs: MembershipBugs = {}) {}

  has(identity: Identity): boolean {
    return this.#given.some((given) => sameIdentity(given, identity));
  }

  /** Counts the vote of a voter of `configuration`; others have none. */
  add(identity: Identity, configuration: Configuration): void {
    if (!this.#votesIn(configuration, identity) || this.has(identity)) return;
    this.#given.push(identity);
  }

  /** Whether they would be a majority with this voter's, whether it gave one or not. */
  wouldBeMajorityWith(self: Identity, configuration: Configuration): boolean {
    const others = this.#given.filter((given) => !sameIdentity(given, self) && this.#votesIn(configuration, given));
    return others.length + 1 >= majority(configuration);
  }

  isMajorityOf(configuration: Configuration): boolean {
    return this.#given.filter((given) => this.#votesIn(configuration, given)).length >= majority(configuration);
  }

  #votesIn(configuration: Configuration, identity: Identity): boolean {
    if (isVoter(configuration, identity)) return true;
    if (this.bugs.votesByReplicaId !== true) return false;
    return configuration.voters.some(({ replicaId }) => replicaId === identity.replicaId);
  }
}
