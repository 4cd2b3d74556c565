interface Deadline<T> {
  readonly item: T;
  readonly atMs: number;
}

/** Below so many entries a heap is not worth rebuilding. */
const SMALL = 64;

/**
 * When each of many items is due, earliest first: time is an input, and one timer for the earliest is enough. A binary
 * heap; a deadline that was moved or cleared stays in it, without effect, until its old time comes or the heap holds
 * more of them than of the others.
 */
export class Deadlines<T> {
  #heap: Deadline<T>[] = [];
  readonly #current = new Map<T, Deadline<T>>();

  /** How many items have a deadline. */
  get size(): number {
    return this.#current.size;
  }

  /** How much memory they take: the deadlines of all items, and what is left of earlier ones. */
  get entries(): number {
    return this.#heap.length;
  }

  /** Sets or moves the item's deadline. */
  set(item: T, atMs: number): void {
    const deadline = { item, atMs };
    this.#current.set(item, deadline);
    this.#push(deadline);
    this.#rebuildIfMostlyStale();
  }

  clear(item: T): void {
    this.#current.delete(item);
    this.#rebuildIfMostlyStale();
  }

  clearAll(): void {
    this.#current.clear();
    this.#heap.length = 0;
  }

  /** The item's deadline, if it has one. */
  of(item: T): number | undefined {
    return this.#current.get(item)?.atMs;
  }

  /** When the next item is due; infinite without one. */
  next(): number {
    this.#dropStale();
    return this.#heap[0]?.atMs ?? Infinity;
  }

  /** Takes out one item that is due, the earliest first. */
  takeDue(nowMs: number): T | undefined {
    this.#dropStale();
    const first = this.#heap[0];
    if (first === undefined || first.atMs > nowMs) return undefined;
    this.#pop();
    this.#current.delete(first.item);
    return first.item;
  }

  #rebuildIfMostlyStale(): void {
    if (this.#heap.length <= SMALL || this.#heap.length <= 2 * this.#current.size) return;
    // Sorted is a heap, too.
    this.#heap = [...this.#current.values()].sort((a, b) => a.atMs - b.atMs);
  }

  #dropStale(): void {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (this.#current.get(first.item) === first) return;
      this.#pop();
    }
  }

  #push(deadline: Deadline<T>): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(deadline);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.atMs <= deadline.atMs) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = deadline;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && heap[child + 1]!.atMs < heap[child]!.atMs) child++;
      if (heap[child]!.atMs >= last.atMs) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}
