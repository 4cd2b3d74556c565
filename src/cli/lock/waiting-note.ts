import type { LockObstacle } from '../../client/index.js';
import { durationInWords } from '../duration.js';
import type { Output } from '../output.js';

/** So long nobody wonders why nothing happens. */
const SILENT_MS = 1_000;

/** Says once on stderr that a lock is waited for, and for whom, if it is for long. */
export class WaitingNote {
  readonly #timer: NodeJS.Timeout | undefined;
  #obstacle: LockObstacle | undefined;

  constructor(output: Output, path: string) {
    // Programs read one JSON value at most.
    if (output.json) return;
    const tell = (): void => void output.note(`chubby: waiting for the lock ${path}${this.#why(path)}`);
    this.#timer = setTimeout(tell, SILENT_MS);
  }

  /** This is in the way. */
  blockedBy(obstacle: LockObstacle): void {
    this.#obstacle = obstacle;
  }

  /** The lock was had, or was not to be had. */
  end(): void {
    clearTimeout(this.#timer);
  }

  #why(path: string): string {
    if (this.#obstacle === undefined) return '';
    const { holderSessionId, lockDelayLeftMs } = this.#obstacle;
    if (lockDelayLeftMs > 0) {
      return `: held back for ${durationInWords(lockDelayLeftMs)}, since its holder's session expired`;
    }
    return holderSessionId === '' ? '' : `: session ${holderSessionId} has it (chubby explain ${path})`;
  }
}
