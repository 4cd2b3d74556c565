import { ByteWriter } from '../../common/bytes.js';
import { openRecord } from './format.js';

/** The key of the handles' check digits, and the seed of a signing key (RFC 8032), have the same length. */
export const CELL_SECRET_BYTES = 32;

const FORMAT_VERSION = 1;

export const encodeSecret = (secret: Uint8Array): Uint8Array =>
  new ByteWriter(CELL_SECRET_BYTES + 1).u8(FORMAT_VERSION).raw(secret).take();

/** @throws MalformedBytes for anything that {@link encodeSecret} does not produce */
export function decodeSecret(bytes: Uint8Array): Uint8Array {
  const from = openRecord('cell secret', bytes, FORMAT_VERSION);
  const secret = from.raw(CELL_SECRET_BYTES);
  from.end();
  return secret;
}
