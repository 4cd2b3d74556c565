import type { Clock, Timer } from '../common/clock.js';
import type { Identity } from '../paxos/ballot.js';
import type { IdentityStore } from '../storage/identity-store.js';
import { checkOwn } from '../storage/identity-taken.js';

const LOOK_EVERY_MS = 1_000;

/**
 * Looks at the identity file every second, for an operator may empty or replace a data directory under a replica that
 * still has its files open. By the way it shows that the disk answers.
 */
export class IdentityWatch {
  readonly #store: IdentityStore;
  readonly #self: Identity;
  readonly #clock: Clock;
  readonly #fatal: (error: Error) => void;
  #timer: Timer;
  #stopped = false;
  #answeredAtMs: number;

  /** @param fatal told once, when the file is not this replica's or cannot be read */
  constructor(store: IdentityStore, self: Identity, clock: Clock, fatal: (error: Error) => void) {
    this.#store = store;
    this.#self = self;
    this.#clock = clock;
    this.#fatal = fatal;
    this.#answeredAtMs = clock.monotonicMs();
    this.#timer = this.#later();
  }

  /** When the disk answered last, by the monotonic clock. */
  get answeredAtMs(): number {
    return this.#answeredAtMs;
  }

  stop(): void {
    this.#stopped = true;
    this.#timer.cancel();
  }

  #later(): Timer {
    return this.#clock.after(LOOK_EVERY_MS, () => {
      this.#look().catch((error: unknown) => {
        if (this.#stopped) return;
        this.stop();
        this.#fatal(error as Error);
      });
    });
  }

  async #look(): Promise<void> {
    const found = await this.#store.load();
    if (this.#stopped) return;
    this.#answeredAtMs = this.#clock.monotonicMs();
    checkOwn(found, this.#self);
    this.#timer = this.#later();
  }
}
