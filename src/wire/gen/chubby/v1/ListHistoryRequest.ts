// Original file: proto/chubby/v1/chubby.proto

import type { Long } from '@grpc/proto-loader';

export interface ListHistoryRequestFields {
  /**
   * Only what came since, by the replica's wall clock, in ms since 1970.
   */
  'sinceMs'?: (number | string | Long);
}

export interface ListHistoryRequest {
  /**
   * Only what came since, by the replica's wall clock, in ms since 1970.
   */
  'sinceMs': (number);
}
