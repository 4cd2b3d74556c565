import { ByteReader, ByteWriter, MalformedBytes } from '../../common/bytes.js';
import { checksum } from '../../common/checksum.js';
import { NewerFormat } from '../newer-format.js';

// Every entry of the log is stored as: format version (1 byte), body, sum (4 bytes). The sum covers the key too, so that
// an entry which turns up under another key is as damaged as one whose bytes changed. LevelDB's own sums do not serve:
// as the binding opens it, it drops what fails them, or does not look. (DESIGN 3.10)

const FORMAT_VERSION = 1;
const SUM_BYTES = 4;

/** A sealed entry: what is stored, and its sum, by which the journal refers to it. */
export interface SealedEntry {
  readonly stored: Uint8Array;
  readonly sum: number;
}

/** A writer for the body of one entry. `bodyBytes` is an estimate. */
export const beginEntry = (bodyBytes: number, formatVersion = FORMAT_VERSION): ByteWriter =>
  new ByteWriter(bodyBytes + 1 + SUM_BYTES).u8(formatVersion);

/** Ends an entry that {@link beginEntry} began. What is stored lives in the writer's buffer: write no further. */
export function sealEntry(key: Uint8Array, entry: ByteWriter): SealedEntry {
  const sum = checksum(entry.view(), checksum(key));
  return { stored: entry.u32(sum).view(), sum };
}

/**
 * The sum of a stored entry, once it is known to be what was written under this key.
 *
 * @param newestFormat the newest format of such entries
 * @throws MalformedBytes when it is not
 * @throws NewerFormat when a later version of this program wrote it
 */
export function verifiedSum(key: Uint8Array, stored: Uint8Array, newestFormat = FORMAT_VERSION): number {
  const sumAt = stored.length - SUM_BYTES;
  if (sumAt < 1) throw new MalformedBytes(`only ${stored.length} bytes are left`);
  const sum = checksum(stored.subarray(0, sumAt), checksum(key));
  if (sum !== sumIn(stored)) throw new MalformedBytes('its checksum does not fit');
  if (stored[0]! > newestFormat) {
    throw new NewerFormat('an entry of it', stored[0]!, newestFormat);
  }
  return sum;
}

/** The body of a stored entry, as a view, verified like {@link verifiedSum}. */
export function openEntry(key: Uint8Array, stored: Uint8Array, newestFormat = FORMAT_VERSION): ByteReader {
  verifiedSum(key, stored, newestFormat);
  return new ByteReader(stored.subarray(1, stored.length - SUM_BYTES));
}

/** The sum that a stored entry says it has. */
export function sumIn(stored: Uint8Array): number {
  const at = stored.length - SUM_BYTES;
  return (stored[at]! | (stored[at + 1]! << 8) | (stored[at + 2]! << 16) | (stored[at + 3]! << 24)) >>> 0;
}
