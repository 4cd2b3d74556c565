/**
 * A write, sync or read that the disk refused. What it was to store may or may not be there: whoever receives this ends
 * the process and never tries again, since a second fsync may say "done" of pages that are gone. (DESIGN 3.10)
 */
export class StorageFailure extends Error {
  override readonly name = 'StorageFailure';

  /**
   * @param what which operation failed, where
   * @param cause what the disk or its library said
   */
  constructor(what: string, cause: unknown) {
    super(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
