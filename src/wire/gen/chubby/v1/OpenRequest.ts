// Original file: proto/chubby/v1/chubby.proto

import type { RequestContextFields as _chubby_v1_RequestContextFields, RequestContext as _chubby_v1_RequestContext } from '../../chubby/v1/RequestContext.js';
import type { CreateModeFields as _chubby_v1_CreateModeFields, CreateMode as _chubby_v1_CreateMode } from '../../chubby/v1/CreateMode.js';
import type { NodeKindFields as _chubby_v1_NodeKindFields, NodeKind as _chubby_v1_NodeKind } from '../../chubby/v1/NodeKind.js';

export interface OpenRequestFields {
  'context'?: (_chubby_v1_RequestContextFields | null);
  /**
   * Absolute: /ls/<cell>/... or /ls/local/...
   */
  'name'?: (string);
  /**
   * What the handle may be used for. Locks need `write` in either mode.
   */
  'read'?: (boolean);
  'write'?: (boolean);
  'changeAcl'?: (boolean);
  'create'?: (_chubby_v1_CreateModeFields);
  /**
   * For a node that is created: a file unless said otherwise.
   */
  'kind'?: (_chubby_v1_NodeKindFields);
  /**
   * Deleted when the session that made it has closed its last handle on it, or has ended.
   */
  'ephemeral'?: (boolean);
  'initialContents'?: (Buffer | Uint8Array | string);
  /**
   * How long a lock held through this handle stays unclaimable when its session expires; at most 60,000.
   */
  'lockDelayMs'?: (number);
}

export interface OpenRequest {
  'context': (_chubby_v1_RequestContext | null);
  /**
   * Absolute: /ls/<cell>/... or /ls/local/...
   */
  'name': (string);
  /**
   * What the handle may be used for. Locks need `write` in either mode.
   */
  'read': (boolean);
  'write': (boolean);
  'changeAcl': (boolean);
  'create': (_chubby_v1_CreateMode);
  /**
   * For a node that is created: a file unless said otherwise.
   */
  'kind': (_chubby_v1_NodeKind);
  /**
   * Deleted when the session that made it has closed its last handle on it, or has ended.
   */
  'ephemeral': (boolean);
  'initialContents': (Buffer);
  /**
   * How long a lock held through this handle stays unclaimable when its session expires; at most 60,000.
   */
  'lockDelayMs': (number);
}
