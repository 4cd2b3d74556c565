import { sameBytes, toHex } from '../../common/bytes.js';
import type { Slot } from '../../paxos/ballot.js';

// One letter, then a counter as eight bytes, big-endian, so that LevelDB's order is the counters' order.
//
// Slots sort before writes on purpose: each table file that LevelDB flushes then spans "newest slots to newest writes",
// and merging it into the next level rewrites older journal entries, which are small, rather than older values.
const SLOT = 0x73; // s
const WRITE = 0x77; // w
const KEY_BYTES = 9;

/** Where the log's header is kept. */
export const HEADER_KEY: Uint8Array = Buffer.from('v');
/** Above the key of every slot. */
export const END_OF_SLOTS: Uint8Array = Buffer.from([SLOT + 1]);

/** From a key on, up to below another. */
export interface KeyRange {
  readonly from: Uint8Array;
  readonly below: Uint8Array;
}

/** The keys of all journal entries. */
export const ALL_WRITES: KeyRange = { from: Buffer.from([WRITE]), below: Buffer.from([WRITE + 1]) };

export const slotKey = (slot: Slot): Uint8Array => counterKey(SLOT, slot);

/** The key of the journal entry that the `writeNumber`-th turn left; the first is 1. */
export const writeKey = (writeNumber: number): Uint8Array => counterKey(WRITE, writeNumber);

/** The slot whose record is kept under this key, if it is such a key. */
export const slotOf = (key: Uint8Array): Slot | undefined => counterOf(SLOT, key) as Slot | undefined;

/** The write whose journal entry is kept under this key, if it is such a key. */
export const writeNumberOf = (key: Uint8Array): number | undefined => counterOf(WRITE, key);

/** The entry under this key, as people are told of it. */
export function describeKey(key: Uint8Array): string {
  if (sameBytes(key, HEADER_KEY)) return 'the header';
  const slot = slotOf(key);
  if (slot !== undefined) return `the record of slot ${slot}`;
  const writeNumber = writeNumberOf(key);
  if (writeNumber !== undefined) return `the journal entry of write ${writeNumber}`;
  return `the entry under the unknown key ${toHex(key)}`;
}

function counterKey(letter: number, counter: number): Uint8Array {
  const key = Buffer.allocUnsafe(KEY_BYTES);
  key[0] = letter;
  key.writeUInt32BE(Math.floor(counter / 2 ** 32), 1);
  key.writeUInt32BE(counter >>> 0, 5);
  return key;
}

function counterOf(letter: number, key: Uint8Array): number | undefined {
  if (key.length !== KEY_BYTES || key[0] !== letter) return undefined;
  let counter = 0;
  for (let i = 1; i < KEY_BYTES; i++) counter = counter * 256 + key[i]!;
  return Number.isSafeInteger(counter) ? counter : undefined;
}
