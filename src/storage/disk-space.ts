/**
 * The room that a replica's disk has, and the reserve: room that is taken beforehand, lest others take it, and given up
 * for what a cell cannot do without when there is no other. One `spend` or `restore` at a time. (DESIGN 3.11)
 */
export interface DiskSpace {
  /** How large the reserve is to be. */
  readonly reserveBytes: number;
  /** How much of it is there. */
  readonly heldBytes: number;
  /** What this process may still write beside the reserve, at this moment. @throws StorageFailure when nobody can say */
  readonly freeBytes: number;
  /** Gives up so much of the reserve, as far as it goes. @throws StorageFailure */
  spend(sizeBytes: number): Promise<void>;
  /** Takes so much for the reserve; nothing where the room is gone meanwhile. @throws StorageFailure */
  restore(sizeBytes: number): Promise<void>;
}
