// Original file: proto/chubby/v1/chubby.proto


/**
 * An Ed25519 public key under which the cell signs sequencers.
 */
export interface SigningKeyFields {
  'id'?: (number);
  'publicKey'?: (Buffer | Uint8Array | string);
}

/**
 * An Ed25519 public key under which the cell signs sequencers.
 */
export interface SigningKey {
  'id': (number);
  'publicKey': (Buffer);
}
