// Original file: proto/chubby/v1/chubby.proto

import type { Long } from '@grpc/proto-loader';

export interface ReattachedHandleFields {
  'handle'?: (Buffer | Uint8Array | string);
  /**
   * Global revision of the newest event or Stat of the node that the client has handled.
   */
  'seenRevision'?: (number | string | Long);
}

export interface ReattachedHandle {
  'handle': (Buffer);
  /**
   * Global revision of the newest event or Stat of the node that the client has handled.
   */
  'seenRevision': (number);
}
