// Original file: proto/chubby/v1/chubby.proto

import type { RequestContextFields as _chubby_v1_RequestContextFields, RequestContext as _chubby_v1_RequestContext } from '../../chubby/v1/RequestContext.js';
import type { AclNamesFields as _chubby_v1_AclNamesFields, AclNames as _chubby_v1_AclNames } from '../../chubby/v1/AclNames.js';
import type { Long } from '@grpc/proto-loader';

export interface SetAclRequestFields {
  'context'?: (_chubby_v1_RequestContextFields | null);
  'handle'?: (Buffer | Uint8Array | string);
  'name'?: (string);
  'acl'?: (_chubby_v1_AclNamesFields | null);
  /**
   * Change only if the ACL generation is this, else ABORTED with reason STALE_GENERATION.
   */
  'ifAclGeneration'?: (number | string | Long);
  'target'?: "handle"|"name";
  '_ifAclGeneration'?: "ifAclGeneration";
}

export interface SetAclRequest {
  'context': (_chubby_v1_RequestContext | null);
  'handle'?: (Buffer);
  'name'?: (string);
  'acl': (_chubby_v1_AclNames | null);
  /**
   * Change only if the ACL generation is this, else ABORTED with reason STALE_GENERATION.
   */
  'ifAclGeneration'?: (number);
  'target'?: "handle"|"name";
  '_ifAclGeneration'?: "ifAclGeneration";
}
