import { below } from '../common/rng.js';
import type { Rng } from '../common/rng.js';
import type { Scheduler } from '../testing/scheduler.js';

/** How bad a link is. Probabilities from 0 to 1. */
export interface LinkQuality {
  readonly delayMs: number;
  /** Mean of an exponential part on top, which reorders. */
  readonly jitterMs: number;
  readonly loss: number;
  readonly duplication: number;
  /** How much later a duplicate may come. */
  readonly duplicateDelayMs: number;
}

export const GOOD_LINK: LinkQuality = { delayMs: 0.2, jitterMs: 0.2, loss: 0, duplication: 0, duplicateDelayMs: 0 };

/** What may wait for a link; more is dropped, as the peer transport drops it. */
const QUEUE_BYTES = 32 * 1024 * 1024;

/** Carries messages between numbered places; loses, delays, repeats and reorders them, and cuts links one way. */
export class SimNetwork {
  quality: LinkQuality = GOOD_LINK;
  readonly #cut = new Set<number>();
  /** When each link has sent what it was given. */
  readonly #busyUntilMs = new Map<number, number>();

  /** @param bytesPerMs what each link carries in each direction */
  constructor(
    private readonly scheduler: Scheduler,
    private readonly rng: Rng,
    private readonly bytesPerMs: number,
  ) {}

  send(from: number, to: number, sizeBytes: number, deliver: () => void): void {
    if (this.#cut.has(link(from, to)) || this.rng.next() < this.quality.loss) return;
    const sendingMs = this.#sendingMs(link(from, to), sizeBytes);
    if (sendingMs * this.bytesPerMs > QUEUE_BYTES) return;
    this.scheduler.after(sendingMs + this.#delayMs(), () => this.#arrive(from, to, deliver));
    if (this.rng.next() >= this.quality.duplication) return;
    const lateMs = below(this.rng, this.quality.duplicateDelayMs);
    this.scheduler.after(sendingMs + this.#delayMs() + lateMs, () => this.#arrive(from, to, deliver));
  }

  /** Nothing passes from `from` to `to`, what is under way included. */
  cut(from: number, to: number): void {
    this.#cut.add(link(from, to));
  }

  cutBothWays(a: number, b: number): void {
    this.cut(a, b);
    this.cut(b, a);
  }

  heal(): void {
    this.#cut.clear();
    this.quality = GOOD_LINK;
  }

  /** How long the message takes to leave, behind what left before it. */
  #sendingMs(way: number, sizeBytes: number): number {
    const { nowMs } = this.scheduler;
    const leftMs = Math.max(nowMs, this.#busyUntilMs.get(way) ?? 0) + sizeBytes / this.bytesPerMs;
    if ((leftMs - nowMs) * this.bytesPerMs <= QUEUE_BYTES) this.#busyUntilMs.set(way, leftMs);
    return leftMs - nowMs;
  }

  #arrive(from: number, to: number, deliver: () => void): void {
    if (!this.#cut.has(link(from, to))) deliver();
  }

  #delayMs(): number {
    return this.quality.delayMs - Math.log(1 - this.rng.next()) * this.quality.jitterMs;
  }
}

const link = (from: number, to: number): number => from * 1000 + to;
