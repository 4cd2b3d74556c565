import type { Output } from '../output.js';

/** So long nobody wonders why nothing happens. */
const SILENT_MS = 1_000;

/** Says once on stderr that a lock is waited for, if it is for long. */
export class WaitingNote {
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(output: Output, path: string) {
    // Programs read one JSON value at most.
    if (output.json) return;
    this.#timer = setTimeout(() => void output.note(`chubby: waiting for the lock ${path}`), SILENT_MS);
  }

  /** The lock was had, or was not to be had. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
