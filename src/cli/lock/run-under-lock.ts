import { constants } from 'node:os';
import { ChubbyError } from '../../client/index.js';
import type { WithLockOptions } from '../../client/index.js';
import type { Context } from '../context.js';
import { tellError } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import { GuardedChild } from './guarded-child.js';
import { Interrupts } from './interrupts.js';

/**
 * Runs a command while holding a lock, and ends it before the lock can be lost.
 *
 * @returns the exit code
 */
export async function runUnderLock(
  { client, terminal, output }: Context,
  path: string,
  program: string,
  args: readonly string[],
  options: WithLockOptions,
): Promise<number> {
  let child: GuardedChild | undefined;
  const interrupts = new Interrupts((signal) => child?.pass(signal));
  try {
    const exitCode = await client.withLock(
      path,
      (lock) => {
        child = new GuardedChild(program, args, lock, terminal);
        return child.ended;
      },
      { ...options, signal: interrupts.signal },
    );
    if (exitCode === EXIT.commandNotFound) await output.note(`chubby: ${program}: no such command`);
    return exitCode;
  } catch (error) {
    const { received } = interrupts;
    if (child === undefined && received !== undefined) return EXIT.commandKilled + constants.signals[received];
    await tellError(output, error);
    return exitCodeOf(error);
  } finally {
    interrupts.end();
  }
}

/** Such as few commands have themselves: the others are passed on. */
function exitCodeOf(error: unknown): number {
  const reason = error instanceof ChubbyError ? error.reason : '';
  if (reason === 'LOCK_BUSY') return EXIT.lockBusy;
  return reason === 'LOCK_LOST' ? EXIT.lockLost : EXIT.lockFailed;
}
