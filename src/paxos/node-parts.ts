import type { Rng } from '../common/rng.js';
import type { Acceptor } from './acceptor.js';
import type { Identity } from './ballot.js';
import type { Configuration } from './configuration.js';
import type { Outbox } from './effects.js';
import type { Election } from './election.js';
import type { Learner } from './learner.js';
import type { LeaseGrant } from './lease-grant.js';
import type { CoreBugs } from './planted-bugs.js';
import type { Space } from './space.js';
import type { LogTimings } from './timings.js';

/** What the roles of one replica share; owned by its node. */
export interface NodeParts {
  readonly self: Identity;
  readonly rng: Rng;
  readonly bugs: CoreBugs;
  readonly outbox: Outbox;
  readonly acceptor: Acceptor;
  readonly learner: Learner;
  readonly grant: LeaseGrant;
  readonly election: Election;
  timings(): LogTimings;
  /** Who votes in the slots that are open now. */
  configuration(): Configuration;
  /** Of this replica's own disk. */
  space(): Space;
}
