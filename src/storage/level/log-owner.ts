import type { Identity } from '../../paxos/ballot.js';
import { UnusableDirectory } from './unusable-directory.js';

/** @throws UnusableDirectory unless what stands at `path` is `owner`'s */
export function expectOwner(path: string, found: Identity, owner: Identity): void {
  if (found.replicaId === owner.replicaId && found.incarnation === owner.incarnation) return;
  throw new UnusableDirectory(
    'other-replica',
    `${path} is the log of ${show(found)}, but this is ${show(owner)}: put back the log that belongs here`,
  );
}

const show = ({ replicaId, incarnation }: Identity): string => `replica ${replicaId}, incarnation ${incarnation}`;
