/** One comparison is of the fastest messages of two stretches of so much time: their delays are nearly the same. */
const STRETCH_MS = 10_000;
/** So many of the newest comparisons are kept: ten minutes. */
const KEPT = 60;
/** Fewer say nothing: one of them may have met a restart or a suspended machine. */
const ENOUGH = 3;

interface Sample {
  readonly ownMs: number;
  readonly peerMs: number;
}

/**
 * How fast a peer's monotonic clock runs, by what its messages say of their sending. Each stretch of time is known by
 * the message that came fastest; the median of what lies between neighbours is the rate, so that neither a slow network
 * nor a clock that stood still once disturbs it. (DESIGN 3.5; the bound is maxClockDrift)
 */
export class PeerClock {
  readonly #drifts: number[] = [];
  #former: Sample | undefined;
  #fastest: Sample | undefined;
  #stretchEndsMs = -Infinity;

  /** How much faster than the own clock it runs, as a fraction; absent until that is known. */
  get drift(): number | undefined {
    if (this.#drifts.length < ENOUGH) return undefined;
    return this.#drifts.toSorted((a, b) => a - b)[Math.floor(this.#drifts.length / 2)];
  }

  /**
   * A message arrived.
   *
   * @param peerMs its sending, by the peer's monotonic clock
   * @param ownMs its arrival, by the own one
   * @returns whether that may have changed the drift
   */
  heard(peerMs: number, ownMs: number): boolean {
    const sample = { ownMs, peerMs };
    if (this.#fastest === undefined || ownMs < this.#stretchEndsMs) {
      if (this.#fastest === undefined) this.#stretchEndsMs = ownMs + STRETCH_MS;
      if (this.#fastest === undefined || offsetOf(sample) < offsetOf(this.#fastest)) this.#fastest = sample;
      return false;
    }
    const { ownMs: endMs, peerMs: endPeerMs } = this.#fastest;
    const former = this.#former;
    this.#former = this.#fastest;
    this.#fastest = sample;
    this.#stretchEndsMs = ownMs + STRETCH_MS;
    // A process that started again counts from another moment.
    if (former === undefined || endPeerMs <= former.peerMs || endMs <= former.ownMs) return false;
    this.#drifts.push((endPeerMs - former.peerMs) / (endMs - former.ownMs) - 1);
    if (this.#drifts.length > KEPT) this.#drifts.shift();
    return true;
  }
}

/** Less for a message that was less delayed. */
const offsetOf = ({ ownMs, peerMs }: Sample): number => ownMs - peerMs;
