/**
 * Known protocol errors, to show that the simulator and the scenarios see them. Given to constructors by simulation and
 * tests only; no configuration key reaches them. (DESIGN 10)
 */
export interface PlantedBugs {
  /** `Accepted` leaves before the record is on disk. */
  readonly acceptedBeforeSync?: boolean;
  /** A promise is never written. */
  readonly promiseNotPersisted?: boolean;
  /** A new coordinator proposes no-ops where phase 1 showed values. */
  readonly reportedValueDropped?: boolean;
  /** A voter answers another replica's `Prepare` while its grant still runs. */
  readonly oldLeaseNotWaitedOut?: boolean;
  /** The master counts its lease from the arrival of an answer. */
  readonly leaseFromReply?: boolean;
  /** The master answers without looking at its lease. */
  readonly readWithoutLease?: boolean;
  /** Values count whether or not they directly follow the pair in force. */
  readonly successorRuleOff?: boolean;
  /** A new master computes before its epoch value is applied. */
  readonly barrierOff?: boolean;
  /** A ballot's round is not on disk when its `Prepare` leaves. */
  readonly roundNotDurable?: boolean;
}

/** As {@link PlantedBugs}, of changes of membership: they show only where there are such changes. */
export interface MembershipBugs {
  /** Votes, promises and lease answers count for a replica id, whatever the life of its disk. */
  readonly votesByReplicaId?: boolean;
  /** Promises that were a majority before a change are taken for one after it. */
  readonly promisesOutliveChange?: boolean;
  /** A new coordinator re-proposes beyond a change before that is chosen. */
  readonly reproposedPastChange?: boolean;
  /** A voter that accepted a change refuses candidates that do not know it. */
  readonly acceptedChangeRefuses?: boolean;
  /** The master goes on asking the voters that its reign began with for its lease, and counts them. */
  readonly leaseOutlivesChange?: boolean;
}

/** Every error that a core can be given. */
export type CoreBugs = PlantedBugs & MembershipBugs;
