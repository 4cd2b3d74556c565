import type { ReplicaId, Slot } from '../paxos/ballot.js';
import type { LogTimings } from '../paxos/timings.js';
import type { Epoch, ValueHeader } from '../paxos/value.js';

/**
 * The database as the log sees it: values arrive in slot order, each once. All of it is synchronous and deterministic;
 * what it throws ends the process.
 */
export interface StateMachine {
  /** A value that counts. Its header is the pair in force from here on and belongs to the state. (DESIGN 3.7) */
  apply(slot: Slot, header: ValueHeader, body: Uint8Array): void;
  /** A slot whose value is a no-op, or was skipped because it does not directly follow the pair in force. */
  skip(slot: Slot): void;
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
  /** Says that {@link Application.nextBatch} has something to give. */
  workArrived(): void;
}
