import { access, constants, mkdir, realpath, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { levelError } from './damage.js';
import { exists, hasCode } from './durable-files.js';

const LOCK = 'LOCK';

/**
 * Keeps other processes from opening a log, as if it were open here, and changes nothing in it: LevelDB tidies up what it
 * opens, so that what is only to be looked at is copied. What is opened here is an empty database whose lock is the log's.
 *
 * @param directory of the log
 * @param scratch a directory that is not there yet, for the empty database
 * @returns what gives the lock back
 * @throws UnusableDirectory when another process has the log open
 * @throws StorageFailure when the lock cannot be reached
 */
export async function borrowLock(directory: string, scratch: string): Promise<() => Promise<void>> {
  const lock = join(directory, LOCK);
  // A copy may lack it, and where nothing can be written no replica runs.
  if (!(await exists(lock)) || (await isReadOnly(lock))) return () => Promise.resolve();
  await mkdir(scratch);
  await symlink(await realpath(lock), join(scratch, LOCK));
  const db = new ClassicLevel(scratch);
  try {
    await db.open();
  } catch (error) {
    throw levelError(directory, 'cannot lock', error);
  }
  return () => db.close();
}

async function isReadOnly(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => false,
    (error: unknown) => hasCode(error, 'EROFS'),
  );
}
