import { command, NODE_PATH } from '../command.js';
import { leaseMsFor } from '../lock/lease.js';
import { runUnderLock } from '../lock/run-under-lock.js';
import { flag, LONGEST_SECONDS, seconds } from '../options.js';
import { CREATE_DIRECTORY } from '../remedies.js';
import type { Remedies } from '../errors.js';
import { UsageError } from '../usage-error.js';

const REMEDIES: Remedies = {
  NOT_FOUND: CREATE_DIRECTORY,
  LOCK_BUSY: 'wait longer (--wait), or have whoever holds the lock release it',
};

export const lock = command({
  name: 'lock',
  summary: 'Run a command while holding a lock',
  example: 'lock --wait 60 --lock-delay 10 /ls/local/leader -- ./serve --port 8080',
  positionals: {
    path: NODE_PATH,
    command: { describe: 'what to run, with its own arguments', behind: true },
  },
  options: {
    shared: flag('share the lock with other shared holders'),
    wait: seconds({
      describe: 'wait so many seconds for the lock at most, 0 not at all; as long as it takes unless given',
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
  },
  epilogue:
    'The command finds the sequencer of the lock, in base64, in its environment as CHUBBY_SEQUENCER. ' +
    'If chubby itself is killed by SIGKILL, the command goes on without the lock.',
  remedies: REMEDIES,
  leaseMs: ({ 'kill-after': killAfter }) => leaseMsFor(killAfter),
  async run(
    context,
    { path, shared, wait, 'lock-delay': lockDelay, 'kill-after': killAfter, command: [program = '', ...args] },
  ) {
    if (program === '') throw new UsageError('the command behind -- has no name', 'lock');
    return runUnderLock(context, path, program, args, {
      mode: shared ? 'shared' : 'exclusive',
      lockDelayMs: Math.round(lockDelay * 1_000),
      marginMs: killAfter * 1_000,
      ...(wait !== undefined && { waitMs: wait * 1_000 }),
      remedies: REMEDIES,
    });
  },
});
