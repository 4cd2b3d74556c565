import type { Timer } from '../common/clock.js';

interface Event extends Timer {
  readonly atMs: number;
  /** Events of one moment run in the order in which they were made. */
  readonly order: number;
  run: (() => void) | undefined;
}

const before = (a: Event, b: Event): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

/** Virtual time: a heap of events, run one after the other by whoever drives the simulation. */
export class Scheduler {
  readonly #heap: Event[] = [];
  #nowMs = 0;
  #order = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): Timer {
    const event: Event = {
      atMs: this.#nowMs + Math.max(0, delayMs),
      order: this.#order++,
      run,
      cancel: () => {
        event.run = undefined;
      },
    };
    this.#push(event);
    return event;
  }

  /**
   * Goes to the next moment at which something is due, and runs all of it. When that is later than `untilMs`, or never,
   * it is `untilMs` now.
   *
   * @returns whether anything ran
   */
  runNextMoment(untilMs: number): boolean {
    const dueMs = this.#nextDueMs();
    if (dueMs > untilMs) {
      this.#nowMs = Math.max(this.#nowMs, untilMs);
      return false;
    }
    do this.step();
    while (this.#nextDueMs() <= dueMs);
    return true;
  }

  /** Runs the next event that was not cancelled. Whether there was one. */
  step(): boolean {
    for (let event = this.#pop(); event !== undefined; event = this.#pop()) {
      if (event.run === undefined) continue;
      this.#nowMs = event.atMs;
      event.run();
      return true;
    }
    return false;
  }

  /** Infinity when nothing is. */
  #nextDueMs(): number {
    while (this.#heap[0] !== undefined && this.#heap[0].run === undefined) this.#pop();
    return this.#heap[0]?.atMs ?? Infinity;
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(event, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = event;
  }

  #pop(): Event | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
    return top;
  }
}
