import { constants } from 'node:os';
import { ChubbyError } from '../../client/chubby-error.js';
import type { HeldLock, WithLockOptions } from '../../client/index.js';
import type { Context } from '../context.js';
import { tellError } from '../errors.js';
import type { Remedies } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import { CannotRun, GuardedChild } from './guarded-child.js';
import { Interrupts } from './interrupts.js';
import { WaitingNote } from './waiting-note.js';

/** Runs `work` while the lock is held; as Client.withLock. */
export type Hold = (work: (lock: HeldLock) => Promise<number>, options: WithLockOptions) => Promise<number>;

export interface LockedRun extends WithLockOptions {
  readonly remedies: Remedies;
  /** How the lock is had. */
  readonly hold: Hold;
}

/**
 * Runs a command while holding a lock, and ends it before the lock can be lost.
 *
 * @param path whose lock it is, for messages
 * @param program the command; without one the lock is held until this process is interrupted
 * @returns the exit code
 */
export async function runUnderLock(
  { terminal, output }: Pick<Context, 'terminal' | 'output'>,
  path: string,
  program: string | undefined,
  args: readonly string[],
  { remedies, hold, ...options }: LockedRun,
): Promise<number> {
  let child: GuardedChild | undefined;
  let hasRun = false;
  const interrupts = new Interrupts((signal) => {
    if (child !== undefined) child.pass(signal);
    else interrupts.end();
  });
  const waiting = new WaitingNote(output, path);
  try {
    return await hold(
      async (lock) => {
        waiting.end();
        hasRun = true;
        try {
          // A signal that came before there was a command to pass it on to is heard here.
          const isInterrupted = interrupts.received !== undefined;
          if (program === undefined || isInterrupted) return await interrupted(interrupts, lock.signal);
          child = new GuardedChild(program, args, lock, terminal);
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

/** Waits for the first signal to this process, or for the lock to be lost. */
async function interrupted(interrupts: Interrupts, lost: AbortSignal): Promise<number> {
  const either = AbortSignal.any([interrupts.signal, lost]);
  if (!either.aborted) await new Promise((resolve) => either.addEventListener('abort', resolve, { once: true }));
  const { received } = interrupts;
  return received === undefined ? EXIT.lockLost : EXIT.commandKilled + constants.signals[received];
}
