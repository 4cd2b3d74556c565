import { toHex } from '../common/bytes.js';
import type { Rng } from '../common/rng.js';
import type { Incarnation, ReplicaId } from '../paxos/ballot.js';
import type { CellId, ReplicaIdentity } from './identity-store.js';

const INCARNATION_BYTES = 8;
const CELL_ID_BYTES = 16;

/**
 * The identity that a freshly formatted directory begins with: a life of its own, member of no cell yet, and no lease
 * ever granted. (DESIGN 3.0)
 */
export const newIdentity = (replicaId: ReplicaId, rng: Rng): ReplicaIdentity => ({
  state: 'forming',
  self: { replicaId, incarnation: toHex(rng.bytes(INCARNATION_BYTES)) as Incarnation },
  offeredCellId: toHex(rng.bytes(CELL_ID_BYTES)) as CellId,
  longestLeaseMs: 0,
});
