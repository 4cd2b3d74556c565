// Original file: proto/chubby/v1/chubby.proto

import type { StatFields as _chubby_v1_StatFields, Stat as _chubby_v1_Stat } from '../../chubby/v1/Stat.js';
import type { LockDescriptionFields as _chubby_v1_LockDescriptionFields, LockDescription as _chubby_v1_LockDescription } from '../../chubby/v1/LockDescription.js';
import type { WaitsForFields as _chubby_v1_WaitsForFields, WaitsFor as _chubby_v1_WaitsFor } from '../../chubby/v1/WaitsFor.js';

export interface ExplainResponseFields {
  'stat'?: (_chubby_v1_StatFields | null);
  'lock'?: (_chubby_v1_LockDescriptionFields | null);
  /**
   * A round of sessions that wait for one another, when the lock's holder is part of one: each waits for a lock that the
   * next one keeps from it, because it holds it or is before it in line.
   */
  'deadlock'?: (_chubby_v1_WaitsForFields)[];
  /**
   * Sessions that may cache what they read of the node, and subscriptions to its events.
   */
  'cachingSessions'?: (number);
  'subscriptions'?: (number);
}

export interface ExplainResponse {
  'stat': (_chubby_v1_Stat | null);
  'lock': (_chubby_v1_LockDescription | null);
  /**
   * A round of sessions that wait for one another, when the lock's holder is part of one: each waits for a lock that the
   * next one keeps from it, because it holds it or is before it in line.
   */
  'deadlock': (_chubby_v1_WaitsFor)[];
  /**
   * Sessions that may cache what they read of the node, and subscriptions to its events.
   */
  'cachingSessions': (number);
  'subscriptions': (number);
}
