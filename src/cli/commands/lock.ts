import { command, pathArgument } from '../command.js';
import { runUnderLock } from '../lock/run-under-lock.js';
import { UsageError } from '../usage-error.js';

export const lock = command({
  usage: 'lock <path>',
  summary: 'Run a command while holding a lock: chubby lock /ls/local/x -- COMMAND ARGS',
  options: (yargs) =>
    pathArgument(yargs)
      .option('shared', { describe: 'share the lock with other shared holders', type: 'boolean', default: false })
      .option('wait', {
        describe: 'wait so many seconds for the lock at most; as long as it takes unless given',
        type: 'number',
      })
      .option('lock-delay', {
        describe: 'seconds for which nobody else gets the lock if this process dies, at most 60',
        type: 'number',
        default: 0,
      })
      .option('kill-after', {
        describe: 'seconds between SIGTERM and SIGKILL, when the lock is about to be lost',
        type: 'number',
        default: 1,
      })
      .option('--', { describe: 'the command and its arguments', type: 'array', hidden: true })
      .epilogue('The command finds the sequencer of the lock, in base64, in its environment as CHUBBY_SEQUENCER.'),
  async run({ client, terminal, output }, { path, shared, wait, lockDelay, killAfter, '--': words }) {
    const [program, ...args] = (words ?? []).map(String);
    if (program === undefined) throw new UsageError('lock needs a command: chubby lock PATH -- COMMAND ARGS');
    const waitMs = wait === undefined ? {} : { waitMs: wait * 1_000 };
    return runUnderLock({ client, terminal, output }, path, program, args, {
      mode: shared ? 'shared' : 'exclusive',
      lockDelayMs: Math.round(lockDelay * 1_000),
      marginMs: killAfter * 1_000,
      ...waitMs,
    });
  },
});
