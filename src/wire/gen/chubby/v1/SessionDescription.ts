// Original file: proto/chubby/v1/chubby.proto

import type { Long } from '@grpc/proto-loader';

export interface SessionDescriptionFields {
  'id'?: (Buffer | Uint8Array | string);
  'principal'?: (string);
  /**
   * Where its last KeepAlive came from; empty when none came under this master.
   */
  'address'?: (string);
  /**
   * Wall clock in milliseconds since 1970.
   */
  'createdAtMs'?: (number | string | Long);
  'leaseLeftMs'?: (number);
  /**
   * Its KeepAlive is overdue: it may be about to expire.
   */
  'silent'?: (boolean);
  'openHandles'?: (number);
  'heldLocks'?: (number);
  'waitingAcquires'?: (number);
  'cachedAnswers'?: (number);
}

export interface SessionDescription {
  'id': (Buffer);
  'principal': (string);
  /**
   * Where its last KeepAlive came from; empty when none came under this master.
   */
  'address': (string);
  /**
   * Wall clock in milliseconds since 1970.
   */
  'createdAtMs': (number);
  'leaseLeftMs': (number);
  /**
   * Its KeepAlive is overdue: it may be about to expire.
   */
  'silent': (boolean);
  'openHandles': (number);
  'heldLocks': (number);
  'waitingAcquires': (number);
  'cachedAnswers': (number);
}
