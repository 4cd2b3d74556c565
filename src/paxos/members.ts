import { sameIdentity } from './ballot.js';
import type { Identity, ReplicaId, Slot } from './ballot.js';
import { isVoter, membersOf } from './configuration.js';
import type { Configuration } from './configuration.js';
import { IdentityMap } from './identity-map.js';
import { Votes } from './votes.js';

/** A learner that is no further behind has caught up: as a voter it accepts what is proposed meanwhile. */
const CAUGHT_UP_SLOTS = 1024;

/** What a coordinator knows of another member. */
export interface MemberProgress {
  readonly identity: Identity;
  readonly votes: boolean;
  /** Its own watermark, as it last said; absent where it has not answered in this reign. */
  readonly chosenUpTo: Slot | undefined;
  readonly heardAtMs: number | undefined;
  /** Whether a learner is far enough to vote. */
  readonly caughtUp: boolean;
}

interface Heard {
  readonly chosenUpTo: Slot;
  readonly atMs: number;
}

/** What the other members last said of themselves to a coordinator. (DESIGN 3.8) */
export class Members {
  readonly #heard = new IdentityMap<Heard>();

  constructor(
    private readonly self: Identity,
    private readonly configuration: () => Configuration,
    private readonly chosenUpTo: () => Slot,
  ) {}

  heard(from: Identity, chosenUpTo: Slot, atMs: number): void {
    this.#heard.set(from, { chosenUpTo, atMs });
  }

  /** What was said by others than these is forgotten. */
  retain(members: readonly Identity[]): void {
    this.#heard.retain(members);
  }

  /** Every slot up to here is known to this member; 0 where it has said nothing. */
  knows(member: Identity): Slot {
    return this.#heard.get(member)?.chosenUpTo ?? (0 as Slot);
  }

  isCaughtUp(learner: Identity): boolean {
    const heard = this.#heard.get(learner);
    return heard !== undefined && heard.chosenUpTo + CAUGHT_UP_SLOTS >= this.chosenUpTo();
  }

  /** Whether a majority of those who vote knows all that is known here. */
  get mostKnowAll(): boolean {
    const configuration = this.configuration();
    const know = new Votes();
    for (const voter of configuration.voters) {
      if (this.knows(voter) >= this.chosenUpTo()) know.add(voter, configuration);
    }
    return know.isMajorityOf(configuration);
  }

  /** The voter that knows most, so that it can take over soonest. */
  get furthest(): ReplicaId | undefined {
    let best: { readonly replicaId: ReplicaId; readonly chosenUpTo: Slot } | undefined;
    for (const voter of this.configuration().voters) {
      const heard = this.#heard.get(voter);
      if (heard === undefined || heard.chosenUpTo <= (best?.chosenUpTo ?? -1)) continue;
      best = { replicaId: voter.replicaId, chosenUpTo: heard.chosenUpTo };
    }
    return best?.replicaId;
  }

  get progress(): readonly MemberProgress[] {
    const configuration = this.configuration();
    return membersOf(configuration)
      .filter((member) => !sameIdentity(member, this.self))
      .map((identity) => ({
        identity,
        votes: isVoter(configuration, identity),
        chosenUpTo: this.#heard.get(identity)?.chosenUpTo,
        heardAtMs: this.#heard.get(identity)?.atMs,
        caughtUp: this.isCaughtUp(identity),
      }));
  }
}
