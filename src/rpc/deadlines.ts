/** How much later than promised a wait may be called late, as a part of its length. */
const COARSENESS = 1 / 4;

/**
 * Many waits of one length over one timer: connections, streams and peers are too many for a timer each, and none of
 * them needs precision.
 */
export class Deadlines<Key> {
  /** In the order of their ends, since all waits are equally long. */
  readonly #endsMs = new Map<Key, number>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param lengthMs how long a wait may last; it is called late at most a quarter of that afterwards
   * @param late called once for each wait that was not ended in time
   */
  constructor(
    private readonly lengthMs: number,
    private readonly late: (key: Key) => void,
  ) {}

  /** Begins a wait; one that runs already goes on. */
  begin(key: Key): void {
    if (this.#endsMs.has(key)) return;
    this.#endsMs.set(key, performance.now() + this.lengthMs);
    this.#timer ??= setInterval(() => this.#sweep(), Math.max(1, this.lengthMs * COARSENESS)).unref();
  }

  /** Begins a wait anew, whether it runs or not. */
  restart(key: Key): void {
    this.#endsMs.delete(key);
    this.begin(key);
  }

  /** Ends a wait; one that does not run is no error. */
  end(key: Key): void {
    this.#endsMs.delete(key);
  }

  /** Forgets every wait. */
  clear(): void {
    this.#endsMs.clear();
    this.#stop();
  }

  #sweep(): void {
    const nowMs = performance.now();
    for (const [key, endMs] of this.#endsMs) {
      if (endMs > nowMs) break;
      this.#endsMs.delete(key);
      this.late(key);
    }
    if (this.#endsMs.size === 0) this.#stop();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
