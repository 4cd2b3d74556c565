import { ByteWriter } from '../../common/bytes.js';
import { openRecord } from './format.js';

const PUBLIC_KEY_BYTES = 32;

/** The public half of a key that signed sequencers and signs no more. Its seed is gone. */
export interface FormerKey {
  /** The raw bytes of an Ed25519 public key. */
  readonly publicKey: Uint8Array;
  /** By the master's wall clock, milliseconds since 1970: later nothing that it signed is believed. */
  readonly validUntilMs: number;
}

const FORMAT_VERSION = 1;

export const encodeFormerKey = ({ publicKey, validUntilMs }: FormerKey): Uint8Array =>
  new ByteWriter(PUBLIC_KEY_BYTES + 9).u8(FORMAT_VERSION).raw(publicKey).uint(validUntilMs).take();

/** @throws MalformedBytes for anything that {@link encodeFormerKey} does not produce */
export function decodeFormerKey(bytes: Uint8Array): FormerKey {
  const from = openRecord('former key', bytes, FORMAT_VERSION);
  const publicKey = from.raw(PUBLIC_KEY_BYTES);
  const validUntilMs = from.uint();
  from.end();
  return { publicKey, validUntilMs };
}
