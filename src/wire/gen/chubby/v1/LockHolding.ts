// Original file: proto/chubby/v1/chubby.proto

import type { SessionDescriptionFields as _chubby_v1_SessionDescriptionFields, SessionDescription as _chubby_v1_SessionDescription } from '../../chubby/v1/SessionDescription.js';
import type { Long } from '@grpc/proto-loader';

export interface LockHoldingFields {
  'session'?: (_chubby_v1_SessionDescriptionFields | null);
  /**
   * Wall clock in milliseconds since 1970.
   */
  'acquiredAtMs'?: (number | string | Long);
  'lockDelayMs'?: (number);
  /**
   * The session expired, and nobody may have the lock for so long yet; 0 while the session lives.
   */
  'lockDelayLeftMs'?: (number);
}

export interface LockHolding {
  'session': (_chubby_v1_SessionDescription | null);
  /**
   * Wall clock in milliseconds since 1970.
   */
  'acquiredAtMs': (number);
  'lockDelayMs': (number);
  /**
   * The session expired, and nobody may have the lock for so long yet; 0 while the session lives.
   */
  'lockDelayLeftMs': (number);
}
