// Original file: proto/chubby/v1/chubby.proto

import type { RequestContextFields as _chubby_v1_RequestContextFields, RequestContext as _chubby_v1_RequestContext } from '../../chubby/v1/RequestContext.js';

export interface ReadDirRequestFields {
  'context'?: (_chubby_v1_RequestContextFields | null);
  'handle'?: (Buffer | Uint8Array | string);
  'name'?: (string);
  /**
   * At most this many entries; 0 for the server's limit of 1,000.
   */
  'limit'?: (number);
  /**
   * From the page before; empty for the first. When the directory or one of its children changed since that page, the
   * answer is ABORTED with reason LISTING_CHANGED: begin again.
   */
  'pageToken'?: (Buffer | Uint8Array | string);
  'target'?: "handle"|"name";
}

export interface ReadDirRequest {
  'context': (_chubby_v1_RequestContext | null);
  'handle'?: (Buffer);
  'name'?: (string);
  /**
   * At most this many entries; 0 for the server's limit of 1,000.
   */
  'limit': (number);
  /**
   * From the page before; empty for the first. When the directory or one of its children changed since that page, the
   * answer is ABORTED with reason LISTING_CHANGED: begin again.
   */
  'pageToken': (Buffer);
  'target'?: "handle"|"name";
}
