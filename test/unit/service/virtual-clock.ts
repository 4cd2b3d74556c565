import type { Clock, Timer } from '../../../src/common/clock.js';

interface Pending {
  readonly atMs: number;
  readonly callback: () => void;
}

/** Time that passes only when a test says so; timers ring in their order while it does. */
export class VirtualClock implements Clock {
  #nowMs = 1_000;
  #wallAheadMs = 1_700_000_000_000;
  readonly #timers = new Set<Pending>();

  monotonicMs(): number {
    return this.#nowMs;
  }

  bootMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#wallAheadMs + this.#nowMs;
  }

  /** Somebody sets the wall clock. */
  setWall(ms: number): void {
    this.#wallAheadMs = ms - this.#nowMs;
  }

  after(delayMs: number, callback: () => void): Timer {
    const timer = { atMs: this.#nowMs + delayMs, callback };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** @param ran called after each timer, before the next one */
  advance(byMs: number, ran: () => void = () => undefined): void {
    const untilMs = this.#nowMs + byMs;
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
      ran();
    }
    this.#nowMs = untilMs;
  }

  #next(untilMs: number): Pending | undefined {
    let first: Pending | undefined;
    for (const timer of this.#timers) {
      if (timer.atMs <= untilMs && (first === undefined || timer.atMs < first.atMs)) first = timer;
    }
    return first;
  }
}
