// Original file: proto/chubby/v1/chubby.proto

import type { Long } from '@grpc/proto-loader';

export interface AcquireResponseFields {
  'granted'?: (boolean);
  /**
   * The lock's generation when granted.
   */
  'lockGeneration'?: (number | string | Long);
  /**
   * One of the sessions in the way when not granted.
   */
  'holderSessionId'?: (Buffer | Uint8Array | string);
  /**
   * How long the lock is still held back after its holder's session expired.
   */
  'lockDelayLeftMs'?: (number);
}

export interface AcquireResponse {
  'granted': (boolean);
  /**
   * The lock's generation when granted.
   */
  'lockGeneration': (number);
  /**
   * One of the sessions in the way when not granted.
   */
  'holderSessionId': (Buffer);
  /**
   * How long the lock is still held back after its holder's session expired.
   */
  'lockDelayLeftMs': (number);
}
