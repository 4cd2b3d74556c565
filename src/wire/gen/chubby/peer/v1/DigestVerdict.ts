// Original file: proto/chubby/peer/v1/peer.proto

import type { Long } from '@grpc/proto-loader';

export interface DigestVerdictFields {
  'slot'?: (number | string | Long);
  /**
   * of a majority; empty where none agrees
   */
  'digest'?: (Buffer | Uint8Array | string);
}

export interface DigestVerdict {
  'slot': (number);
  /**
   * of a majority; empty where none agrees
   */
  'digest': (Buffer);
}
