import { SigningKey } from '../common/crypto.js';
import { toLatin1 } from '../common/bytes.js';
import { decodeFormerKey } from '../chubby/records/former-key.js';
import { decodeSecret } from '../chubby/records/secret.js';
import {
  ALL_FORMER_KEYS,
  ALL_SIGNING_KEYS,
  formerKeyKey,
  HANDLE_SECRET_KEY,
  signingKeyIdOf,
} from '../chubby/records/keys.js';
import type { Cell } from '../chubby/cell.js';

type View = Cell['pending'] | Cell['applied'];

/** The key that signs sequencers. */
export interface CellKey {
  readonly id: number;
  readonly key: SigningKey;
}

/** A key that sequencers are verified with. */
export interface PublicKey {
  readonly id: number;
  readonly publicKey: Uint8Array;
  /** By the wall clock; 0 for the key in use. */
  readonly validUntilMs: number;
}

/** The cell's keys as the database holds them. */
export class Secrets {
  /** Made of the seed that was used last: making one costs more than a signature. */
  #pair: { readonly seed: string; readonly key: SigningKey } | undefined;

  /** The key of the handles' check digits; nothing before the cell's first value. */
  handleSecret(view: View): Uint8Array | undefined {
    const stored = view.get(HANDLE_SECRET_KEY);
    return stored && decodeSecret(stored);
  }

  /** Nothing before the cell's first value. */
  signingKey(view: View): CellKey | undefined {
    for (const { key, value } of view.range(ALL_SIGNING_KEYS.from, ALL_SIGNING_KEYS.to)) {
      return { id: signingKeyIdOf(key), key: this.#pairOf(decodeSecret(value)) };
    }
    return undefined;
  }

  /** All that may verify, oldest first; the last one is in use. */
  publicKeys(view: View): PublicKey[] {
    const keys: PublicKey[] = [];
    for (const { key, value } of view.range(ALL_FORMER_KEYS.from, ALL_FORMER_KEYS.to)) {
      const { publicKey, validUntilMs } = decodeFormerKey(value);
      keys.push({ id: signingKeyIdOf(key), publicKey, validUntilMs });
    }
    const current = this.signingKey(view);
    if (current !== undefined) keys.push({ id: current.id, publicKey: current.key.publicKey, validUntilMs: 0 });
    return keys;
  }

  /** What verifies at this time what was signed under this id. */
  verifyingKey(view: View, id: number, wallMs: number): Uint8Array | undefined {
    const current = this.signingKey(view);
    if (current?.id === id) return current.key.publicKey;
    const stored = view.get(formerKeyKey(id));
    if (stored === undefined) return undefined;
    const { publicKey, validUntilMs } = decodeFormerKey(stored);
    return wallMs < validUntilMs ? publicKey : undefined;
  }

  #pairOf(seed: Uint8Array): SigningKey {
    const text = toLatin1(seed);
    if (this.#pair?.seed !== text) this.#pair = { seed: text, key: new SigningKey(seed) };
    return this.#pair.key;
  }
}
