import type { ReplicaId, Slot } from '../paxos/ballot.js';
import type { PairInForce } from '../paxos/epoch-judge.js';
import type { LogTimings } from '../paxos/timings.js';
import type { Epoch, ValueHeader } from '../paxos/value.js';
import type { SnapshotHandle } from '../storage/snapshot-store.js';

/** A state as it was when it was taken, to be written while the state goes on. */
export interface StateSnapshot extends Omit<SnapshotHandle, 'cellId'> {
  /** All of it in chunks of about this size; may be left early. */
  chunks(chunkBytes: number): Iterable<Uint8Array>;
}

/** A state that was read, complete and verified. */
export interface LoadedState {
  readonly slot: Slot;
  /** What is in force in it; nothing before the first value. */
  readonly pairInForce: PairInForce | undefined;
  /** The body of its newest configuration value; nothing before the first. */
  readonly configuration: Uint8Array | undefined;
  /** Puts it in the place of the present state, which is not above it. */
  install(): void;
}

/** Reads a state beside the present one. */
export interface StateLoading {
  /** @throws MalformedBytes for what a snapshot's chunk cannot be */
  add(chunk: Uint8Array): void;
  /** @throws MalformedBytes when it is not the state that the handle tells of */
  finish(handle: SnapshotHandle): LoadedState;
}

/**
 * The database as the log sees it: values arrive in slot order, each once. All of it is synchronous and deterministic;
 * what it throws ends the process.
 */
export interface StateMachine {
  /** A value that counts. Its header is the pair in force from here on and belongs to the state. (DESIGN 3.7) */
  apply(slot: Slot, header: ValueHeader, body: Uint8Array): void;
  /** A slot whose value is a no-op, or was skipped because it does not directly follow the pair in force. */
  skip(slot: Slot): void;
  /** Of all entries as they are now, as 32 hex digits, in O(1): equal after equal slots. */
  digest(): string;
  /** The present state, in O(1). */
  snapshot(): StateSnapshot;
  /** Begins to read another state, which changes nothing until that is complete and installed. */
  loadState(): StateLoading;
}

/** The service on top of the log: it makes values while its replica is master, and hears when that begins and ends. */
export interface Application extends StateMachine {
  /** What the state says the log runs by; nothing before the cell's first value. (DESIGN 3.5) */
  timings(): LogTimings | undefined;
  /** The barrier is behind: every earlier value is applied, and from now on this replica computes and answers. */
  reignBegan(epoch: Epoch): void;
  /** Whatever was handed over and not yet applied has an unknown outcome. */
  reignEnded(cause: string): void;
  /**
   * The body of the next value, or nothing. Asked for when the log is ready to write: whatever arrived meanwhile goes
   * into one value, so batching adapts to the disk and never waits on a timer. (DESIGN 3.3)
   *
   * Values come back through `apply` in the order in which they were handed over here.
   */
  nextBatch(maxBytes: number): Uint8Array | undefined;
}

/** The log as the application sees it. */
export interface ReplicatedLog {
  /**
   * The reign in force, if this replica is its master with the lease held at this very moment and the barrier behind.
   * To be asked at each read and each answer, never remembered. (DESIGN 3.5)
   */
  reign(): Epoch | undefined;
  /** The master as far as this replica knows. */
  master(): ReplicaId | undefined;
  /**
   * Whether this replica is master of a cell in which a majority is short of space: then nothing should be proposed but
   * what frees some, or what the cell cannot do without. (DESIGN 3.11)
   */
  shortOfSpace(): boolean;
  /** Says that {@link Application.nextBatch} has something to give. */
  workArrived(): void;
}
