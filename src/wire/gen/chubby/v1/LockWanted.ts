// Original file: proto/chubby/v1/chubby.proto

import type { LockModeFields as _chubby_v1_LockModeFields, LockMode as _chubby_v1_LockMode } from '../../chubby/v1/LockMode.js';

export interface LockWantedFields {
  'handle'?: (Buffer | Uint8Array | string);
  'mode'?: (_chubby_v1_LockModeFields);
}

export interface LockWanted {
  'handle': (Buffer);
  'mode': (_chubby_v1_LockMode);
}
