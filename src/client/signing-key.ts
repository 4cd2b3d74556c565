import type { SigningKey as WireKey } from '../wire/types.js';

/** A public key under which the cell signs sequencers: what whoever verifies them off-line needs. */
export interface SigningKey {
  /** As sequencers name it. */
  readonly id: number;
  /** Of Ed25519, raw: 32 bytes. */
  readonly publicKey: Buffer;
  /** Wall clock in milliseconds since 1970 after which nothing that it signed is to be believed; 0 for the key in use. */
  readonly validUntilMs: number;
}

export const signingKeyOf = ({ id, publicKey, validUntilMs }: WireKey): SigningKey => ({
  id,
  publicKey: Buffer.from(publicKey),
  validUntilMs,
});
