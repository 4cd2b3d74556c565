// Original file: proto/chubby/v1/chubby.proto

import type { LockModeFields as _chubby_v1_LockModeFields, LockMode as _chubby_v1_LockMode } from '../../chubby/v1/LockMode.js';
import type { LockHoldingFields as _chubby_v1_LockHoldingFields, LockHolding as _chubby_v1_LockHolding } from '../../chubby/v1/LockHolding.js';
import type { LockWaiterFields as _chubby_v1_LockWaiterFields, LockWaiter as _chubby_v1_LockWaiter } from '../../chubby/v1/LockWaiter.js';
import type { Long } from '@grpc/proto-loader';

export interface LockDescriptionFields {
  'name'?: (string);
  'instanceNumber'?: (number | string | Long);
  'lockGeneration'?: (number | string | Long);
  /**
   * Of the holders; unspecified when there are none.
   */
  'mode'?: (_chubby_v1_LockModeFields);
  'holders'?: (_chubby_v1_LockHoldingFields)[];
  /**
   * First come first; at most 100 are listed.
   */
  'waiters'?: (_chubby_v1_LockWaiterFields)[];
  'waiterCount'?: (number);
}

export interface LockDescription {
  'name': (string);
  'instanceNumber': (number);
  'lockGeneration': (number);
  /**
   * Of the holders; unspecified when there are none.
   */
  'mode': (_chubby_v1_LockMode);
  'holders': (_chubby_v1_LockHolding)[];
  /**
   * First come first; at most 100 are listed.
   */
  'waiters': (_chubby_v1_LockWaiter)[];
  'waiterCount': (number);
}
