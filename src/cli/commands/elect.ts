import { hostname } from 'node:os';
import { command, NODE_PATH } from '../command.js';
import { observe } from '../elect/observe.js';
import { Leadership } from '../elect/leadership.js';
import type { Remedies } from '../errors.js';
import { leaseMsFor } from '../lock/lease.js';
import { LOCK_OPTIONS, lockOptionsOf } from '../lock/lock-options.js';
import { runUnderLock } from '../lock/run-under-lock.js';
import { flag, text } from '../options.js';
import { CREATE_DIRECTORY } from '../remedies.js';
import { UsageError } from '../usage-error.js';

const REMEDIES: Remedies = {
  NOT_FOUND: CREATE_DIRECTORY,
  LOCK_BUSY: 'wait longer (--wait); chubby elect --observe shows who leads',
};

export const elect = command({
  name: 'elect',
  summary: 'Stand for election, and lead while a command runs, or until interrupted; or see who leads',
  example: 'elect /ls/local/primary --value host-1:8080 -- ./serve --port 8080',
  positionals: {
    path: NODE_PATH,
    command: { describe: 'what to run while leading', behind: 'optional' },
  },
  options: {
    value: text(
      'a text',
      "what others read in the node while this one leads, such as an address; the host's name unless given",
    ),
    observe: flag('do not stand: write a line with the value of the leader, and one whenever it changes'),
    ...LOCK_OPTIONS,
  },
  epilogue:
    'The leader is who has the lock of the node; its contents are his value, written under the lock and emptied when he ' +
    'resigns. One that dies cannot empty it: then his value stays until the next one leads, and chubby explain tells ' +
    'whether he has the lock. Exit codes, CHUBBY_SEQUENCER and what happens when the lock is about to be lost are as with ' +
    'chubby lock.',
  remedies: REMEDIES,
  leaseMs: ({ 'kill-after': killAfter }) => leaseMsFor(killAfter),
  async run(context, { path, value, observe: observes, command: [program, ...args], ...locking }) {
    if (observes) {
      if (value !== undefined || program !== undefined) {
        throw new UsageError('elect --observe takes neither --value nor a command', 'elect');
      }
      return observe(context, path);
    }
    if (program === '') throw new UsageError('the command behind -- has no name', 'elect');
    const leadership = new Leadership(context, path, value ?? hostname());
    return runUnderLock(context, path, program, args, {
      ...lockOptionsOf(locking),
      mode: 'exclusive',
      remedies: REMEDIES,
      duty: leadership,
    });
  },
});
