// Original file: proto/chubby/v1/chubby.proto

import type { RequestContextFields as _chubby_v1_RequestContextFields, RequestContext as _chubby_v1_RequestContext } from '../../chubby/v1/RequestContext.js';
import type { LockModeFields as _chubby_v1_LockModeFields, LockMode as _chubby_v1_LockMode } from '../../chubby/v1/LockMode.js';

export interface TryAcquireRequestFields {
  'context'?: (_chubby_v1_RequestContextFields | null);
  'handle'?: (Buffer | Uint8Array | string);
  'mode'?: (_chubby_v1_LockModeFields);
}

export interface TryAcquireRequest {
  'context': (_chubby_v1_RequestContext | null);
  'handle': (Buffer);
  'mode': (_chubby_v1_LockMode);
}
