import type { Identity, ReplicaId } from '../paxos/ballot.js';
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

export type PeerMessage = PaxosMessage | BirthAnnouncement;

/** Everything that one turn of a replica's loop has for one peer. */
export interface PeerFrame {
  /** Absent in a birth. */
  readonly cellId?: CellId;
  readonly from: Identity;
  /** The receiver; its incarnation is absent where the sender does not know it yet. */
  readonly to: { readonly replicaId: ReplicaId; readonly incarnation?: Identity['incarnation'] };
  readonly messages: readonly PeerMessage[];
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
