// Original file: proto/chubby/v1/chubby.proto

import type { StatFields as _chubby_v1_StatFields, Stat as _chubby_v1_Stat } from '../../chubby/v1/Stat.js';

export interface SetAclResponseFields {
  'stat'?: (_chubby_v1_StatFields | null);
}

export interface SetAclResponse {
  'stat': (_chubby_v1_Stat | null);
}
