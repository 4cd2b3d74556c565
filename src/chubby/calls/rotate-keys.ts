import type { Draft } from '../draft.js';
import { encodeFormerKey } from '../records/former-key.js';
import type { FormerKey } from '../records/former-key.js';
import { formerKeyKey, signingKeyKey } from '../records/keys.js';
import { encodeSecret } from '../records/secret.js';

export interface Rotation {
  /** The key in use, which signs no more after this. */
  readonly currentId: number;
  /** What is left of it; nothing where it is not to verify any longer. */
  readonly former: FormerKey | undefined;
  /** Drawn by the master: of the new key, under the next id. */
  readonly seed: Uint8Array;
}

/** Another key signs from here on, and the seed of the former one is deleted. (DESIGN 5, Secrets) */
export function rotateKeys(draft: Draft, { currentId, former, seed }: Rotation): void {
  draft.remove(signingKeyKey(currentId));
  if (former !== undefined) draft.put(formerKeyKey(currentId), encodeFormerKey(former));
  draft.put(signingKeyKey(currentId + 1), encodeSecret(seed));
}

/** The time of a former key is over. */
export const forgetFormerKey = (draft: Draft, keyId: number): void => draft.remove(formerKeyKey(keyId));
