import type { Output } from './output.js';

/** So long nobody wonders why nothing is shown. */
const SILENT_MS = 3_000;

/** Says once on stderr that the cell has not answered yet: a command that follows something waits for it for ever. */
export class SilenceNote {
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(output: Output) {
    // Programs read JSON values only.
    if (output.json) return;
    const tell = (): void => void output.note('chubby: no answer yet, and waiting for it (chubby status tells more)');
    this.#timer = setTimeout(tell, SILENT_MS);
  }

  /** Something was answered, or is not waited for any more. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
