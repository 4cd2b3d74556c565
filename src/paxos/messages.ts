import type { AcceptedRecord } from './accepted-record.js';
import type { Ballot, ReplicaId, Slot } from './ballot.js';
import type { Value } from './value.js';

/** A would-be candidate to every voter: would you answer my `Prepare`? Changes nothing durable. (DESIGN 3.6) */
export interface PreVote {
  readonly type: 'preVote';
  readonly ballot: Ballot;
  /** The newest configuration that the sender knows; so in all that asks something of a voter. (DESIGN 3.8) */
  readonly configurationNumber: number;
}

/** A voter's answer: no while it is bound to a master. `promised` tells how high a candidate must go. */
export interface PreVoteReply {
  readonly type: 'preVoteReply';
  readonly ballot: Ballot;
  readonly granted: boolean;
  readonly promised: Ballot;
}

/** Phase 1 over every slot from `firstUnchosenSlot` on; a candidate to every voter, its round being durable. */
export interface Prepare {
  readonly type: 'prepare';
  readonly ballot: Ballot;
  readonly firstUnchosenSlot: Slot;
  readonly configurationNumber: number;
}

/**
 * A voter's answer once its promise is durable: whatever it accepted above its chosen watermark, in as many parts as
 * the message bound asks for.
 */
export interface Promise {
  readonly type: 'promise';
  readonly ballot: Ballot;
  readonly accepted: readonly AcceptedRecord[];
  readonly chosenUpTo: Slot;
  readonly configurationNumber: number;
  /** Drawn for this answer: parts of two answers, made at different times, must not be put together. */
  readonly answer: number;
  /** From 0 on. */
  readonly part: number;
  readonly parts: number;
}

/**
 * What rides on every message by which a coordinator claims its reign: the chosen watermark, good at this very ballot;
 * the lease asked for; and the number of this transmission, new for each retransmission. (DESIGN 3.3, 3.5)
 */
interface Claim {
  readonly ballot: Ballot;
  readonly chosenUpTo: Slot;
  readonly leaseMs: number;
  readonly transmission: number;
  /** Of an `Accept`, that of its slot: its coordinator proposes nowhere else. */
  readonly configurationNumber: number;
  /**
   * Whether who is short of space takes the room from its reserve: for the value of an `Accept`, and on a heartbeat's
   * word for what it misses. (DESIGN 3.11)
   */
  readonly usesReserve: boolean;
}

/** Phase 2 for one slot; the coordinator to every voter of the slot's configuration. */
export interface Accept extends Claim {
  readonly type: 'accept';
  readonly slot: Slot;
  readonly value: Value;
}

/** A voter's answer once what it accepted is durable: the slots of one turn, and the newest transmission among them. */
export interface Accepted {
  readonly type: 'accepted';
  readonly ballot: Ballot;
  readonly slots: readonly Slot[];
  readonly configurationNumber: number;
  readonly transmission: number;
  readonly chosenUpTo: Slot;
}

/** The transmission of what asks for nothing; no answer to it counts. */
export const NO_TRANSMISSION = 0;

/**
 * Keeps the lease while nothing is written, and spreads the watermark; the coordinator to every voter. To a learner it
 * is for following alone: it names a lease of nothing and {@link NO_TRANSMISSION}, so that it binds nobody and no answer
 * to it counts, not even one that arrives when its sender votes already. (DESIGN 3.8)
 */
export interface Heartbeat extends Claim {
  readonly type: 'heartbeat';
}

/**
 * A voter's positive answer to a heartbeat; and to an `Accept` whose value it has no room for: it goes on granting the
 * lease, and says nothing of the slot. (DESIGN 3.5, 3.11)
 */
export interface HeartbeatReply {
  readonly type: 'heartbeatReply';
  readonly ballot: Ballot;
  readonly transmission: number;
  readonly chosenUpTo: Slot;
  /** Whether its disk is short of space. */
  readonly short: boolean;
}

/** A voter that promised a higher ballot to the sender of anything at a lower one. */
export interface Nack {
  readonly type: 'nack';
  readonly ballot: Ballot;
  readonly promised: Ballot;
}

/** A replica that misses chosen slots to one that has them. */
export interface CatchUpRequest {
  readonly type: 'catchUpRequest';
  readonly fromSlot: Slot;
}

/** Chosen records from `fromSlot` on without a gap; none where the sender's log begins only at `firstSlot`. */
export interface CatchUpReply {
  readonly type: 'catchUpReply';
  readonly fromSlot: Slot;
  readonly chosen: readonly AcceptedRecord[];
  readonly chosenUpTo: Slot;
  readonly firstSlot: Slot;
}

/**
 * A master that hands over to every voter: forget the grants you gave me at this ballot or below. The sender never acts
 * at that ballot again. (DESIGN 3.5)
 */
export interface Release {
  readonly type: 'release';
  readonly ballot: Ballot;
  /** Who had better stand first; the others give it a head start. */
  readonly successor: ReplicaId;
}

export type PaxosMessage =
  | PreVote
  | PreVoteReply
  | Prepare
  | Promise
  | Accept
  | Accepted
  | Heartbeat
  | HeartbeatReply
  | Nack
  | CatchUpRequest
  | CatchUpReply
  | Release;
