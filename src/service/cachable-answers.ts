import { pathOf } from '../chubby/target.js';
import type { Target } from '../chubby/target.js';
import { METADATA } from '../wire/errors.js';
import type { Reply } from './call.js';
import type { Caching } from './caching.js';
import type { SessionState } from './session-state.js';

/**
 * The answer to a read, which holds in the proposed state as well, with the number that lets the session cache it, if it
 * may: contents, metadata, a listing of one page, or that there is no node of this name.
 *
 * @param pageToken of a listing; empty with its first page
 */
export function cachable(
  caching: Caching,
  session: SessionState,
  target: Target,
  reply: Reply,
  pageToken: Uint8Array | undefined,
): Reply {
  const path = pathOf(target);
  if ('failure' in reply) {
    const { failure } = reply;
    if (failure.reason !== 'NOT_FOUND' || typeof target !== 'string') return reply;
    const number = caching.enter(session, 'node', path);
    if (number === undefined) return reply;
    return { failure: { ...failure, metadata: { ...failure.metadata, [METADATA.cacheNumber]: String(number) } } };
  }
  // What rests on a lock as well is true as long as that is held: nobody would be told of its end.
  if (typeof target !== 'string' && target.claims.length > 0) return reply;
  const { response } = reply;
  const isListing = 'nextPageToken' in response;
  if (isListing && (response.nextPageToken.length > 0 || pageToken?.length !== 0)) return reply;
  const number = caching.enter(session, isListing ? 'listing' : 'node', path);
  return number === undefined ? reply : { response: { ...response, cacheNumber: number } };
}
