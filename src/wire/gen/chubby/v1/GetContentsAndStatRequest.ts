// Original file: proto/chubby/v1/chubby.proto

import type { RequestContextFields as _chubby_v1_RequestContextFields, RequestContext as _chubby_v1_RequestContext } from '../../chubby/v1/RequestContext.js';

/**
 * Reads by name need no session.
 */
export interface GetContentsAndStatRequestFields {
  'context'?: (_chubby_v1_RequestContextFields | null);
  'handle'?: (Buffer | Uint8Array | string);
  'name'?: (string);
  'target'?: "handle"|"name";
}

/**
 * Reads by name need no session.
 */
export interface GetContentsAndStatRequest {
  'context': (_chubby_v1_RequestContext | null);
  'handle'?: (Buffer);
  'name'?: (string);
  'target'?: "handle"|"name";
}
