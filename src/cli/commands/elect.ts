import { hostname } from 'node:os';
import { LeaderElection } from '../../client/recipes/leader-election.js';
import { command } from '../command.js';
import { observe } from '../elect/observe.js';
import type { Remedies } from '../errors.js';
import { leaseMsFor } from '../lock/lease.js';
import { LOCK_OPTIONS, lockOptionsOf } from '../lock/lock-options.js';
import { runUnderLock } from '../lock/run-under-lock.js';
import { flag, text } from '../options.js';
import { CREATE_DIRECTORY } from '../remedies.js';
import { UsageError } from '../usage-error.js';

const REMEDIES: Remedies = {
  NOT_FOUND: CREATE_DIRECTORY,
  NOT_A_DIRECTORY: 'a file is in the way: choose another name, or chubby rm the file',
  LOCK_BUSY: 'wait longer (--wait); chubby elect --observe shows who leads',
};

export const elect = command({
  name: 'elect',
  summary: 'Stand for election, and lead while a command runs, or until interrupted; or see who leads',
  example: 'elect /ls/local/primary --value host-1:8080 -- ./serve --port 8080',
  positionals: {
    path: { describe: 'directory of the election, created where there is none: /ls/local/...' },
    command: { describe: 'what to run while leading', behind: 'optional' },
  },
  options: {
    value: text('a text', "what others see while this one leads, such as an address; the host's name unless given"),
    observe: flag('do not stand: write a line with the value of the leader, and one whenever it changes'),
    ...LOCK_OPTIONS,
  },
  epilogue:
    'It is the election of LeaderElection in chubby/recipes: both stand, and are seen, under the same name. The leader is ' +
    'who has the lock PATH/lock (chubby explain tells more of it); the file PATH/leader has his value, and goes with him. ' +
    'Exit codes, CHUBBY_SEQUENCER and what happens when the lock is about to be lost are as with chubby lock.',
  remedies: REMEDIES,
  leaseMs: ({ 'kill-after': killAfter }) => leaseMsFor(killAfter),
  async run(context, { path, value: given, observe: observes, command: [program, ...args], ...locking }) {
    const { client, output } = context;
    const election = new LeaderElection(client, path);
    const value = given ?? hostname();
    if (observes) {
      if (given !== undefined || program !== undefined) {
        throw new UsageError('elect --observe takes neither --value nor a command', 'elect');
      }
      return observe(election, output);
    }
    if (program === '') throw new UsageError('the command behind -- has no name', 'elect');
    return runUnderLock(context, election.lockName, program, args, {
      ...lockOptionsOf(locking),
      remedies: REMEDIES,
      hold: (work, options) =>
        election.campaign(
          value,
          async (leadership) => {
            await output.note(output.json ? JSON.stringify({ leading: value }) : `chubby: leading ${path}`);
            return work(leadership);
          },
          options,
        ),
    });
  },
});
