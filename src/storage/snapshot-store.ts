import type { Slot } from '../paxos/ballot.js';
import type { CellId } from './identity-store.js';

/** Which state a snapshot holds: that after a slot, and what it has to agree with. ([PML] 5.4, DESIGN 4) */
export interface SnapshotHandle {
  readonly cellId: CellId;
  readonly slot: Slot;
  /** Of all entries, as 32 hex digits. */
  readonly digest: string;
  readonly entryCount: number;
  /** Bytes of all keys and values. */
  readonly stateBytes: number;
}

/** A snapshot that is being read. */
export interface StoredSnapshot {
  readonly handle: SnapshotHandle;
  /**
   * The state in chunks, each verified before it is given. To be taken once.
   *
   * @throws DamagedSnapshot, in the middle of it too
   */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** A piece of a snapshot as it is stored, on its way to a peer. */
export interface SnapshotPiece {
  /** Of the whole snapshot as it is stored. */
  readonly totalBytes: number;
  readonly bytes: Uint8Array;
}

/** A snapshot that a peer sends, piece by piece. One `append` at a time. */
export interface IncomingSnapshot {
  readonly slot: Slot;
  /** How much has come. */
  readonly receivedBytes: number;
  /** Resolves when the piece is written and was found to be sound as far as it goes. @throws DamagedSnapshot */
  append(piece: Uint8Array): Promise<void>;
  /** Resolves when the whole is durable and stands among the others. @throws DamagedSnapshot when it is not whole */
  complete(): Promise<void>;
  /** Gives up; nothing of it is kept. */
  discard(): Promise<void>;
}

/**
 * The snapshots of one replica. Each appears whole or not at all, whatever a crash interrupts, and is verified whenever
 * it is read. One `write`, and beside it one incoming snapshot, at a time. (DESIGN 4)
 */
export interface SnapshotStore {
  /** The slots of those that there are, the newest first. */
  list(): Promise<readonly Slot[]>;
  /** Resolves when all of it has reached the disk; it is written and synced in small pieces. */
  write(handle: SnapshotHandle, chunks: Iterable<Uint8Array>): Promise<void>;
  /** @throws DamagedSnapshot when its beginning is not what was written; StorageFailure when it cannot be read */
  open(slot: Slot): Promise<StoredSnapshot>;
  /** Bytes of it from `offset` on; nothing when there is no such snapshot, or no such offset in it. */
  piece(slot: Slot, offset: number, maxBytes: number): Promise<SnapshotPiece | undefined>;
  /** Begins to take a snapshot from a peer; what came of an earlier one is dropped. */
  receive(slot: Slot): Promise<IncomingSnapshot>;
  /** Resolves when it is gone for good. Idempotent. */
  remove(slot: Slot): Promise<void>;
}

/** The stored bytes are not those that were written: nothing may be taken from this snapshot. (DESIGN 3.10) */
export class DamagedSnapshot extends Error {
  override readonly name = 'DamagedSnapshot';
}
