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
