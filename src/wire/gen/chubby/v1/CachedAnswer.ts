// Original file: proto/chubby/v1/chubby.proto

import type { CachedKindFields as _chubby_v1_CachedKindFields, CachedKind as _chubby_v1_CachedKind } from '../../chubby/v1/CachedKind.js';
import type { Long } from '@grpc/proto-loader';

/**
 * What the client caches, by what tells whether it is still true.
 */
export interface CachedAnswerFields {
  'name'?: (string);
  'kind'?: (_chubby_v1_CachedKindFields);
  /**
   * From the node's Stat, or the directory's.
   */
  'instanceNumber'?: (number | string | Long);
  'revision'?: (number | string | Long);
  'lockGeneration'?: (number | string | Long);
  /**
   * Of a listing: the greatest `revision` of its children, and the sum of their `lock_generation`s.
   */
  'newestChildRevision'?: (number | string | Long);
  'childLockGenerations'?: (number | string | Long);
}

/**
 * What the client caches, by what tells whether it is still true.
 */
export interface CachedAnswer {
  'name': (string);
  'kind': (_chubby_v1_CachedKind);
  /**
   * From the node's Stat, or the directory's.
   */
  'instanceNumber': (number);
  'revision': (number);
  'lockGeneration': (number);
  /**
   * Of a listing: the greatest `revision` of its children, and the sum of their `lock_generation`s.
   */
  'newestChildRevision': (number);
  'childLockGenerations': (number);
}
