// Original file: proto/chubby/v1/chubby.proto

import type { SessionDescriptionFields as _chubby_v1_SessionDescriptionFields, SessionDescription as _chubby_v1_SessionDescription } from '../../chubby/v1/SessionDescription.js';
import type { LockModeFields as _chubby_v1_LockModeFields, LockMode as _chubby_v1_LockMode } from '../../chubby/v1/LockMode.js';

export interface LockWaiterFields {
  'session'?: (_chubby_v1_SessionDescriptionFields | null);
  'mode'?: (_chubby_v1_LockModeFields);
  'waitingMs'?: (number);
  /**
   * 0 for no limit.
   */
  'waitLeftMs'?: (number);
}

export interface LockWaiter {
  'session': (_chubby_v1_SessionDescription | null);
  'mode': (_chubby_v1_LockMode);
  'waitingMs': (number);
  /**
   * 0 for no limit.
   */
  'waitLeftMs': (number);
}
