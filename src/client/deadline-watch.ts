import type { Clock, Timer } from '../common/clock.js';

/** Calls whose deadlines lie closer together than this are given up together. */
const COARSENESS_MS = 10;

/**
 * One timer for the deadlines of any number of calls. Most calls are answered long before theirs, so that nothing is
 * kept per call: when the earliest deadline that was ever watched has come, the owner looks through its calls.
 */
export class DeadlineWatch {
  #timer: Timer | undefined;
  #dueMs = Infinity;
  #closed = false;

  /** @param expire gives up what is due by now and returns the earliest deadline that is left */
  constructor(
    private readonly clock: Clock,
    private readonly expire: (nowMs: number) => number,
  ) {}

  /** Calls back at this time of the monotonic clock, or a little later. */
  watch(deadlineMs: number): void {
    if (deadlineMs < this.#dueMs) this.#arm(deadlineMs, this.clock.monotonicMs());
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #arm(dueMs: number, nowMs: number): void {
    this.#timer?.cancel();
    this.#dueMs = dueMs;
    if (this.#closed) return;
    this.#timer = dueMs === Infinity ? undefined : this.clock.after(Math.max(dueMs - nowMs, 0), () => this.#fire());
  }

  #fire(): void {
    const nowMs = this.clock.monotonicMs();
    // Meanwhile nothing earlier arms the timer: what is due within the coarseness waits for the owner's answer.
    this.#dueMs = -Infinity;
    const nextMs = this.expire(nowMs);
    this.#arm(Math.max(nextMs, nowMs + COARSENESS_MS), nowMs);
  }
}
