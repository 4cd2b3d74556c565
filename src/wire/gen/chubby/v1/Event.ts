// Original file: proto/chubby/v1/chubby.proto

import type { MasterFailedOverFields as _chubby_v1_MasterFailedOverFields, MasterFailedOver as _chubby_v1_MasterFailedOver } from '../../chubby/v1/MasterFailedOver.js';

export interface EventFields {
  /**
   * Another master reigns; sent once to each session that lived under an earlier one.
   */
  'masterFailedOver'?: (_chubby_v1_MasterFailedOverFields | null);
  'event'?: "masterFailedOver";
}

export interface Event {
  /**
   * Another master reigns; sent once to each session that lived under an earlier one.
   */
  'masterFailedOver'?: (_chubby_v1_MasterFailedOver | null);
  'event'?: "masterFailedOver";
}
