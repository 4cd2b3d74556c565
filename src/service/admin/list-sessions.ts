import { SESSION_ID_BYTES, sessionIdBytes, sessionIdOf } from '../../chubby/records/ids.js';
import { ALL_SESSIONS, sessionIdOfKey, sessionsAfter } from '../../chubby/records/keys.js';
import { refusal } from '../../wire/errors.js';
import type { ListSessionsRequest, SessionDescription } from '../../wire/types.js';
import type { Reply } from '../call.js';
import { descriptionBytes, SessionDescriptions } from './session-descriptions.js';
import type { AdminSources } from './session-descriptions.js';

/** The sessions of the cell in the order of their ids, a page at a time. */
export function listSessions(sources: AdminSources, { pageToken }: ListSessionsRequest): Reply {
  const { cell, limits } = sources.reign.around;
  if (pageToken.length !== 0 && pageToken.length !== SESSION_ID_BYTES) {
    return { failure: refusal('MALFORMED_REQUEST', 'page_token: not of a page of sessions') };
  }
  const { from, to } = pageToken.length === 0 ? ALL_SESSIONS : sessionsAfter(sessionIdOf(pageToken));
  const descriptions = new SessionDescriptions(sources);
  const sessions: SessionDescription[] = [];
  let sizeBytes = 0;
  for (const { key } of cell.applied.range(from, to)) {
    const description = descriptions.of(sessionIdOfKey(key));
    sizeBytes += descriptionBytes(description);
    const last = sessions.at(-1);
    if (last !== undefined && (sessions.length === limits.listingEntries || sizeBytes > limits.listingBytes)) {
      return { response: { sessions, nextPageToken: last.id } };
    }
    sessions.push(description);
  }
  return { response: { sessions, nextPageToken: sessionIdBytes(NO_SESSION) } };
}

const NO_SESSION = sessionIdOf(new Uint8Array(0));
