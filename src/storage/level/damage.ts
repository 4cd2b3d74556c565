import { MalformedBytes } from '../../common/bytes.js';
import { DamagedLog } from '../replay-log.js';
import { NewerFormat } from '../newer-format.js';
import { StorageFailure } from '../storage-failure.js';
import { describeKey } from './keys.js';
import { newerFormat, UnusableDirectory } from './unusable-directory.js';

/** Damage in the log at `directory`, with what to do about it. (DESIGN 3.9) */
export const damagedLog = (directory: string, what: string, cause?: unknown): DamagedLog =>
  new DamagedLog(
    `${directory} is damaged: ${what}. A replica must not vote on a damaged log: move its data directory aside and have the cell replace this replica.`,
    { cause },
  );

/** What to throw for an error met while taking apart what is stored under `key`. */
export const entryError = (directory: string, key: Uint8Array, error: unknown): unknown => {
  if (error instanceof NewerFormat) return newerFormat(directory, error);
  if (!(error instanceof MalformedBytes)) return error;
  return damagedLog(directory, `${describeKey(key)} is not what was written (${error.message})`, error);
};

/** What to throw for an error of LevelDB or of the file system; any other error is returned as it came. */
export function levelError(directory: string, doing: string, error: unknown): unknown {
  if (!isCoded(error)) return error;
  const cause = error.code === 'LEVEL_DATABASE_NOT_OPEN' ? (error.cause ?? error) : error;
  const code = isCoded(cause) ? cause.code : undefined;
  if (code === 'LEVEL_LOCKED') {
    return new UnusableDirectory(
      'in-use',
      `${directory} is in use by another process: stop that one, or give this replica a data directory of its own`,
      { cause },
    );
  }
  if (code === 'LEVEL_CORRUPTION') return damagedLog(directory, `LevelDB says "${(cause as Error).message}"`, cause);
  if (isOfBrokenFile(cause)) {
    return damagedLog(directory, `a file that LevelDB needs is gone or empty (${cause.message})`, cause);
  }
  return new StorageFailure(`${doing} ${directory}`, cause);
}

/**
 * LevelDB tells of a file that is not there, or that is empty and cannot be mapped, as of a disk that does not answer; only
 * what it says differs.
 */
const isOfBrokenFile = (cause: unknown): cause is Error =>
  cause instanceof Error && /^IO error: .*: (No such file or directory|Invalid argument)$/.test(cause.message);

const isCoded = (error: unknown): error is Error & { readonly code: unknown } =>
  error instanceof Error && 'code' in error;
