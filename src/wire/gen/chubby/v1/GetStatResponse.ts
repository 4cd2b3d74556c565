// Original file: proto/chubby/v1/chubby.proto

import type { StatFields as _chubby_v1_StatFields, Stat as _chubby_v1_Stat } from '../../chubby/v1/Stat.js';
import type { Long } from '@grpc/proto-loader';

export interface GetStatResponseFields {
  'stat'?: (_chubby_v1_StatFields | null);
  /**
   * As in GetContentsAndStatResponse.
   */
  'cacheNumber'?: (number | string | Long);
  '_cacheNumber'?: "cacheNumber";
}

export interface GetStatResponse {
  'stat': (_chubby_v1_Stat | null);
  /**
   * As in GetContentsAndStatResponse.
   */
  'cacheNumber'?: (number);
  '_cacheNumber'?: "cacheNumber";
}
