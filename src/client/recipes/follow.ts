import type { Clock, Timer } from '../../common/clock.js';
import type { Client } from '../client.js';
import { groundOf } from '../client-ground.js';

export interface FollowOptions {
  /** Ends the loop, by CANCELLED. */
  readonly signal?: AbortSignal;
}

/** What somebody who follows something is told. */
export interface Sighting<T> {
  readonly value: T;
  /**
   * The cell has not confirmed it for as long as this client may believe it: it may have changed unseen. A sighting that
   * is not stale follows as soon as the cell is back.
   */
  readonly stale: boolean;
}

/** How often the lease is looked at. */
const LOOK_EVERY_MS = 250;

/**
 * What `read` reads of a node, now and whenever it changes, through fail-overs, deletions and ends of sessions; and the
 * last of it again, marked stale, when the lease of the session runs out, be it that nothing changed or that the cell
 * cannot say so.
 *
 * @param name of the node whose events say when to read
 * @param read waits as long as it must, or until its signal fires
 * @param same whether two of them need not both be told
 */
export async function* follow<T>(
  client: Pick<Client, 'watch'>,
  name: string,
  read: (signal: AbortSignal) => Promise<T>,
  same: (a: T, b: T) => boolean,
  { signal }: FollowOptions,
): AsyncGenerator<Sighting<T>, never> {
  const { clock, sessions } = groundOf(client);
  const end = new AbortController();
  const either = signal === undefined ? end.signal : AbortSignal.any([signal, end.signal]);
  const items = client.watch(name, { signal: either });
  const readNext = async (): Promise<T> => {
    await items.next();
    return read(either);
  };
  const isSafe = (): boolean => sessions.reading?.state === 'safe';
  let seen: Sighting<T> | undefined;
  let next: Promise<T> | undefined;
  try {
    for (;;) {
      next ??= readNext();
      // Nobody looks at it while the reader of this generator is busy.
      next.catch(() => undefined);
      const news = await withinMs(clock, LOOK_EVERY_MS, next);
      if (news !== undefined) next = undefined;
      const sighting = news === undefined ? again(seen, !isSafe()) : { value: news.result, stale: !isSafe() };
      if (sighting === undefined || (seen?.stale === sighting.stale && same(seen.value, sighting.value))) continue;
      yield (seen = sighting);
    }
  } finally {
    end.abort();
    // Between two items the watch is told of no signal: it has to be left, as by a `break`.
    void items.return(undefined as never);
  }
}

const again = <T>(seen: Sighting<T> | undefined, stale: boolean): Sighting<T> | undefined => seen && { ...seen, stale };

/** @returns nothing when the promise is not settled by then */
async function withinMs<T>(clock: Clock, ms: number, promise: Promise<T>): Promise<{ readonly result: T } | undefined> {
  let timer: Timer | undefined;
  const late = new Promise<undefined>((resolve) => (timer = clock.after(ms, () => resolve(undefined))));
  try {
    return await Promise.race([promise.then((result) => ({ result })), late]);
  } finally {
    timer?.cancel();
  }
}
