import { toHex, toLatin1 } from '../../common/bytes.js';

/** A session: 64 random bits as a latin1 string of eight characters, so that it is a map's key and part of others. */
export type SessionId = string & { readonly __brand: 'SessionId' };

export const SESSION_ID_BYTES = 8;

export const sessionIdOf = (bytes: Uint8Array): SessionId => toLatin1(bytes) as SessionId;

export const sessionIdBytes = (id: SessionId): Buffer => Buffer.from(id, 'latin1');

/** As people see it. */
export const showSessionId = (id: SessionId): string => toHex(sessionIdBytes(id));
