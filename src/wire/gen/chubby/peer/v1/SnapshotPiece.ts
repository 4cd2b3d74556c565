// Original file: proto/chubby/peer/v1/peer.proto

import type { Long } from '@grpc/proto-loader';

export interface SnapshotPieceFields {
  /**
   * 0 where there is no snapshot
   */
  'slot'?: (number | string | Long);
  'offset'?: (number | string | Long);
  'totalBytes'?: (number | string | Long);
  'bytes'?: (Buffer | Uint8Array | string);
}

export interface SnapshotPiece {
  /**
   * 0 where there is no snapshot
   */
  'slot': (number);
  'offset': (number);
  'totalBytes': (number);
  'bytes': (Buffer);
}
