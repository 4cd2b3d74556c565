/**
 * What the log keeps the same at every replica: your state machine ([PML] 2, 5; Schneider 1990). Each replica has one.
 *
 * Its methods are synchronous, and a function of the state and their argument alone: no clock, no randomness, no I/O, no
 * order that differs between processes. What they throw ends the replica, and the next start meets the same command
 * again: answer a bad command with a result, not with an error.
 */
export interface LogApplication<Result = unknown> {
  /**
   * Carries out the next command, the same at every replica and in the same order. A command whose proposer lost its
   * mastership may still come, and one that was proposed again comes twice.
   *
   * @param command bytes as they were proposed; copy what is to be kept
   * @returns what the proposer is told; the other replicas drop it
   */
  apply(command: Uint8Array): Result;
  /**
   * The whole state, for a snapshot and for comparing replicas: equal states give equal bytes. ([PML] 5.4) Called once a
   * minute and once per snapshot, and nothing else happens meanwhile: keep it well below a hundred ms.
   */
  snapshot(): Uint8Array;
  /** Puts a state from {@link snapshot}, of this replica or another one, in the place of the present one. */
  restore(state: Uint8Array): void;
}
