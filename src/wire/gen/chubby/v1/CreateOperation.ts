// Original file: proto/chubby/v1/chubby.proto

import type { NodeKindFields as _chubby_v1_NodeKindFields, NodeKind as _chubby_v1_NodeKind } from '../../chubby/v1/NodeKind.js';
import type { AclNamesFields as _chubby_v1_AclNamesFields, AclNames as _chubby_v1_AclNames } from '../../chubby/v1/AclNames.js';

/**
 * A permanent node.
 */
export interface CreateOperationFields {
  'name'?: (string);
  'kind'?: (_chubby_v1_NodeKindFields);
  'contents'?: (Buffer | Uint8Array | string);
  'acl'?: (_chubby_v1_AclNamesFields | null);
  '_acl'?: "acl";
}

/**
 * A permanent node.
 */
export interface CreateOperation {
  'name': (string);
  'kind': (_chubby_v1_NodeKind);
  'contents': (Buffer);
  'acl'?: (_chubby_v1_AclNames | null);
  '_acl'?: "acl";
}
