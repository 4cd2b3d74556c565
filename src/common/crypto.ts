import { createHmac, createPrivateKey, createPublicKey, hash, sign, timingSafeEqual, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

// The one door to node:crypto: functions of their input alone, so that the deterministic rooms may use them. Random
// bytes come from Rng.

export const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer');

export const hmacSha256 = (key: Uint8Array, bytes: Uint8Array): Uint8Array =>
  createHmac('sha256', key).update(bytes).digest();

/** Compares without telling by its duration where two byte strings differ. */
export const sameSecret = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

export const ED25519_SEED_BYTES = 32;
/** What PKCS #8 (RFC 8410) puts before a 32-byte Ed25519 seed. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
/** What SubjectPublicKeyInfo (RFC 8410) puts before a 32-byte Ed25519 public key. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** An Ed25519 key pair made from its 32-byte seed (RFC 8032): the cell stores the seed, never an encoded key. */
export class SigningKey {
  readonly #privateKey: KeyObject;
  /** The 32 raw bytes. */
  readonly publicKey: Uint8Array;

  constructor(seed: Uint8Array) {
    this.#privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
    const spki = createPublicKey(this.#privateKey).export({ format: 'der', type: 'spki' });
    this.publicKey = spki.subarray(SPKI_PREFIX.length);
  }

  /** The 64-byte signature. */
  sign(message: Uint8Array): Uint8Array {
    return sign(null, message, this.#privateKey);
  }
}

/** Whether `signature` was made over `message` by the owner of the raw 32-byte `publicKey`. */
export function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
}
