// Original file: proto/chubby/v1/chubby.proto

import type { Long } from '@grpc/proto-loader';

/**
 * An Ed25519 public key under which the cell signs sequencers.
 */
export interface SigningKeyFields {
  'id'?: (number);
  'publicKey'?: (Buffer | Uint8Array | string);
  /**
   * Wall clock in milliseconds since 1970 after which nothing that it signed is to be believed; 0 for the key in use.
   */
  'validUntilMs'?: (number | string | Long);
}

/**
 * An Ed25519 public key under which the cell signs sequencers.
 */
export interface SigningKey {
  'id': (number);
  'publicKey': (Buffer);
  /**
   * Wall clock in milliseconds since 1970 after which nothing that it signed is to be believed; 0 for the key in use.
   */
  'validUntilMs': (number);
}
