// Original file: proto/chubby/v1/chubby.proto

import type { RequestContextFields as _chubby_v1_RequestContextFields, RequestContext as _chubby_v1_RequestContext } from '../../chubby/v1/RequestContext.js';
import type { LockWantedFields as _chubby_v1_LockWantedFields, LockWanted as _chubby_v1_LockWanted } from '../../chubby/v1/LockWanted.js';

export interface AcquireAllRequestFields {
  'context'?: (_chubby_v1_RequestContextFields | null);
  /**
   * At most 64, of different nodes.
   */
  'locks'?: (_chubby_v1_LockWantedFields)[];
  /**
   * How long to wait at most; 0 for as long as the session lives.
   */
  'waitMs'?: (number);
  /**
   * Do not wait at all.
   */
  'atOnce'?: (boolean);
}

export interface AcquireAllRequest {
  'context': (_chubby_v1_RequestContext | null);
  /**
   * At most 64, of different nodes.
   */
  'locks': (_chubby_v1_LockWanted)[];
  /**
   * How long to wait at most; 0 for as long as the session lives.
   */
  'waitMs': (number);
  /**
   * Do not wait at all.
   */
  'atOnce': (boolean);
}
