import type { WithLockOptions } from '../../client/index.js';
import { LONGEST_SECONDS, seconds } from '../options.js';

/** What is to be said of a lock that a command runs under. */
export const LOCK_OPTIONS = {
  wait: seconds({
    describe:
      'wait so many seconds at most, for the cell and the lock together; 0 to ask once; as long as it takes unless given',
    least: 0,
    most: LONGEST_SECONDS,
    fallback: undefined,
  }),
  'lock-delay': seconds({
    describe: 'seconds for which nobody else gets the lock if this process dies, at most 60',
    least: 0,
    most: 60,
    fallback: 0,
  }),
  'kill-after': seconds({
    describe:
      'seconds between SIGTERM and SIGKILL, when the lock is about to be lost; 1 unless given, 13 at most: ' +
      'the longer, the longer the session lease, and the later others get the lock if this process dies',
    least: 0.2,
    most: LONGEST_SECONDS,
    fallback: 1,
  }),
};

/** The same for the library. */
export const lockOptionsOf = (given: {
  readonly wait: number | undefined;
  readonly 'lock-delay': number;
  readonly 'kill-after': number;
}): Pick<WithLockOptions, 'waitMs' | 'lockDelayMs' | 'marginMs'> => ({
  lockDelayMs: Math.round(given['lock-delay'] * 1_000),
  marginMs: given['kill-after'] * 1_000,
  ...(given.wait !== undefined && { waitMs: given.wait * 1_000 }),
});
