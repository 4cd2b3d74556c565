import type { CallContext } from '../call-context.js';
import { fullProblem } from '../database-bound.js';
import { sessionIdBytes, sessionIdOf } from '../records/ids.js';
import type { SessionId } from '../records/ids.js';
import { nonceKey, sessionKey } from '../records/keys.js';
import { decodeSession, encodeSession } from '../records/session.js';
import type { SessionRecord } from '../records/session.js';
import type { Refusal } from '../refusal.js';

export interface NewSession {
  /** Drawn for the case that the nonce is new. */
  readonly id: SessionId;
  readonly record: SessionRecord;
}

/** Makes a session, or finds the one that the same nonce made before. */
export function createSession(context: CallContext, wanted: NewSession): NewSession | Refusal {
  const { draft } = context;
  const nonce = nonceKey(wanted.record.nonce);
  const known = draft.get(nonce);
  if (known !== undefined) {
    const id = sessionIdOf(known);
    const stored = draft.get(sessionKey(id));
    if (stored !== undefined) return { id, record: decodeSession(stored) };
  }
  const full = fullProblem(context);
  if (full !== undefined) return full;
  draft.put(nonce, Uint8Array.from(sessionIdBytes(wanted.id)));
  draft.put(sessionKey(wanted.id), encodeSession(wanted.record));
  return wanted;
}
