// Original file: proto/chubby/v1/chubby.proto

import type { EventKindFields as _chubby_v1_EventKindFields, EventKind as _chubby_v1_EventKind } from '../../chubby/v1/EventKind.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Something happened to a node that the session has open. Comes after it happened, in the order of the revisions; who
 * sees it reads at least that state. ([CH] 2.5)
 */
export interface NodeEventFields {
  /**
   * The number of the Open that made the handle.
   */
  'handleId'?: (number | string | Long);
  'kind'?: (_chubby_v1_EventKindFields);
  /**
   * The node that it happened to, /ls/<cell>/...: the handle's own, a child, or, subscribed recursively, one below.
   * After a change of master removals are merged: CHILD_REMOVED with the directory's own name says "list it again".
   */
  'name'?: (string);
  /**
   * Global revision of the change.
   */
  'revision'?: (number | string | Long);
}

/**
 * Something happened to a node that the session has open. Comes after it happened, in the order of the revisions; who
 * sees it reads at least that state. ([CH] 2.5)
 */
export interface NodeEvent {
  /**
   * The number of the Open that made the handle.
   */
  'handleId': (number);
  'kind': (_chubby_v1_EventKind);
  /**
   * The node that it happened to, /ls/<cell>/...: the handle's own, a child, or, subscribed recursively, one below.
   * After a change of master removals are merged: CHILD_REMOVED with the directory's own name says "list it again".
   */
  'name': (string);
  /**
   * Global revision of the change.
   */
  'revision': (number);
}
