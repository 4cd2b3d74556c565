/** Of two holders of one lock the later one has the larger pair, the instance number looked at first. */
export interface LockPair {
  /** Of the node: it grows when the node is deleted and made again. */
  readonly instanceNumber: number;
  /** Grows each time the lock goes from free to held. */
  readonly lockGeneration: number;
}

/** Whether one pair is of an earlier hold of the lock than the other. */
export const isOlder = (a: LockPair, b: LockPair): boolean =>
  a.instanceNumber === b.instanceNumber ? a.lockGeneration < b.lockGeneration : a.instanceNumber < b.instanceNumber;

/**
 * Remembers the newest pair that a resource has let through.
 *
 * This is what makes a fence: the signature proves only that somebody held the lock once. It holds as far as two things
 * are true of the store.
 *
 * - The pair is tested, raised **and the fenced write done in one atomic step**. A writer that was tested, then paused,
 *   and writes after a later holder has written, is just the one that the fence is there to stop. Where the resource is a
 *   database, keep the pair in it and use {@link Fence.inspect} inside of the transaction that writes: its statement
 *   for the pair, e.g. `UPDATE fence SET instance = $1, generation = $2 WHERE lock = $3 AND (instance, generation) <=
 *   ($1, $2)`, must have changed a row, or the transaction is rolled back.
 * - The pair is as durable as what is written: a fence that forgets lets everybody in.
 */
export interface NewestSeen {
  /**
   * Remembers the pair unless a newer one is remembered; atomically.
   *
   * @param lock whole name of the lock
   * @returns the newest pair afterwards: this one, or the newer one that refuses it
   */
  raise(lock: string, pair: LockPair): LockPair | Promise<LockPair>;
}

/**
 * The newest pair in the memory of this process: enough where no other process writes, where a write begins in the same
 * turn of the event loop as its test ends and reaches the resource in that order, and where what is written ends with
 * the process. Everybody else gives a store of their own.
 */
export class NewestInMemory implements NewestSeen {
  readonly #newest = new Map<string, LockPair>();

  raise(lock: string, pair: LockPair): LockPair {
    const known = this.#newest.get(lock);
    if (known !== undefined && isOlder(pair, known)) return known;
    this.#newest.set(lock, pair);
    return pair;
  }
}
