import { below } from '../common/rng.js';
import type { Rng } from '../common/rng.js';
import type { Scheduler } from './scheduler.js';

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

/** Carries messages between numbered places; loses, delays, repeats and reorders them, and cuts links one way. */
export class SimNetwork {
  quality: LinkQuality = GOOD_LINK;
  readonly #cut = new Set<number>();

  constructor(
    private readonly scheduler: Scheduler,
    private readonly rng: Rng,
  ) {}

  send(from: number, to: number, deliver: () => void): void {
    if (this.#cut.has(link(from, to)) || this.rng.next() < this.quality.loss) return;
    this.scheduler.after(this.#delayMs(), () => this.#arrive(from, to, deliver));
    if (this.rng.next() >= this.quality.duplication) return;
    const lateMs = below(this.rng, this.quality.duplicateDelayMs);
    this.scheduler.after(this.#delayMs() + lateMs, () => this.#arrive(from, to, deliver));
  }

  /** Nothing passes from `from` to `to`, what is under way included. */
  cut(from: number, to: number): void {
    this.#cut.add(link(from, to));
  }

  heal(): void {
    this.#cut.clear();
    this.quality = GOOD_LINK;
  }

  #arrive(from: number, to: number, deliver: () => void): void {
    if (!this.#cut.has(link(from, to))) deliver();
  }

  #delayMs(): number {
    return this.quality.delayMs - Math.log(1 - this.rng.next()) * this.quality.jitterMs;
  }
}

const link = (from: number, to: number): number => from * 1000 + to;
