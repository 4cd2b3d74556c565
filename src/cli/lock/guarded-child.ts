import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as elapsed } from 'node:timers/promises';
import type { HeldLock } from '../../client/index.js';
import { EXIT } from '../exit-codes.js';
import { SystemFailure } from '../system-failure.js';
import type { Terminal } from '../terminal.js';

/** The rest of the lease that SIGKILL leaves alone: for the kernel to end the process. */
const KILL_MARGIN_MS = 100;

/** How often to look whether what the command started has ended, too. */
const LOOK_MS = 20;

/** The command is not there, or not to be run. */
export class CannotRun extends SystemFailure {
  override readonly name = 'CannotRun';
  readonly exitCode: number;

  constructor(program: string, cause: NodeJS.ErrnoException) {
    super(program, cause, '');
    this.exitCode = cause.code === 'ENOENT' ? EXIT.commandNotFound : EXIT.commandNotExecutable;
  }
}

/** A command that runs only as long as the lock is held. */
export class GuardedChild {
  readonly #child: ChildProcess;
  /** It leads a process group of its own, so that what it started can be stopped with it. */
  readonly #ownGroup: boolean;
  readonly #ended: Promise<number>;
  /** From then on its number may be another's. */
  #over = false;

  /** Starts it, with the lock's sequencer in its environment. */
  constructor(program: string, args: readonly string[], lock: HeldLock, terminal: Terminal) {
    // In a group of its own a command could not read from the terminal, and Ctrl-C would not reach it.
    this.#ownGroup = !terminal.stdinIsTerminal;
    this.#child = spawn(program, args, {
      stdio: 'inherit',
      detached: this.#ownGroup,
      env: { ...terminal.env, CHUBBY_SEQUENCER: lock.sequencer.toString('base64') },
    });
    this.#ended = this.#watch(lock);
  }

  /**
   * The exit code to pass on: the command's own, or 128 and the number of the signal that ended it.
   *
   * Rejects with {@link CannotRun}.
   */
  get ended(): Promise<number> {
    return this.#ended;
  }

  /** Passes a signal on that this process was sent. */
  pass(signal: NodeJS.Signals): void {
    // Ctrl-C and Ctrl-\ go to everybody in the terminal's foreground, the command included.
    if (this.#ownGroup || (signal !== 'SIGINT' && signal !== 'SIGQUIT')) this.#kill(signal);
  }

  async #watch(lock: HeldLock): Promise<number> {
    let killTimer: NodeJS.Timeout | undefined;
    let killed = false;
    const kill = (): void => {
      killed = true;
      this.#kill('SIGKILL');
    };
    const stop = (): void => {
      this.#kill('SIGTERM');
      killTimer = setTimeout(kill, Math.max(0, lock.leftMs - KILL_MARGIN_MS));
    };
    if (lock.signal.aborted) stop();
    else lock.signal.addEventListener('abort', stop, { once: true });
    try {
      const exitCode = await this.#exit();
      // It may have gone at SIGTERM and left behind what does not.
      while (lock.signal.aborted && !killed && this.#kill(0)) await elapsed(LOOK_MS);
      return exitCode;
    } finally {
      this.#over = true;
      clearTimeout(killTimer);
      lock.signal.removeEventListener('abort', stop);
    }
  }

  #exit(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#child.once('error', (error: NodeJS.ErrnoException) => {
        const { pid, spawnfile } = this.#child;
        reject(
          pid === undefined ? new CannotRun(spawnfile, error) : new SystemFailure(`cannot stop ${spawnfile}`, error),
        );
      });
      this.#child.once('exit', (code, signal) => {
        resolve(signal === null ? (code ?? EXIT.failed) : EXIT.commandKilled + constants.signals[signal]);
      });
    });
  }

  /** @returns whether there was anybody to signal */
  #kill(signal: NodeJS.Signals | 0): boolean {
    const { pid } = this.#child;
    if (pid === undefined || this.#over) return false;
    return this.#ownGroup ? killGroup(pid, signal) : this.#child.kill(signal);
  }
}

function killGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leader, signal);
  } catch (error) {
    // All of them ended by themselves.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
