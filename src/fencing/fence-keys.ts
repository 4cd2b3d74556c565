import { isSignedBy } from '../wire/sequencer.js';
import { FencingError } from './fencing-error.js';

/** One of the cell's public keys, as `chubby keys` and `Client.signingKeys` tell them. */
export interface FenceKey {
  readonly id: number;
  /** 32 bytes, or these in base64. */
  readonly publicKey: Uint8Array | string;
  /** When it verifies no more: a time, or milliseconds since 1970. Left out, or 0, for the key in use. */
  readonly validUntil?: Date | number | undefined;
  /** The same, as the client library calls it. */
  readonly validUntilMs?: number | undefined;
}

interface KnownKey {
  readonly publicKey: Uint8Array;
  /** Infinite for the key in use. */
  readonly validUntilMs: number;
}

const PUBLIC_KEY_BYTES = 32;

/** The keys that a fence believes. */
export class FenceKeys {
  readonly #byId = new Map<number, KnownKey>();

  /** @throws TypeError for a key that can be none, or two of one id */
  constructor(keys: readonly FenceKey[]) {
    for (const key of keys) {
      if (!Number.isSafeInteger(key.id)) throw new TypeError(`keys: ${String(key.id)} is no id of a key`);
      if (this.#byId.has(key.id)) throw new TypeError(`keys: two keys have the id ${key.id}`);
      this.#byId.set(key.id, { publicKey: publicKeyOf(key), validUntilMs: endOf(key) });
    }
    if (this.#byId.size === 0) throw new TypeError('keys: without a key nothing can be verified');
  }

  /** @throws FencingError UNKNOWN_KEY, EXPIRED_KEY, BAD_SIGNATURE */
  verify(sequencer: Uint8Array, keyId: number, nowMs: number): void {
    const key = this.#byId.get(keyId);
    if (key === undefined) throw new FencingError('UNKNOWN_KEY', `no key with the id ${keyId} is known here`);
    if (nowMs >= key.validUntilMs) {
      const since = new Date(key.validUntilMs).toISOString();
      throw new FencingError('EXPIRED_KEY', `key ${keyId} has not been valid since ${since}`);
    }
    if (!isSignedBy(sequencer, key.publicKey)) {
      throw new FencingError('BAD_SIGNATURE', `the sequencer is not signed with key ${keyId}`);
    }
  }
}

function publicKeyOf({ id, publicKey }: FenceKey): Uint8Array {
  const bytes = typeof publicKey === 'string' ? Buffer.from(publicKey, 'base64') : Uint8Array.from(publicKey);
  if (bytes.length === PUBLIC_KEY_BYTES) return bytes;
  throw new TypeError(`keys: the public key ${id} has ${PUBLIC_KEY_BYTES} bytes, not ${bytes.length}`);
}

function endOf({ id, validUntil, validUntilMs }: FenceKey): number {
  const end = validUntil ?? validUntilMs ?? 0;
  const endMs = typeof end === 'number' ? end : end.getTime();
  if (Number.isNaN(endMs)) throw new TypeError(`keys: the end of key ${id} is no time`);
  return endMs === 0 ? Infinity : endMs;
}
