import { assert } from '../common/assert.js';
import { sameIdentity, showIdentity } from './ballot.js';
import type { Identity } from './ballot.js';
import { byReplicaId, isLearner, isVoter, membersOf } from './configuration.js';
import type { Configuration } from './configuration.js';

/** One step of the cell's membership: one replica at a time, so that majorities before and after it meet. (DESIGN 3.8) */
export interface MembershipChange {
  readonly type: 'addLearner' | 'makeVoter' | 'remove';
  readonly identity: Identity;
}

/** More voters make every write wait for more disks, and outlive no more than this many faults can explain. */
export const MOST_VOTERS = 7;
/** Each is one more copy of everything that the master sends. */
export const MOST_LEARNERS = 7;

/** How people speak of it. */
export const showChange = ({ type, identity }: MembershipChange): string => {
  const verb = { addLearner: 'adding', makeVoter: 'making a voter of', remove: 'removing' }[type];
  return `${verb} ${showIdentity(identity)}`;
};

/**
 * Why this change cannot follow this configuration, as one sentence with its remedy; nothing when it can. Whether the
 * replicas concerned are alive and caught up is for the master to know.
 */
export function changeProblem(configuration: Configuration, { type, identity }: MembershipChange): string | undefined {
  const { voters, learners } = configuration;
  const name = `replica ${showIdentity(identity)}`;
  switch (type) {
    case 'addLearner': {
      const present = membersOf(configuration).find(({ replicaId }) => replicaId === identity.replicaId);
      if (present !== undefined) return `replica ${showIdentity(present)} is a member already: remove it first`;
      if (learners.length >= MOST_LEARNERS) return `a cell has ${MOST_LEARNERS} learners at the most: remove one first`;
      return undefined;
    }
    case 'makeVoter':
      if (!isLearner(configuration, identity)) return `${name} is no learner: add it as one first`;
      if (voters.length >= MOST_VOTERS) return `a cell has ${MOST_VOTERS} voters at the most: remove one first`;
      return undefined;
    case 'remove':
      if (isLearner(configuration, identity)) return undefined;
      if (!isVoter(configuration, identity)) return `${name} is no member: look who is`;
      if (voters.length === 1) return `${name} is the only voter: make another one first`;
      return undefined;
  }
}

/** The configuration after a change that {@link changeProblem} has nothing against. */
export function changedBy(configuration: Configuration, change: MembershipChange): Configuration {
  const problem = changeProblem(configuration, change);
  assert(problem === undefined, () => `a change is one step from the configuration in force: ${problem}`);
  const { type, identity } = change;
  const voters = configuration.voters.filter((voter) => !sameIdentity(voter, identity));
  const learners = configuration.learners.filter((learner) => !sameIdentity(learner, identity));
  if (type === 'makeVoter') voters.push(identity);
  if (type === 'addLearner') learners.push(identity);
  return { number: configuration.number + 1, voters: voters.sort(byReplicaId), learners: learners.sort(byReplicaId) };
}

/** Whether `after` differs from `before` by one replica at the most: only then do their majorities meet. */
export function isOneStep(before: Configuration, after: Configuration): boolean {
  if (after.number !== before.number + 1 || after.voters.length === 0) return false;
  const gone = before.voters.filter((voter) => !isVoter(after, voter)).length;
  const come = after.voters.filter((voter) => !isVoter(before, voter)).length;
  // Who joins a cell hears of its founders by the first value of this kind.
  return gone + come <= 1 || before.voters.length === 0;
}
