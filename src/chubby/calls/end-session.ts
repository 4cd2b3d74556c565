import type { Draft } from '../draft.js';
import { creatorLeft } from '../ephemeral.js';
import { holdBackLock, holderOf, readLock, releaseLock } from '../locks.js';
import { decodeEphemeralHolding, decodeLockHolding } from '../records/holding.js';
import type { SessionId } from '../records/ids.js';
import {
  ephemeralHoldingsOf,
  handleIdOfHoldingKey,
  lockHoldingsOf,
  nonceKey,
  resultsOf,
  sessionKey,
} from '../records/keys.js';
import type { KeyRange } from '../records/keys.js';
import { levelsOf } from '../records/node-path.js';
import { decodeSession, encodeSession } from '../records/session.js';
import type { SessionEnd } from '../records/session.js';

/** Holdings undone by one value: with the longest names and fullest locks a value below 1 MiB, and not a second of applying. */
const HOLDINGS_PER_STEP = 64;

/**
 * Undoes what a session is and holds: its locks, its ephemeral nodes, its results, itself. What is too much for one
 * value is done in steps; the first of them marks the session, so that it serves nobody and whoever is master goes on
 * in the same way.
 *
 * @returns whether the session is gone with this step
 */
export function endSession(draft: Draft, sessionId: SessionId, end: SessionEnd): boolean {
  const key = sessionKey(sessionId);
  const stored = draft.get(key);
  if (stored === undefined) return true;
  let left = HOLDINGS_PER_STEP;
  left -= endLocks(draft, sessionId, end, left);
  left -= leaveEphemerals(draft, sessionId, left);
  if (left === 0) {
    draft.put(key, encodeSession({ ...decodeSession(stored), ending: end }));
    return false;
  }
  draft.remove(key);
  draft.remove(nonceKey(decodeSession(stored).nonce));
  for (const result of draft.rangeBefore(resultsOf(sessionId))) draft.remove(result.key);
  return true;
}

/**
 * What of the session's end changes no node, and so waits for no cache: its locks go, as many as one value holds, and it
 * is marked, so that it serves nobody any more.
 */
export function beginSessionEnd(draft: Draft, sessionId: SessionId, end: SessionEnd): void {
  const key = sessionKey(sessionId);
  const stored = draft.get(key);
  if (stored === undefined) return;
  endLocks(draft, sessionId, end, HOLDINGS_PER_STEP);
  const session = decodeSession(stored);
  if (session.ending === undefined) draft.put(key, encodeSession({ ...session, ending: end }));
}

function endLocks(draft: Draft, sessionId: SessionId, end: SessionEnd, atMost: number): number {
  const holdings = firstOf(draft, lockHoldingsOf(sessionId), atMost);
  for (const { key, value } of holdings) {
    const { path } = decodeLockHolding(value);
    const lock = readLock(draft, path);
    const holder = holderOf(lock, sessionId, handleIdOfHoldingKey(key));
    if (holder === undefined) continue;
    if (end === 'expired' && holder.lockDelayMs > 0) holdBackLock(draft, path, lock, holder);
    else releaseLock(draft, path, lock, holder);
  }
  return holdings.length;
}

function leaveEphemerals(draft: Draft, sessionId: SessionId, atMost: number): number {
  const holdings = firstOf(draft, ephemeralHoldingsOf(sessionId), atMost).map(({ key, value }) => ({
    handleId: handleIdOfHoldingKey(key),
    path: decodeEphemeralHolding(value).path,
  }));
  // Children before their directories, so that these are empty when their turn comes.
  holdings.sort((a, b) => levelsOf(b.path) - levelsOf(a.path));
  for (const { handleId, path } of holdings) creatorLeft(draft, path, sessionId, handleId);
  return holdings.length;
}

function firstOf(draft: Draft, range: KeyRange, atMost: number) {
  const found = [];
  if (atMost > 0) {
    for (const entry of draft.rangeBefore(range)) {
      found.push(entry);
      if (found.length === atMost) break;
    }
  }
  return found;
}
