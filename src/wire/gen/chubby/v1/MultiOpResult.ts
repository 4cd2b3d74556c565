// Original file: proto/chubby/v1/chubby.proto

import type { StatFields as _chubby_v1_StatFields, Stat as _chubby_v1_Stat } from '../../chubby/v1/Stat.js';

export interface MultiOpResultFields {
  /**
   * Of a node that was created, written or read; absent where `read` found none, and for a deletion.
   */
  'stat'?: (_chubby_v1_StatFields | null);
  /**
   * Of a file that was read.
   */
  'contents'?: (Buffer | Uint8Array | string);
  '_stat'?: "stat";
}

export interface MultiOpResult {
  /**
   * Of a node that was created, written or read; absent where `read` found none, and for a deletion.
   */
  'stat'?: (_chubby_v1_Stat | null);
  /**
   * Of a file that was read.
   */
  'contents': (Buffer);
  '_stat'?: "stat";
}
