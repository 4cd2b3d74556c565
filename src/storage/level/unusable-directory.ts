import type { NewerFormat } from '../newer-format.js';

/**
 * Why a data directory was refused although nothing in it is known to be damaged: another process has it open, it
 * belongs to another replica, it holds something that is not ours, a later version wrote it, something stands where a
 * new log was to be created, or the file system does not let us in.
 */
export type UnusableReason = 'in-use' | 'other-replica' | 'foreign-files' | 'newer-format' | 'exists' | 'no-access';

/** A directory this replica must not start on; nothing in it was changed. The message ends with the remedy. */
export class UnusableDirectory extends Error {
  override readonly name = 'UnusableDirectory';

  constructor(
    readonly reason: UnusableReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What a later version of this program wrote at `path`. */
export const newerFormat = (path: string, error: NewerFormat): UnusableDirectory =>
  new UnusableDirectory('newer-format', `${path} is of a later version: ${error.message}`, { cause: error });
