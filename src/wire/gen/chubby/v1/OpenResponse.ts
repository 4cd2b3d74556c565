// Original file: proto/chubby/v1/chubby.proto

import type { StatFields as _chubby_v1_StatFields, Stat as _chubby_v1_Stat } from '../../chubby/v1/Stat.js';

export interface OpenResponseFields {
  'handle'?: (Buffer | Uint8Array | string);
  'created'?: (boolean);
  'stat'?: (_chubby_v1_StatFields | null);
  /**
   * The node's whole name, as the cell calls itself: /ls/<cell>/...
   */
  'name'?: (string);
}

export interface OpenResponse {
  'handle': (Buffer);
  'created': (boolean);
  'stat': (_chubby_v1_Stat | null);
  /**
   * The node's whole name, as the cell calls itself: /ls/<cell>/...
   */
  'name': (string);
}
