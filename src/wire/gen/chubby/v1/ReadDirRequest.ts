// Original file: proto/chubby/v1/chubby.proto

import type { RequestContextFields as _chubby_v1_RequestContextFields, RequestContext as _chubby_v1_RequestContext } from '../../chubby/v1/RequestContext.js';

export interface ReadDirRequestFields {
  'context'?: (_chubby_v1_RequestContextFields | null);
  'handle'?: (Buffer | Uint8Array | string);
  'name'?: (string);
  /**
   * Children after this name, in byte order; empty for the first page.
   */
  'after'?: (string);
  /**
   * At most this many entries; 0 for the server's limit of 1,000.
   */
  'limit'?: (number);
  'target'?: "handle"|"name";
}

export interface ReadDirRequest {
  'context': (_chubby_v1_RequestContext | null);
  'handle'?: (Buffer);
  'name'?: (string);
  /**
   * Children after this name, in byte order; empty for the first page.
   */
  'after': (string);
  /**
   * At most this many entries; 0 for the server's limit of 1,000.
   */
  'limit': (number);
  'target'?: "handle"|"name";
}
