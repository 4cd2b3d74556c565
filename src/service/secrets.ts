import { SigningKey } from '../common/crypto.js';
import { toLatin1 } from '../common/bytes.js';
import { decodeSecret } from '../chubby/records/secret.js';
import { ALL_SIGNING_KEYS, HANDLE_SECRET_KEY, signingKeyIdOf } from '../chubby/records/keys.js';
import type { Cell } from '../chubby/cell.js';

type View = Cell['pending'] | Cell['applied'];

export interface CellKey {
  readonly id: number;
  readonly key: SigningKey;
}

/** The cell's keys as the database holds them; a key pair is computed once for each seed. */
export class Secrets {
  readonly #pairs = new Map<string, SigningKey>();

  /** The key of the handles' check digits; nothing before the cell's first value. */
  handleSecret(view: View): Uint8Array | undefined {
    const stored = view.get(HANDLE_SECRET_KEY);
    return stored && decodeSecret(stored);
  }

  /** All keys that sign or signed sequencers, oldest first: the last one signs. */
  signingKeys(view: View): CellKey[] {
    const keys: CellKey[] = [];
    for (const { key, value } of view.range(ALL_SIGNING_KEYS.from, ALL_SIGNING_KEYS.to)) {
      keys.push({ id: signingKeyIdOf(key), key: this.#pairOf(decodeSecret(value)) });
    }
    return keys;
  }

  #pairOf(seed: Uint8Array): SigningKey {
    const known = this.#pairs.get(toLatin1(seed));
    if (known !== undefined) return known;
    const pair = new SigningKey(seed);
    this.#pairs.set(toLatin1(seed), pair);
    return pair;
  }
}
