import { sameIdentity } from '../paxos/ballot.js';
import type { Identity, ReplicaId } from '../paxos/ballot.js';
import { isVoter, membersOf } from '../paxos/configuration.js';
import type { Configuration } from '../paxos/configuration.js';
import type { MemberProgress } from '../paxos/members.js';
import type { MembershipChange } from '../paxos/membership-change.js';

/** How long the old incarnation must have been silent before it is given up without an operator. */
export const SILENT_MS = 10_000;
/** Who has not asked for so long has given up. */
const ASKS_EVERY_MS = 3_000;
/** The pause after a rebuild of one replica id, doubled each time: a machine that loses its disk again and again. */
const PAUSE_MIN_MS = 60_000;
const PAUSE_MAX_MS = 3_600_000;

/** What a master knows of its cell. */
export interface KnownMembers {
  readonly self: Identity;
  readonly configuration: Configuration;
  readonly members: readonly MemberProgress[];
  readonly leaseMs: number;
  /** Since when it has been able to hear of the others. */
  readonly reigningSinceMs: number;
}

interface Claim {
  readonly identity: Identity;
  readonly sinceMs: number;
  heardAtMs: number;
}

/**
 * Brings replicas back that lost their disks, or cannot trust them: the old identity is removed, the new one added as a
 * learner, and the learner made a voter once it has caught up. The next step follows from the configuration in force and
 * who asks, so that another master goes on where one stopped. (DESIGN 3.9)
 *
 * One rebuild at a time; an old identity that may live is not given up; and nothing is done that a healthy majority of
 * the rest does not carry.
 */
export class Rejoin {
  readonly #claims = new Map<ReplicaId, Claim>();
  readonly #pauses = new Map<ReplicaId, { readonly untilMs: number; readonly nextMs: number }>();

  /**
   * @param configured the replica ids that the cell is to have
   * @param refused told of a second claimant for one id
   */
  constructor(
    private readonly configured: readonly ReplicaId[],
    private readonly refused: (claimant: Identity, rival: Identity) => void,
  ) {}

  /** A replica of this cell asks to be a member. */
  asked(identity: Identity, nowMs: number): void {
    if (!this.configured.includes(identity.replicaId)) return;
    const claim = this.#claims.get(identity.replicaId);
    if (claim === undefined || nowMs - claim.heardAtMs > ASKS_EVERY_MS) {
      this.#claims.set(identity.replicaId, { identity, sinceMs: nowMs, heardAtMs: nowMs });
    } else if (sameIdentity(claim.identity, identity)) {
      claim.heardAtMs = nowMs;
    } else {
      this.refused(identity, claim.identity);
    }
  }

  /** The next change that a master should ask for; nothing where there is none, or not yet. */
  next(known: KnownMembers, nowMs: number): MembershipChange | undefined {
    const { configuration, members } = known;
    const caughtUp = members.find(({ votes, caughtUp: ready }) => !votes && ready);
    if (caughtUp !== undefined) return { type: 'makeVoter', identity: caughtUp.identity };
    for (const { identity, sinceMs, heardAtMs } of this.#claims.values()) {
      if (nowMs - heardAtMs > ASKS_EVERY_MS) continue;
      const present = membersOf(configuration).find(({ replicaId }) => replicaId === identity.replicaId);
      if (present !== undefined && sameIdentity(present, identity)) continue;
      const anotherIsBuilt = configuration.learners.some(({ replicaId }) => replicaId !== identity.replicaId);
      if (anotherIsBuilt || nowMs - sinceMs < SILENT_MS) continue;
      if (present === undefined) return { type: 'addLearner', identity };
      if (this.#mayGiveUp(present, known, nowMs)) return { type: 'remove', identity: present };
    }
    return undefined;
  }

  /** A change that {@link next} named is chosen. */
  changed({ type, identity: { replicaId } }: MembershipChange, nowMs: number): void {
    if (type !== 'remove') return;
    const pauseMs = this.#pauses.get(replicaId)?.nextMs ?? PAUSE_MIN_MS;
    this.#pauses.set(replicaId, { untilMs: nowMs + pauseMs, nextMs: Math.min(2 * pauseMs, PAUSE_MAX_MS) });
  }

  #mayGiveUp(old: Identity, { self, configuration, members, leaseMs, reigningSinceMs }: KnownMembers, nowMs: number) {
    if (nowMs < (this.#pauses.get(old.replicaId)?.untilMs ?? -Infinity)) return false;
    const heardAtMs = members.find(({ identity }) => sameIdentity(identity, old))?.heardAtMs ?? reigningSinceMs;
    if (nowMs - heardAtMs < SILENT_MS) return false;
    const rest = configuration.voters.filter((voter) => !sameIdentity(voter, old));
    const healthy = members.filter(
      ({ identity, heardAtMs: at }) => isVoter(configuration, identity) && at !== undefined && nowMs - at < leaseMs,
    );
    const own = rest.some((voter) => sameIdentity(voter, self)) ? 1 : 0;
    return healthy.length + own > rest.length / 2;
  }
}
