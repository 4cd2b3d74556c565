// Original file: proto/chubby/v1/chubby.proto

import type { FailureFields as _chubby_v1_FailureFields, Failure as _chubby_v1_Failure } from '../../chubby/v1/Failure.js';
import type { Long } from '@grpc/proto-loader';

export interface ReattachResponseFields {
  /**
   * Why a handle cannot be used any more, by its index in the request.
   */
  'lostHandles'?: ({[key: number]: _chubby_v1_FailureFields});
  /**
   * Indexes in the request of what may stay in the cache.
   */
  'stillTrue'?: (number)[];
  /**
   * As in GetContentsAndStatResponse.
   */
  'cacheNumber'?: (number | string | Long);
}

export interface ReattachResponse {
  /**
   * Why a handle cannot be used any more, by its index in the request.
   */
  'lostHandles': ({[key: number]: _chubby_v1_Failure});
  /**
   * Indexes in the request of what may stay in the cache.
   */
  'stillTrue': (number)[];
  /**
   * As in GetContentsAndStatResponse.
   */
  'cacheNumber': (number);
}
