import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { EXIT, worthRestarting } from './exit-codes.js';
import { CHUBBYD } from './package-files.js';
import { sameState } from './replica-state.js';
import type { ReplicaState } from './replica-state.js';
import { isStateReport } from './supervision.js';

/** How to run a replica. */
export interface ReplicaProcessOptions {
  readonly id: number;
  readonly configFile: string;
  /** Over this process' own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** For Node itself, e.g. `--cpu-prof`. */
  readonly nodeArguments?: readonly string[];
  /** Whether it is started again when it ends without having been asked to. */
  readonly restart: boolean;
  readonly onEvent?: (event: ReplicaEvent) => void;
}

/** How a process ended: by an exit code, or by a signal. */
export interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What happens to a replica, in the order in which it happens. */
export type ReplicaEvent = { readonly id: number } & (
  | { readonly type: 'started'; readonly pid: number }
  | { readonly type: 'state'; readonly state: ReplicaState }
  /** A line on its standard error: why it ends. */
  | { readonly type: 'said'; readonly line: string }
  /** It is started again after the pause; never when there is none. */
  | { readonly type: 'ended'; readonly ending: Ending; readonly asked: boolean; readonly restartInMs?: number }
);

const BACKOFF_MIN_MS = 200;
const BACKOFF_MAX_MS = 5_000;
/** A replica that ran for so long did not fail because of how it was started. */
const SETTLED_MS = 10_000;
/** Hand-over and closing take 2 s at most. */
const PATIENCE_MS = 3_000;
/** What is shown of one line. */
const LINE_CHARS = 2_000;

/** One replica as a child process: started, watched, started again when it died, and stopped. */
export class ReplicaProcess {
  readonly #options: ReplicaProcessOptions;
  #child: ChildProcess | undefined;
  #ended: Promise<Ending> | undefined;
  #state: ReplicaState | undefined;
  #stopping = false;
  #backoffMs = BACKOFF_MIN_MS;
  #restartTimer: NodeJS.Timeout | undefined;
  #saidLines: string[] = [];

  constructor(options: ReplicaProcessOptions) {
    this.#options = options;
  }

  get id(): number {
    return this.#options.id;
  }

  /** Absent while no process runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** What the running process told last. */
  get state(): ReplicaState | undefined {
    return this.#state;
  }

  /** What the latest process wrote to standard error, the last lines of it. */
  get said(): readonly string[] {
    return this.#saidLines;
  }

  start(): void {
    if (this.#child !== undefined) return;
    clearTimeout(this.#restartTimer);
    this.#stopping = false;
    const { id, configFile, environment, nodeArguments = [] } = this.#options;
    const startedAtMs = performance.now();
    const child = spawn(
      process.execPath,
      [...nodeArguments, CHUBBYD, '--config', configFile, '--replica', String(id)],
      {
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        env: { ...process.env, ...environment },
      },
    );
    this.#child = child;
    this.#saidLines = [];
    this.#ended = this.#watch(child, startedAtMs);
    if (child.pid !== undefined) this.#emit({ type: 'started', id, pid: child.pid });
  }

  /** Sends a signal to the running process. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Resolves when the process that runs now has ended; at once when none does. */
  async ended(): Promise<Ending | undefined> {
    return this.#ended;
  }

  /** Asks the process to end, ends it if it does not, and does not start it again. */
  async stop(patienceMs = PATIENCE_MS): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restartTimer);
    this.signal('SIGTERM');
    // One that is stopped by SIGSTOP would take notice only when it goes on.
    const timer = setTimeout(() => this.signal('SIGKILL'), patienceMs);
    await this.ended();
    clearTimeout(timer);
  }

  /** Ends the process without a warning, and does not start it again. */
  async kill(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restartTimer);
    this.signal('SIGKILL');
    await this.ended();
  }

  async #watch(child: ChildProcess, startedAtMs: number): Promise<Ending> {
    child.on('message', (message) => {
      if (isStateReport(message) && child === this.#child) this.#stateChanged(message.state);
    });
    createInterface({ input: child.stderr! }).on('line', (line) => this.#said(line.slice(0, LINE_CHARS)));
    const ending = await new Promise<Ending>((resolve) => {
      // 'close' comes after 'exit', when everything that was said has been read.
      child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
      child.on('error', (error) => {
        this.#said(error.message);
        if (child.pid === undefined) resolve({ exitCode: EXIT.broken, signal: null });
      });
    });
    this.#childEnded(ending, performance.now() - startedAtMs);
    return ending;
  }

  #childEnded(ending: Ending, ranMs: number): void {
    this.#child = undefined;
    this.#ended = undefined;
    this.#state = undefined;
    const event = { type: 'ended', id: this.id, ending, asked: this.#stopping } as const;
    if (this.#stopping || !this.#options.restart || !worthRestarting(ending.exitCode)) return this.#emit(event);
    if (ranMs > SETTLED_MS) this.#backoffMs = BACKOFF_MIN_MS;
    const restartInMs = this.#backoffMs;
    this.#backoffMs = Math.min(2 * restartInMs, BACKOFF_MAX_MS);
    this.#restartTimer = setTimeout(() => this.start(), restartInMs);
    this.#emit({ ...event, restartInMs });
  }

  #stateChanged(state: ReplicaState): void {
    if (this.#state !== undefined && sameState(this.#state, state)) return;
    this.#state = state;
    this.#emit({ type: 'state', id: this.id, state });
  }

  #said(line: string): void {
    this.#saidLines = [...this.#saidLines, line].slice(-20);
    this.#emit({ type: 'said', id: this.id, line });
  }

  #emit(event: ReplicaEvent): void {
    this.#options.onEvent?.(event);
  }
}
