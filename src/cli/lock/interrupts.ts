const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** Takes the signals that would end this process, so that it can give the lock back first. */
export class Interrupts {
  readonly #controller = new AbortController();
  readonly #listener: NodeJS.SignalsListener;
  #received: NodeJS.Signals | undefined;

  /** @param listener is told of each one */
  constructor(listener: (signal: NodeJS.Signals) => void) {
    this.#listener = (signal) => {
      this.#received = signal;
      this.#controller.abort(new Error(`interrupted by ${signal}`));
      listener(signal);
    };
    for (const name of INTERRUPTS) process.on(name, this.#listener);
  }

  /** Fires with the first one. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The last one. */
  get received(): NodeJS.Signals | undefined {
    return this.#received;
  }

  /** Leaves the next one to the system: it ends this process at once, as whoever waits for a cell that is away may want. */
  end(): void {
    for (const name of INTERRUPTS) process.off(name, this.#listener);
  }
}
