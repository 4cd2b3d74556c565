// Original file: proto/chubby/peer/v1/peer.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The digest of the sender's state after a checksum request's slot, to whoever made the request.
 */
export interface DigestReportFields {
  'slot'?: (number | string | Long);
  /**
   * 16 bytes
   */
  'digest'?: (Buffer | Uint8Array | string);
}

/**
 * The digest of the sender's state after a checksum request's slot, to whoever made the request.
 */
export interface DigestReport {
  'slot': (number);
  /**
   * 16 bytes
   */
  'digest': (Buffer);
}
