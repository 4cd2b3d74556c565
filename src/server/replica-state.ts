import type { ReplicaId } from '../paxos/ballot.js';
import type { Replica } from '../replica/replica.js';

/**
 * What people want to know of a replica in one word: `forming` waits for its peers before the cell's first start,
 * `starting` reads its log, `seeking` knows of no master.
 */
export type ReplicaStateName = 'forming' | 'starting' | 'seeking' | 'follower' | 'master';

export interface ReplicaState {
  readonly name: ReplicaStateName;
  /** Present for a follower. */
  readonly master?: ReplicaId;
  /** The peers that a forming replica has not heard of. */
  readonly waitingFor?: readonly ReplicaId[];
}

export function stateOf(replica: Pick<Replica, 'status' | 'reign' | 'master'>): ReplicaState {
  const { self, node, waitingFor, cellId } = replica.status();
  if (node === undefined) {
    // Whoever has heard of everybody still waits, for their word that they form the same cell.
    return cellId === undefined || waitingFor.length > 0 ? { name: 'forming', waitingFor } : { name: 'starting' };
  }
  if (replica.reign() !== undefined) return { name: 'master' };
  const master = replica.master();
  return master === undefined || master === self?.replicaId ? { name: 'seeking' } : { name: 'follower', master };
}

export const sameState = (a: ReplicaState, b: ReplicaState): boolean =>
  a.name === b.name && a.master === b.master && String(a.waitingFor) === String(b.waitingFor);
