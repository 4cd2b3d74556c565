import type { PlantedBugs as LogBugs } from '../paxos/planted-bugs.js';
import type { CacheBugs, PlantedBugs as ServiceBugs } from '../service/options.js';

/** Every mistake that a simulation can be given. Its clients cache nothing. */
export type PlantedBugs = LogBugs & Omit<ServiceBugs, keyof CacheBugs>;

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
};

/** The names of all of them. */
export const BUG_NAMES = Object.keys(NAMES) as BugName[];
