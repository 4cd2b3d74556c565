import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { WatchItem } from '../../client/index.js';
import { CannotRun } from '../lock/guarded-child.js';
import type { Output } from '../output.js';
import type { Terminal } from '../terminal.js';

/** Different events that wait for the command: beyond it one `reread` stands for all. */
export const WAITING_MAX = 10_000;

interface Waiting {
  readonly item: WatchItem;
  /** Events that it stands for. */
  readonly merged: number;
}

/**
 * Runs a command for each event, one at a time, in their order. What happens to the same node again while the command is
 * busy waits as one event: a slow command sees the last state, and is not behind for ever.
 */
export class EventCommands {
  readonly #waiting = new Map<string, Waiting>();
  readonly #failed = new AbortController();
  #child: ChildProcess | undefined;
  #working: Promise<void> | undefined;
  #stopped = false;

  /** @param path what is watched */
  constructor(
    private readonly program: string,
    private readonly args: readonly string[],
    private readonly terminal: Terminal,
    private readonly output: Output,
    private readonly path: string,
  ) {}

  /** Fires, with {@link CannotRun} as its reason, when the command is not there or not to be run. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** Waits until no command runs. */
  async ended(): Promise<void> {
    await this.#working;
  }

  add(item: WatchItem): void {
    const key = `${item.kind} ${item.name}`;
    const merged = (this.#waiting.get(key)?.merged ?? 0) + 1;
    // As the last one, it goes to the end.
    this.#waiting.delete(key);
    this.#waiting.set(key, { item, merged });
    if (this.#waiting.size > WAITING_MAX) this.#mergeAll();
    this.#working ??= this.#work().finally(() => (this.#working = undefined));
  }

  /** Runs no more, and asks the one that runs to end. */
  stop(): void {
    this.#stopped = true;
    this.#waiting.clear();
    this.#child?.kill();
  }

  #mergeAll(): void {
    let merged = 0;
    for (const waiting of this.#waiting.values()) merged += waiting.merged;
    this.#waiting.clear();
    this.#waiting.set('', { item: { kind: 'reread', name: this.path, exists: true }, merged });
  }

  async #work(): Promise<void> {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      try {
        await this.#run(next);
      } catch (error) {
        this.stop();
        this.#failed.abort(error);
      }
    }
  }

  #next(): Waiting | undefined {
    const [first] = this.#waiting;
    if (first === undefined || this.#stopped) return undefined;
    this.#waiting.delete(first[0]);
    return first[1];
  }

  async #run({ item, merged }: Waiting): Promise<void> {
    const child = spawn(this.program, this.args, {
      stdio: 'inherit',
      env: { ...this.terminal.env, ...envOf(item, merged) },
    });
    this.#child = child;
    const complaint = await new Promise<string | undefined>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) => reject(new CannotRun(this.program, error)));
      child.once('exit', (code, signal) =>
        resolve(code === 0 ? undefined : `ended with ${signal ?? code ?? 'an error'}`),
      );
    });
    this.#child = undefined;
    if (complaint !== undefined && !this.#stopped) await this.output.note(`chubby: ${this.program} ${complaint}`);
  }
}

const envOf = (item: WatchItem, merged: number): Record<string, string> => ({
  CHUBBY_EVENT: item.kind,
  CHUBBY_NODE: item.name,
  CHUBBY_MERGED: String(merged),
  ...(item.kind === 'reread' ? { CHUBBY_EXISTS: item.exists ? '1' : '0' } : { CHUBBY_REVISION: String(item.revision) }),
});
