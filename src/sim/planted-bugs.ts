import type { PlantedBugs as LogBugs } from '../paxos/planted-bugs.js';
import type { PlantedBugs as ServiceBugs } from '../service/options.js';

/** Every mistake that a simulation can be given. */
export type PlantedBugs = LogBugs & ServiceBugs;

/** The name of a planted bug. */
export type BugName = keyof PlantedBugs;

const NAMES: Readonly<Record<BugName, true>> = {
  acceptedBeforeSync: true,
  promiseNotPersisted: true,
  reportedValueDropped: true,
  oldLeaseNotWaitedOut: true,
  leaseFromReply: true,
  readWithoutLease: true,
  successorRuleOff: true,
  barrierOff: true,
  roundNotDurable: true,
  duplicateRequestAppliedTwice: true,
  proposeBeforeInvalidation: true,
  cacheWhilePending: true,
  noFailOverWait: true,
};

/** The names of all of them. */
export const BUG_NAMES = Object.keys(NAMES) as BugName[];
