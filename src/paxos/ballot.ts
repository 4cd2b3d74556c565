import type { ByteReader, ByteWriter } from '../common/bytes.js';

/** Position of a replica in its cell: a small whole number from 1 on, shown to people as "replica 3". */
export type ReplicaId = number & { readonly __brand: 'ReplicaId' };

/**
 * A random 64-bit number as 16 hex digits, drawn when a data directory is formatted: a replica that lost its disk comes
 * back as somebody else. (DESIGN 3, 3.9)
 */
export type Incarnation = string & { readonly __brand: 'Incarnation' };

/** Position in the replicated log, from 1 on; 0 stands for "before the first". */
export type Slot = number & { readonly __brand: 'Slot' };

/** A voter: the replica and the life of its disk. Votes and promises belong to an identity, never to a bare id. */
export interface Identity {
  readonly replicaId: ReplicaId;
  readonly incarnation: Incarnation;
}

export const sameIdentity = (a: Identity, b: Identity): boolean =>
  a.replicaId === b.replicaId && a.incarnation === b.incarnation;

export const showIdentity = (identity: Identity): string => `${identity.replicaId}/${identity.incarnation}`;

/** Totally ordered by round, then replica id, then incarnation; used once. (DESIGN 3.2) */
export interface Ballot extends Identity {
  readonly round: number;
}

/** Below every ballot that a coordinator draws. */
export const NO_BALLOT: Ballot = {
  round: 0,
  replicaId: 0 as ReplicaId,
  incarnation: '0000000000000000' as Incarnation,
};

export function compareBallots(a: Ballot, b: Ballot): number {
  if (a.round !== b.round) return a.round - b.round;
  if (a.replicaId !== b.replicaId) return a.replicaId - b.replicaId;
  if (a.incarnation === b.incarnation) return 0;
  return a.incarnation < b.incarnation ? -1 : 1;
}

export const sameBallot = (a: Ballot, b: Ballot): boolean => compareBallots(a, b) === 0;

export const showBallot = (ballot: { readonly round: number; readonly replicaId: number }): string =>
  `${ballot.round}.${ballot.replicaId}`;

export const nextSlot = (slot: Slot): Slot => (slot + 1) as Slot;

export function writeBallot(out: ByteWriter, ballot: Ballot): void {
  out.uint(ballot.round).uint(ballot.replicaId).raw(Buffer.from(ballot.incarnation, 'hex'));
}

export function readBallot(from: ByteReader): Ballot {
  const round = from.uint();
  const replicaId = from.uint() as ReplicaId;
  const incarnation = Buffer.from(from.raw(8)).toString('hex') as Incarnation;
  return { round, replicaId, incarnation };
}
