/** What is on a disk, to be read again while its replica runs. */
export interface Rereadable {
  /**
   * Reads and verifies all of it once, in small pieces, and as slowly as it is asked for the next.
   *
   * @returns how many bytes each piece had
   * @throws DamagedLog when it is not what was written; StorageFailure when the disk does not answer
   */
  reread(): AsyncGenerator<number, void, undefined>;
}
