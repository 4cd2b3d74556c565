import { constants } from 'node:os';
import { ChubbyError } from '../../client/chubby-error.js';
import type { WithLockOptions } from '../../client/index.js';
import type { Context } from '../context.js';
import { tellError } from '../errors.js';
import type { Remedies } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import { CannotRun, GuardedChild } from './guarded-child.js';
import { Interrupts } from './interrupts.js';
import { WaitingNote } from './waiting-note.js';

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
  { remedies, ...options }: WithLockOptions & { readonly remedies: Remedies },
): Promise<number> {
  let child: GuardedChild | undefined;
  let hasRun = false;
  const interrupts = new Interrupts((signal) => {
    if (child !== undefined) child.pass(signal);
    else interrupts.end();
  });
  const waiting = new WaitingNote(output, path);
  try {
    return await client.withLock(
      path,
      async (lock) => {
        waiting.end();
        hasRun = true;
        child = new GuardedChild(program, args, lock, terminal);
        try {
          return await child.ended;
        } finally {
          child = undefined;
          if (interrupts.received !== undefined) interrupts.end();
        }
      },
      { ...options, signal: interrupts.signal, onWait: (obstacle) => waiting.blockedBy(obstacle) },
    );
  } catch (error) {
    const { received } = interrupts;
    if (!hasRun && received !== undefined) return EXIT.commandKilled + constants.signals[received];
    await tellError(output, error, remedies);
    return exitCodeOf(error);
  } finally {
    waiting.end();
    interrupts.end();
  }
}

/** Such as few commands have themselves: the others are passed on. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CannotRun) return error.exitCode;
  const reason = error instanceof ChubbyError ? error.reason : '';
  if (reason === 'LOCK_BUSY') return EXIT.lockBusy;
  return reason === 'LOCK_LOST' ? EXIT.lockLost : EXIT.lockFailed;
}
