// Original file: proto/chubby/v1/chubby.proto

import type { MasterFailedOverFields as _chubby_v1_MasterFailedOverFields, MasterFailedOver as _chubby_v1_MasterFailedOver } from '../../chubby/v1/MasterFailedOver.js';
import type { NodeEventFields as _chubby_v1_NodeEventFields, NodeEvent as _chubby_v1_NodeEvent } from '../../chubby/v1/NodeEvent.js';
import type { InvalidationFields as _chubby_v1_InvalidationFields, Invalidation as _chubby_v1_Invalidation } from '../../chubby/v1/Invalidation.js';
import type { EventsLostFields as _chubby_v1_EventsLostFields, EventsLost as _chubby_v1_EventsLost } from '../../chubby/v1/EventsLost.js';

export interface EventFields {
  /**
   * Another master reigns; sent once to each session that lived under an earlier one.
   */
  'masterFailedOver'?: (_chubby_v1_MasterFailedOverFields | null);
  'node'?: (_chubby_v1_NodeEventFields | null);
  'invalidation'?: (_chubby_v1_InvalidationFields | null);
  'eventsLost'?: (_chubby_v1_EventsLostFields | null);
  'event'?: "masterFailedOver"|"node"|"invalidation"|"eventsLost";
}

export interface Event {
  /**
   * Another master reigns; sent once to each session that lived under an earlier one.
   */
  'masterFailedOver'?: (_chubby_v1_MasterFailedOver | null);
  'node'?: (_chubby_v1_NodeEvent | null);
  'invalidation'?: (_chubby_v1_Invalidation | null);
  'eventsLost'?: (_chubby_v1_EventsLost | null);
  'event'?: "masterFailedOver"|"node"|"invalidation"|"eventsLost";
}
