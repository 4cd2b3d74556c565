// Original file: proto/chubby/peer/v1/peer.proto

import type { Long } from '@grpc/proto-loader';

export interface SnapshotRequestFields {
  /**
   * 0 for the newest
   */
  'slot'?: (number | string | Long);
  'offset'?: (number | string | Long);
}

export interface SnapshotRequest {
  /**
   * 0 for the newest
   */
  'slot': (number);
  'offset': (number);
}
