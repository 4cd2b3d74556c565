import { ByteReader, MalformedBytes } from '../../common/bytes.js';

/**
 * Opens a record for reading, past its format version.
 *
 * @throws MalformedBytes for a version written by a later program
 */
export function openRecord(kind: string, bytes: Uint8Array, knownVersion: number): ByteReader {
  const from = new ByteReader(bytes);
  const version = from.u8();
  if (version !== knownVersion) throw new MalformedBytes(`${kind}: format ${version} is not known here`);
  return from;
}
