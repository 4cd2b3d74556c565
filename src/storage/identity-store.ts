import type { Identity } from '../paxos/ballot.js';

/** A random 128-bit number as 32 hex digits, drawn at birth: what tells one cell's replicas from another's. */
export type CellId = string & { readonly __brand: 'CellId' };

/**
 * Who this replica is, kept beside the log and never in it. `forming` until every configured peer is known to take part
 * in the same birth; nothing is promised before `member`. (DESIGN 3.0)
 */
export interface ReplicaIdentity {
  readonly state: 'forming' | 'member';
  readonly self: Identity;
  /** The cell id this replica offers should it turn out to be the lowest of a birth; drawn with the incarnation. */
  readonly offeredCellId: CellId;
  /** Absent until every peer answered and none was a member, or one was. */
  readonly cellId?: CellId;
  /** The birth configuration, ordered by replica id; absent for who joined a cell that lived already. (DESIGN 3.9) */
  readonly founders?: readonly Identity[];
  /** The longest master lease this replica may ever have granted; raised before the first longer grant. */
  readonly longestLeaseMs: number;
}

/** One small file, replaced whole: written aside, synced, renamed, directory synced. */
export interface IdentityStore {
  /** `undefined` when the directory was never formatted. @throws DamagedIdentity when the file is there but unusable */
  load(): Promise<ReplicaIdentity | undefined>;
  /** Saves the first identity; resolves when it is durable. Never replaces one. */
  create(identity: ReplicaIdentity): Promise<void>;
  /**
   * Replaces the identity by a later state of the same replica; resolves when it is durable.
   *
   * @throws IdentityTaken when the present one is gone or another's
   */
  save(identity: ReplicaIdentity): Promise<void>;
}

/** An identity file that cannot be believed, or a log without one: proof of a former life. (DESIGN 3.9) */
export class DamagedIdentity extends Error {
  override readonly name = 'DamagedIdentity';
}
