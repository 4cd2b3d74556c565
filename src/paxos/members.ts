import { sameIdentity } from './ballot.js';
import type { Identity, ReplicaId, Slot } from './ballot.js';
import { isVoter, membersOf } from './configuration.js';
import type { Configuration } from './configuration.js';
import { IdentityMap } from './identity-map.js';
import { Votes } from './votes.js';

/** A learner that is no further behind has caught up: as a voter it accepts what is proposed meanwhile. */
const CAUGHT_UP_SLOTS = 1024;

/** Of the newest answer, in what is remembered of how long a member takes. */
const NEWEST_WEIGHT = 0.25;

/** What a coordinator knows of another member. */
export interface MemberProgress {
  readonly identity: Identity;
  readonly votes: boolean;
  /** Its own watermark, as it last said; absent where it has not answered in this reign. */
  readonly chosenUpTo: Slot | undefined;
  readonly heardAtMs: number | undefined;
  /** Whether it said that its disk is short of space. */
  readonly short: boolean;
  /** Whether a learner is far enough to vote. */
  readonly caughtUp: boolean;
}

interface Heard {
  readonly chosenUpTo: Slot;
  /** Of space on its disk. */
  readonly short: boolean;
  /** How long its last answers to values took, the newer ones counting more; absent before the first. */
  readonly answerMs: number | undefined;
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

  /** @param short left out by an answer that does not say */
  heard(from: Identity, chosenUpTo: Slot, atMs: number, short = this.#heard.get(from)?.short ?? false): void {
    this.#heard.set(from, { chosenUpTo, atMs, short, answerMs: this.#heard.get(from)?.answerMs });
  }

  /** A value was on the disk of this member so long after it was sent there. */
  answeredAfter(from: Identity, answerMs: number): void {
    const heard = this.#heard.get(from);
    if (heard === undefined) return;
    const before = heard.answerMs ?? answerMs;
    this.#heard.set(from, { ...heard, answerMs: before + (answerMs - before) * NEWEST_WEIGHT });
  }

  /** Of the voters that could take over soon, the one whose disk is the fastest; nobody who takes longer than `withinMs`. */
  swiftest(withinMs: number, heardSinceMs: number): ReplicaId | undefined {
    let best: { readonly replicaId: ReplicaId; readonly answerMs: number } | undefined;
    for (const voter of this.configuration().voters) {
      const { answerMs = Infinity } = this.#heard.get(voter) ?? {};
      if (answerMs > withinMs || answerMs >= (best?.answerMs ?? Infinity)) continue;
      if (this.#couldTakeOver(voter, heardSinceMs)) best = { replicaId: voter.replicaId, answerMs };
    }
    return best?.replicaId;
  }

  #couldTakeOver(voter: Identity, heardSinceMs: number): boolean {
    const heard = this.#heard.get(voter);
    return heard !== undefined && !heard.short && heard.atMs >= heardSinceMs && this.isCaughtUp(voter);
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

  /**
   * Whether the voters that have room for values are no majority, by what they said last. Who has been silent for longer
   * than the others does not count as one, once there is want of room at all; who has not spoken yet does.
   */
  lackRoom(selfShort: boolean, heardSinceMs: number, reignSinceMs: number): boolean {
    const configuration = this.configuration();
    const withRoom = new Votes();
    let wanting = selfShort;
    for (const voter of configuration.voters) {
      const heard = this.#heard.get(voter);
      const isSelf = sameIdentity(voter, this.self);
      const short = isSelf ? selfShort : heard?.short === true;
      if (short) wanting = true;
      else if (isSelf || (heard?.atMs ?? reignSinceMs) >= heardSinceMs) withRoom.add(voter, configuration);
    }
    return wanting && !withRoom.isMajorityOf(configuration);
  }

  /** Whether another voter that answered lately has room for values and is far enough to take over soon. */
  anotherHasRoom(heardSinceMs: number): boolean {
    return this.configuration().voters.some((voter) => this.#couldTakeOver(voter, heardSinceMs));
  }

  /** The voter to take over soonest: of those with room on their disks, if there are any, the one that knows most. */
  get furthest(): ReplicaId | undefined {
    let best: (Heard & { readonly replicaId: ReplicaId }) | undefined;
    for (const voter of this.configuration().voters) {
      const heard = this.#heard.get(voter);
      if (heard === undefined) continue;
      const better =
        best === undefined || (heard.short === best.short ? heard.chosenUpTo > best.chosenUpTo : best.short);
      if (better) best = { ...heard, replicaId: voter.replicaId };
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
        short: this.#heard.get(identity)?.short ?? false,
        caughtUp: this.isCaughtUp(identity),
      }));
  }
}
