import type { Identity } from '../paxos/ballot.js';
import type { ReplicaIdentity } from './identity-store.js';

/** The identity of a running replica is gone from its disk, or another's: the disk is no longer its own. (DESIGN 8) */
export class IdentityTaken extends Error {
  override readonly name = 'IdentityTaken';
}

/** @throws IdentityTaken unless what the disk holds is of `self` */
export function checkOwn(found: ReplicaIdentity | undefined, self: Identity): void {
  const { replicaId, incarnation } = self;
  if (found?.self.replicaId === replicaId && found.self.incarnation === incarnation) return;
  const whose = found === undefined ? 'is gone' : `became that of replica ${shown(found.self)}`;
  throw new IdentityTaken(
    `the identity file of replica ${shown(self)} ${whose} while it ran, so it must not vote any more: ` +
      'started again it joins its cell as another incarnation; to prevent that, put its data directory back first',
  );
}

const shown = ({ replicaId, incarnation }: Identity): string => `${replicaId}/${incarnation}`;
