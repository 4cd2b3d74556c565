/** Stalls that are looked at together. */
const LATELY_MS = 60_000;
/** So many of them are no accident. */
const TOO_MANY = 5;

/** Notices a process that is kept from running again and again: its ticks come late. */
export class Stalls {
  #dueAtMs = Infinity;
  #stalledAtMs: number[] = [];

  /**
   * A tick.
   *
   * @param nextMs when the next one is to come
   * @param stallMs from when on a delay counts
   */
  ticked(nowMs: number, nextMs: number, stallMs: number): void {
    if (nowMs - this.#dueAtMs >= stallMs) this.#stalledAtMs.push(nowMs);
    this.#stalledAtMs = this.#stalledAtMs.filter((atMs) => nowMs - atMs <= LATELY_MS);
    this.#dueAtMs = nowMs + nextMs;
  }

  /** How often it stalled lately, where that is too often. */
  get tooMany(): number | undefined {
    return this.#stalledAtMs.length >= TOO_MANY ? this.#stalledAtMs.length : undefined;
  }

  /** Begins to count anew. */
  forget(): void {
    this.#stalledAtMs = [];
  }
}
