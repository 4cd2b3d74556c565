import type { Clock, Timer } from '../common/clock.js';
import type { Identity } from '../paxos/ballot.js';
import { sameIdentity, showIdentity } from '../paxos/ballot.js';
import type { IdentityStore } from '../storage/identity-store.js';

/** The identity file of a running replica is gone or another's: its disk is no longer its own. (DESIGN 8) */
export class IdentityTaken extends Error {
  override readonly name = 'IdentityTaken';
}

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
    if (found === undefined || !sameIdentity(found.self, this.#self)) {
      const whose = found === undefined ? 'is gone' : `became that of replica ${showIdentity(found.self)}`;
      throw new IdentityTaken(
        `the identity file of replica ${showIdentity(this.#self)} ${whose} while it ran, so it must not vote any more: ` +
          'put its data directory back and start it again',
      );
    }
    this.#timer = this.#later();
  }
}
