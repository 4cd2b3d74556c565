// Original file: proto/chubby/v1/chubby.proto

import type { RequestContextFields as _chubby_v1_RequestContextFields, RequestContext as _chubby_v1_RequestContext } from '../../chubby/v1/RequestContext.js';
import type { CreateModeFields as _chubby_v1_CreateModeFields, CreateMode as _chubby_v1_CreateMode } from '../../chubby/v1/CreateMode.js';
import type { NodeKindFields as _chubby_v1_NodeKindFields, NodeKind as _chubby_v1_NodeKind } from '../../chubby/v1/NodeKind.js';
import type { AclNamesFields as _chubby_v1_AclNamesFields, AclNames as _chubby_v1_AclNames } from '../../chubby/v1/AclNames.js';
import type { EventKindFields as _chubby_v1_EventKindFields, EventKind as _chubby_v1_EventKind } from '../../chubby/v1/EventKind.js';

export interface OpenRequestFields {
  'context'?: (_chubby_v1_RequestContextFields | null);
  /**
   * Absolute: /ls/<cell>/... or /ls/local/...; below `directory`, where that is given.
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
  /**
   * A handle on a directory: `name` is a/b below it.
   */
  'directory'?: (Buffer | Uint8Array | string);
  /**
   * For a node that is created: ten digits are put behind its name, higher than those of every earlier one of the
   * directory. Needs CREATE_MODE_MUST.
   */
  'sequential'?: (boolean);
  /**
   * For a node that is created: instead of the directory's own names.
   */
  'acl'?: (_chubby_v1_AclNamesFields | null);
  /**
   * Which events the session wants of this handle.
   */
  'events'?: (_chubby_v1_EventKindFields)[];
  /**
   * Events of children come from all nodes below the directory.
   */
  'recursive'?: (boolean);
  '_acl'?: "acl";
}

export interface OpenRequest {
  'context': (_chubby_v1_RequestContext | null);
  /**
   * Absolute: /ls/<cell>/... or /ls/local/...; below `directory`, where that is given.
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
  /**
   * A handle on a directory: `name` is a/b below it.
   */
  'directory': (Buffer);
  /**
   * For a node that is created: ten digits are put behind its name, higher than those of every earlier one of the
   * directory. Needs CREATE_MODE_MUST.
   */
  'sequential': (boolean);
  /**
   * For a node that is created: instead of the directory's own names.
   */
  'acl'?: (_chubby_v1_AclNames | null);
  /**
   * Which events the session wants of this handle.
   */
  'events': (_chubby_v1_EventKind)[];
  /**
   * Events of children come from all nodes below the directory.
   */
  'recursive': (boolean);
  '_acl'?: "acl";
}
