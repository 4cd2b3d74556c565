import type { Identity, ReplicaId, Slot } from '../paxos/ballot.js';
import type { PaxosMessage } from '../paxos/messages.js';
import type { CellId } from '../storage/identity-store.js';

/** Where a replica stands in its cell's birth, told to every configured peer until all are members. (DESIGN 3.0) */
export interface BirthAnnouncement {
  readonly type: 'birth';
  readonly stage: 'asking' | 'forming' | 'member';
  readonly offeredCellId: CellId;
  /** Present from `forming` on. */
  readonly cellId?: CellId;
  /** The identities that the sender takes part in the birth with; present from `forming` on. */
  readonly founders?: readonly Identity[];
  readonly answerWanted: boolean;
}

/** A replica that misses what no peer's log reaches back to, for a piece of a snapshot. (DESIGN 3.4) */
export interface SnapshotRequest {
  readonly type: 'snapshotRequest';
  /** Which one; 0 for the newest. */
  readonly slot: Slot;
  /** From which of its bytes on. */
  readonly offset: number;
}

/** Some bytes of a snapshot; of the newest from its beginning, where the one asked for is gone. */
export interface SnapshotPiece {
  readonly type: 'snapshotPiece';
  /** 0 where the sender has none. */
  readonly slot: Slot;
  readonly offset: number;
  /** Of the whole snapshot. */
  readonly totalBytes: number;
  readonly bytes: Uint8Array;
}

/** A replica that is in no configuration it knows, to every peer: make me a member. (DESIGN 3.9) */
export interface JoinRequest {
  readonly type: 'joinRequest';
}

/** A replica to whoever made the checksum request of a slot: the digest of its state after that slot. (DESIGN 4) */
export interface DigestReport {
  readonly type: 'digestReport';
  readonly slot: Slot;
  /** 32 hex digits. */
  readonly digest: string;
}

/** The answer to a {@link DigestReport}, once a majority of the voters has reported. */
export interface DigestVerdict {
  readonly type: 'digestVerdict';
  readonly slot: Slot;
  /** What a majority has; absent where none agrees. */
  readonly digest?: string;
}

export type PeerMessage =
  PaxosMessage | BirthAnnouncement | JoinRequest | SnapshotRequest | SnapshotPiece | DigestReport | DigestVerdict;

/** Everything that one turn of a replica's loop has for one peer. */
export interface PeerFrame {
  /** Absent in a birth. */
  readonly cellId?: CellId;
  readonly from: Identity;
  /** The receiver; its incarnation is absent where the sender does not know it yet. */
  readonly to: { readonly replicaId: ReplicaId; readonly incarnation?: Identity['incarnation'] };
  readonly messages: readonly PeerMessage[];
  /** By the sender's monotonic clock; absent where it does not say. Only good for comparing clocks. */
  readonly sentUs?: number;
}

/**
 * Carries frames between replicas; may lose, delay, repeat and reorder them, never alter them. Sending never waits and
 * never fails: what cannot be sent, because the peer is away or its queue is full, is dropped.
 */
export interface Transport {
  send(frame: PeerFrame): void;
  /** Names the one receiver of frames; set before the first can arrive. */
  onFrame(receive: (frame: PeerFrame) => void): void;
}
