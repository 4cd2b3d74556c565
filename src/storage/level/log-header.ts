import type { Identity } from '../../paxos/ballot.js';
import { HEADER_KEY } from './keys.js';
import { beginEntry, openEntry, sealEntry } from './sealed-entry.js';
import type { SealedEntry } from './sealed-entry.js';
import { putIdentity, takeIdentity } from './stored-ballot.js';

const MAX_IDENTITY_BYTES = 16;

/** A log of the first format has no proof of its tail beside it until a later version opens it. */
const FIRST_FORMAT = 1;
/** The proof of the log's tail is beside it: a version that does not know of it must not write. (DESIGN 3.10) */
const TAIL_PROVED = 2;

export interface LogHeader {
  /** Whose promises it keeps. A log is worth nothing to any other identity. */
  readonly owner: Identity;
  /** Whether a proof of its tail must be beside it. */
  readonly tailProved: boolean;
}

/** The log's first entry. */
export const sealHeader = (owner: Identity): SealedEntry => seal(owner, TAIL_PROVED);

/**
 * The sum with which the journal's chain begins: that of the header in its first format, whichever it has, so that a
 * header can take a later format and the chain stays whole.
 */
export const headerSumOf = (owner: Identity): number => seal(owner, FIRST_FORMAT).sum;

function seal(owner: Identity, format: number): SealedEntry {
  const entry = beginEntry(MAX_IDENTITY_BYTES, format);
  putIdentity(entry, owner);
  return sealEntry(HEADER_KEY, entry);
}

/** @throws MalformedBytes when it is not whole */
export function openHeader(stored: Uint8Array): LogHeader {
  const from = openEntry(HEADER_KEY, stored, TAIL_PROVED);
  const owner = takeIdentity(from);
  from.end();
  return { owner, tailProved: stored[0] === TAIL_PROVED };
}
