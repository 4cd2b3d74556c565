import type { Identity } from '../../paxos/ballot.js';
import { HEADER_KEY } from './keys.js';
import { beginEntry, openEntry, sealEntry } from './sealed-entry.js';
import type { SealedEntry } from './sealed-entry.js';
import { putIdentity, takeIdentity } from './stored-ballot.js';

const MAX_IDENTITY_BYTES = 16;

/** The log's first entry: whose promises it keeps. A log is worth nothing to any other identity. */
export function sealHeader(owner: Identity): SealedEntry {
  const entry = beginEntry(MAX_IDENTITY_BYTES);
  putIdentity(entry, owner);
  return sealEntry(HEADER_KEY, entry);
}

/** @throws MalformedBytes when it is not whole */
export function openHeader(stored: Uint8Array): Identity {
  const from = openEntry(HEADER_KEY, stored);
  const owner = takeIdentity(from);
  from.end();
  return owner;
}
