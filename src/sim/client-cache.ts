import type { Event } from '../wire/types.js';
import type { SituationCounts } from './situations.js';

/** What a client keeps of the files that it read, as the protocol tells it to. (docs/PROTOCOL.md) */
export class ClientCache {
  readonly #situations: SituationCounts;
  /** By the name that the cell calls the file by. */
  readonly #contents = new Map<string, Buffer>();
  /** The number of the last Invalidation handled. */
  #invalidation = 0;

  constructor(situations: SituationCounts) {
    this.#situations = situations;
  }

  get(name: string): Buffer | undefined {
    return this.#contents.get(name);
  }

  /** @param cacheNumber of the answer: what an invalidation overtook on its way is not kept */
  keep(name: string, contents: Buffer, cacheNumber: number): void {
    if (cacheNumber >= this.#invalidation) this.#contents.set(name, contents);
    else this.#situations.count('answerOvertaken');
  }

  /** Handles the events of a KeepAlive's answer, before that is acknowledged. */
  handle(events: readonly Event[]): void {
    for (const event of events) {
      if (event.event === 'masterFailedOver') this.clear();
      if (event.event !== 'invalidation' || !event.invalidation) continue;
      const { number, nodes } = event.invalidation;
      this.#invalidation = Math.max(this.#invalidation, number);
      for (const name of nodes) if (this.#contents.delete(name)) this.#situations.count('invalidated');
    }
  }

  /** The lease is over, or the master another one. */
  clear(): void {
    this.#contents.clear();
  }
}
