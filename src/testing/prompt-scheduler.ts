import type { Timer } from '../common/clock.js';
import { Scheduler } from './scheduler.js';

/** Virtual time that has to be moved on, but whose present needs nobody: what is due at once runs as promises do. */
export class PromptScheduler extends Scheduler {
  #wanted = false;

  override after(delayMs: number, run: () => void): Timer {
    const timer = super.after(delayMs, run);
    if (delayMs <= 0 && !this.#wanted) {
      this.#wanted = true;
      queueMicrotask(() => {
        this.#wanted = false;
        this.runNextMoment(this.nowMs);
      });
    }
    return timer;
  }
}
