// Original file: proto/chubby/v1/chubby.proto

import type { StatFields as _chubby_v1_StatFields, Stat as _chubby_v1_Stat } from '../../chubby/v1/Stat.js';
import type { Long } from '@grpc/proto-loader';

export interface GetContentsAndStatResponseFields {
  'contents'?: (Buffer | Uint8Array | string);
  'stat'?: (_chubby_v1_StatFields | null);
  /**
   * Present when the session may cache the answer, until an Invalidation names the node: the number of the session's
   * last Invalidation when the answer was made. Who has handled a later one by then uses the answer, and does not cache
   * it. That a node is absent is cached likewise, by `cache-number` in the metadata of NOT_FOUND.
   */
  'cacheNumber'?: (number | string | Long);
  '_cacheNumber'?: "cacheNumber";
}

export interface GetContentsAndStatResponse {
  'contents': (Buffer);
  'stat': (_chubby_v1_Stat | null);
  /**
   * Present when the session may cache the answer, until an Invalidation names the node: the number of the session's
   * last Invalidation when the answer was made. Who has handled a later one by then uses the answer, and does not cache
   * it. That a node is absent is cached likewise, by `cache-number` in the metadata of NOT_FOUND.
   */
  'cacheNumber'?: (number);
  '_cacheNumber'?: "cacheNumber";
}
