import type { AcceptedRecord } from '../paxos/accepted-record.js';
import type { Ballot, Slot } from '../paxos/ballot.js';

/** Everything one turn of the loop must have on disk before what rests on it may leave. (DESIGN 3.2) */
export interface Turn {
  /** The highest ballot promised, when it changed. */
  readonly promised?: Ballot;
  /** The highest round this replica ever stood with, when it changed: a ballot is used once. */
  readonly lastRound?: number;
  /** Newly accepted records; a slot's later record replaces its earlier one. */
  readonly accepted: readonly AcceptedRecord[];
  /** Every slot up to here is chosen, and its record here, unless below `firstSlot`, is the chosen one; when it changed. */
  readonly chosenUpTo?: Slot;
  /**
   * The lowest slot whose record is needed from now on, when it changed; one above the highest chosen slot at the most.
   * A snapshot holds the state below it.
   */
  readonly firstSlot?: Slot;
}

/** What the log knew at the last synced turn. */
export interface RecoveredLog {
  readonly promised: Ballot;
  readonly lastRound: number;
  readonly chosenUpTo: Slot;
  /** Lowest slot whose record is kept; 1 until something is truncated. */
  readonly firstSlot: Slot;
  /** Highest slot with a record; `firstSlot - 1` when there is none. */
  readonly lastSlot: Slot;
}

/**
 * The write-ahead log of an acceptor. One `append` at a time; the next may start when the last has resolved.
 *
 * A rejected `append` leaves the outcome unknown: the caller ends the process and never tries again. (DESIGN 3.10)
 */
export interface ReplayLog {
  /** Reads and verifies everything there is. @throws DamagedLog when a record, its chain or its count is not whole */
  recover(): Promise<RecoveredLog>;
  /** Resolves when the whole turn has reached the disk (fsync returned); atomic with respect to a crash. */
  append(turn: Turn): Promise<void>;
  /**
   * Records of slots `from` on, in order, up to `upTo` inclusive or until `maxBytes` of values are
   * exceeded (at least one record is returned where there is one). Each is verified before it is returned.
   *
   * @throws DamagedLog when a stored record is not what was written
   */
  read(from: Slot, upTo: Slot, maxBytes: number): Promise<AcceptedRecord[]>;
  /** Frees the room that records below `firstSlot` take up, in the background of what else goes on. One at a time. */
  reclaim(): Promise<void>;
  close(): Promise<void>;
}

/** The stored bytes are not those that were written: this replica must not vote on them. (DESIGN 3.9, 3.10) */
export class DamagedLog extends Error {
  override readonly name = 'DamagedLog';
}
