// Original file: proto/chubby/peer/v1/peer.proto

import type { Long } from '@grpc/proto-loader';

export interface CatchUpRequestFields {
  'fromSlot'?: (number | string | Long);
}

export interface CatchUpRequest {
  'fromSlot': (number);
}
