import { check } from './violation.js';

interface Holder {
  readonly client: string;
  /** Whether the client's own session lease still lets it believe that it holds the lock. */
  readonly relies: () => boolean;
}

/**
 * S6 and S7 for one exclusive lock: a lock generation is granted once and grows, and nobody is granted the lock while
 * another, whose session lease runs by its own clock, still relies on it.
 */
export class LockJudge {
  #newestGeneration = 0;
  #holder: Holder | undefined;

  granted(client: string, generation: number, relies: () => boolean): void {
    const holder = this.#holder;
    check(
      holder === undefined || holder.client === client || !holder.relies(),
      () => `${client} is granted the lock at generation ${generation} while ${holder?.client} relies on it`,
    );
    check(
      generation > this.#newestGeneration,
      () => `lock generation ${generation} is granted after ${this.#newestGeneration}`,
    );
    this.#newestGeneration = generation;
    this.#holder = { client, relies };
  }

  /** The client is about to release the lock, or its session is over. */
  givenUp(client: string): void {
    if (this.#holder?.client === client) this.#holder = undefined;
  }
}
