import { MalformedBytes } from '../../common/bytes.js';
import type { AcceptedRecord } from '../../paxos/accepted-record.js';
import type { Value } from '../../paxos/value.js';
import { slotOf } from './keys.js';
import { beginEntry, openEntry, sealEntry } from './sealed-entry.js';
import type { SealedEntry } from './sealed-entry.js';
import { putBallot, takeBallot } from './stored-ballot.js';

const MAX_BALLOT_BYTES = 24;

/** The record as stored under `key`, which is its slot's. */
export function sealRecord(key: Uint8Array, { ballot, value }: AcceptedRecord): SealedEntry {
  const entry = beginEntry(MAX_BALLOT_BYTES + value.length);
  putBallot(entry, ballot).raw(value);
  return sealEntry(key, entry);
}

/** The record stored under `key`; its value is a view of `stored`. @throws MalformedBytes when it is not whole */
export function openRecord(key: Uint8Array, stored: Uint8Array): AcceptedRecord {
  const slot = slotOf(key);
  if (slot === undefined) throw new MalformedBytes('its key is no slot');
  const from = openEntry(key, stored);
  return { slot, ballot: takeBallot(from), value: from.raw(from.remaining) as Value };
}
