// Original file: proto/chubby/v1/chubby.proto

import type { StatFields as _chubby_v1_StatFields, Stat as _chubby_v1_Stat } from '../../chubby/v1/Stat.js';

export interface GetContentsAndStatResponseFields {
  'contents'?: (Buffer | Uint8Array | string);
  'stat'?: (_chubby_v1_StatFields | null);
}

export interface GetContentsAndStatResponse {
  'contents': (Buffer);
  'stat': (_chubby_v1_Stat | null);
}
