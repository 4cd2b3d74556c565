import { command, NODE_PATH } from '../command.js';
import { leaseMsFor } from '../lock/lease.js';
import { LOCK_OPTIONS, lockOptionsOf } from '../lock/lock-options.js';
import { runUnderLock } from '../lock/run-under-lock.js';
import { flag } from '../options.js';
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
    ...LOCK_OPTIONS,
  },
  epilogue:
    '--timeout is for each request on the way to the lock, and not for the wait itself; --wait, if it is above 0, for all ' +
    'of that together. The command finds the sequencer of the lock, in base64, in its environment as CHUBBY_SEQUENCER. ' +
    'If chubby itself is killed by SIGKILL, the command goes on without the lock.',
  remedies: REMEDIES,
  leaseMs: ({ 'kill-after': killAfter }) => leaseMsFor(killAfter),
  async run(context, { path, shared, command: [program = '', ...args], ...locking }) {
    if (program === '') throw new UsageError('the command behind -- has no name', 'lock');
    return runUnderLock(context, path, program, args, {
      ...lockOptionsOf(locking),
      mode: shared ? 'shared' : 'exclusive',
      remedies: REMEDIES,
      hold: (work, options) => context.client.withLock(path, work, options),
    });
  },
});
