import { ChubbyError } from '../chubby-error.js';
import type { Client } from '../client.js';
import { groundOf } from '../client-ground.js';
import type { Handle } from '../handle.js';
import type { HeldLock, WithLockOptions } from '../with-lock.js';
import { remove } from './ephemeral.js';
import { follow } from './follow.js';
import type { FollowOptions } from './follow.js';

export type CampaignOptions = Omit<WithLockOptions, 'mode'>;

/** What a leader is given. Its signal fires before the leadership can be lost, and when it is resigned: then stop. */
export interface Leadership extends HeldLock {
  /** Tells another value to whoever observes. */
  proclaim(value: Uint8Array | string): Promise<void>;
  /** Ends the leadership once the work under it has ended. */
  resign(): void;
}

/** Who leads. */
export interface Leader {
  /** As it was proclaimed. */
  readonly value: Buffer;
  /** Greater than that of every leader before. */
  readonly term: number;
}

export interface LeaderSighting {
  /** Nothing when nobody leads. */
  readonly leader: Leader | undefined;
  /**
   * The cell has not confirmed it for as long as this client may believe it: another one may lead by now. A sighting
   * that is not stale follows as soon as the cell is back.
   */
  readonly stale: boolean;
}

/**
 * At most one leader at a time, whom everybody can know. ([CH] 2.4)
 *
 * The leader is who holds the lock of `lock` in the election's directory; its value is in the ephemeral file `leader`
 * there, which goes with the leader's session, so that nobody is named who is gone. `chubby elect` stands for the same
 * election under the same name.
 *
 * ```ts
 * const election = new LeaderElection(client, '/ls/local/primary');
 * await election.campaign('host:1234', async ({ signal }) => serveUntil(signal));
 *
 * for await (const { leader, stale } of election.observe()) console.log(String(leader?.value), stale);
 * ```
 */
export class LeaderElection {
  /** The name of the node whose lock the leader has. */
  readonly lockName: string;

  /** @param name of the election's directory, created where there is none */
  constructor(
    private readonly client: Pick<Client, 'mkdir' | 'open' | 'withLock' | 'multiOp' | 'read' | 'watch'>,
    readonly name: string,
  ) {
    this.lockName = `${name}/lock`;
  }

  /**
   * Waits to be elected, proclaims `value`, and leads as long as `lead` runs. Once the session has expired a campaign
   * needs a new client, as every lock does.
   *
   * @param value who or where the leader is, at most 262,144 bytes
   * @throws ChubbyError LOCK_LOST when the leadership may have been lost before `lead` was done; LOCK_BUSY when `waitMs`
   *   ran out; what else Client.withLock throws
   */
  async campaign<Result>(
    value: Uint8Array | string,
    lead: (leadership: Leadership) => Promise<Result> | Result,
    options: CampaignOptions = {},
  ): Promise<Result> {
    const wait = groundOf(this.client).deadlines.waitOf(options);
    await this.client.mkdir(this.name, { mayExist: true, ...wait.before });
    const { waitMs } = wait.within;
    return this.client.withLock(
      this.lockName,
      async (lock) => {
        const file = await this.#create(lock, value).catch((error: unknown) => this.#createAnew(lock, value, error));
        return leadFrom(file, lock, lead);
      },
      { ...options, ...(waitMs !== undefined && { waitMs }) },
    );
  }

  /**
   * Who leads, now and whenever that changes: through fail-overs, and in a new session when this client's expired. It
   * ends by an error only, CANCELLED by the signal.
   */
  async *observe(options: FollowOptions = {}): AsyncGenerator<LeaderSighting, never> {
    const sightings = follow(this.client, leaderIn(this.name), (signal) => this.#leader(signal), sameLeader, options);
    for await (const { value: leader, stale } of sightings) yield { leader, stale };
    throw new ChubbyError('CLIENT_CLOSED', 'the client is closed');
  }

  /** In the session that holds the lock, or not at all: one that expired is not replaced. */
  #create({ signal }: HeldLock, value: Uint8Array | string): Promise<Handle> {
    const opening = { write: true, create: 'must', ephemeral: true, initialContents: value } as const;
    return this.client.open(leaderIn(this.name), { ...opening, signal });
  }

  /**
   * Whose lock was deleted under him may be named still, and so may who gave up while he was being named. Neither leads:
   * the lock is this one's, and the cell sees to it that it is so when the file goes.
   */
  async #createAnew(lock: HeldLock, value: Uint8Array | string, error: unknown): Promise<Handle> {
    if (!(error instanceof ChubbyError && error.reason === 'ALREADY_EXISTS')) throw error;
    const { sequencer, signal } = lock;
    const name = leaderIn(this.name);
    await this.client.multiOp({ guards: [{ sequencer }, { exists: name }], then: [{ delete: name }] }, { signal });
    return this.#create(lock, value);
  }

  async #leader(signal: AbortSignal): Promise<Leader | undefined> {
    try {
      const { contents, stat } = await this.client.read(leaderIn(this.name), { timeoutMs: Infinity, signal });
      return { value: contents, term: stat.instanceNumber };
    } catch (error) {
      if (error instanceof ChubbyError && error.reason === 'NOT_FOUND') return undefined;
      throw error;
    }
  }
}

const leaderIn = (name: string): string => `${name}/leader`;

async function leadFrom<Result>(
  file: Handle,
  lock: HeldLock,
  lead: (leadership: Leadership) => Promise<Result> | Result,
): Promise<Result> {
  const { signal } = lock;
  const resigned = new AbortController();
  try {
    return await lead({
      signal: AbortSignal.any([signal, resigned.signal]),
      sequencer: lock.sequencer,
      get leftMs() {
        return lock.leftMs;
      },
      assertHeld: () => lock.assertHeld(),
      proclaim: async (changed) => {
        lock.assertHeld();
        await file.setContents(changed, { signal });
      },
      resign: () => resigned.abort(new ChubbyError('CANCELLED', 'the leadership was resigned')),
    });
  } finally {
    // Nobody is named any more before another one can lead: the lock is given back behind it.
    void remove(file);
  }
}

const sameLeader = (a: Leader | undefined, b: Leader | undefined): boolean =>
  a === undefined || b === undefined ? a === b : a.term === b.term && a.value.equals(b.value);
