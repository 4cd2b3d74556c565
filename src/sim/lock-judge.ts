import { check } from './violation.js';

interface Holder {
  readonly client: string;
  /** Whether the holder may still believe that nobody else has the lock. */
  readonly relies: () => boolean;
}

/**
 * S6 and S7 for one exclusive lock: a lock generation is granted once and grows, and nobody is granted the lock while
 * another relies on it: its session lease runs by its own clock, or the lock-delay that it asked for after that.
 */
export class LockJudge {
  #newestGeneration = 0;
  #holder: Holder | undefined;
  #grants = 0;

  /** How often the lock was granted. */
  get grants(): number {
    return this.#grants;
  }

  /** Who had the lock last, and did not give it up. */
  get holder(): string | undefined {
    return this.#holder?.client;
  }

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
    this.#grants++;
  }

  /** The client is about to release the lock, or to close its session. */
  givenUp(client: string): void {
    if (this.#holder?.client === client) this.#holder = undefined;
  }
}
