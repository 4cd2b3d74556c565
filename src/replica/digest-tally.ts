import { sameIdentity } from '../paxos/ballot.js';
import type { Identity, Slot } from '../paxos/ballot.js';
import { isVoter, majority, membersOf } from '../paxos/configuration.js';
import type { Configuration } from '../paxos/configuration.js';

/** What one member has after a slot. */
export interface ReportedDigest {
  readonly identity: Identity;
  readonly digest: string;
}

/** The digests of a configuration's members after one slot. All are kept; only the voters' count. (DESIGN 4) */
export class DigestTally {
  #reported: ReportedDigest[] = [];

  constructor(
    readonly slot: Slot,
    private readonly configuration: Configuration,
  ) {}

  /** What the members said, each for the last time: one that started again may have something else. */
  get reported(): readonly ReportedDigest[] {
    return this.#reported;
  }

  /** Whoever is no member is not heard. */
  report(identity: Identity, digest: string): void {
    if (!membersOf(this.configuration).some((member) => sameIdentity(member, identity))) return;
    this.#reported = this.#reported.filter((other) => !sameIdentity(other.identity, identity));
    this.#reported.push({ identity, digest });
  }

  /** What a majority of the voters has; nothing where none is known to agree. */
  get agreed(): string | undefined {
    const votes = this.#votes;
    return votes.find(({ digest }) => votes.filter((other) => other.digest === digest).length >= this.#needed)?.digest;
  }

  /** Whether a majority of the voters has reported, and no majority agrees. */
  get disputed(): boolean {
    return this.#votes.length >= this.#needed && this.agreed === undefined;
  }

  get #votes(): readonly ReportedDigest[] {
    return this.#reported.filter(({ identity }) => isVoter(this.configuration, identity));
  }

  get #needed(): number {
    return majority(this.configuration);
  }
}
