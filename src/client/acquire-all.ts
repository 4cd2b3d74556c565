import { badArgument } from './arguments.js';
import { Handle } from './handle.js';
import type { HandleSurroundings } from './handle.js';
import { acquireAllResultOf } from './node-results.js';
import type { AcquireAllResult } from './node-results.js';
import type { CallOptions } from './options.js';
import { acquireAllRequest, lockWanted, REQUEST_BYTES } from './requests.js';
import type { Mode } from './requests.js';

/** A lock that is wanted, by an open handle on its node; `exclusive` unless said otherwise. */
export type Wanted = Handle | { readonly handle: Handle; readonly mode?: Mode };

export interface AcquireAllOptions extends CallOptions {
  /**
   * How long to wait for the locks at most, in milliseconds; 0 to take them or leave them; as long as the session lives
   * unless given.
   */
  readonly waitMs?: number;
}

/** Asks for several locks, all or nothing. */
export async function acquireAll(
  { session, clock, deadlines }: HandleSurroundings,
  wanted: readonly Wanted[],
  options: AcquireAllOptions,
): Promise<AcquireAllResult> {
  if (wanted.length === 0) throw badArgument('acquireAll is given one handle or more');
  const { waitMs } = options;
  if (waitMs !== undefined && !(waitMs >= 0)) throw badArgument(`waitMs is 0 or more, not ${String(waitMs)}`);
  const locks = wanted.map((lock) =>
    lock instanceof Handle
      ? lockWanted(Handle.bytesOf(lock), 'exclusive')
      : lockWanted(Handle.bytesOf(lock.handle), lock.mode ?? 'exclusive'),
  );
  const sizeBytes = locks.reduce((sum, { handle }) => sum + handle.length + REQUEST_BYTES, REQUEST_BYTES);
  const request = acquireAllRequest(locks, waitMs);
  if (waitMs === 0)
    return session.call('acquireAll', request, deadlines.termsOf(options, sizeBytes), acquireAllResultOf);
  const terms = deadlines.termsOfWait(options, waitMs, sizeBytes);
  if (waitMs === undefined) return session.call('acquireAll', request, terms, acquireAllResultOf);
  return session.callWithin(clock.monotonicMs() + waitMs, 'acquireAll', request, terms, acquireAllResultOf);
}
