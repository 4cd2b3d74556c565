// Original file: proto/chubby/v1/chubby.proto

import type { NodeKindFields as _chubby_v1_NodeKindFields, NodeKind as _chubby_v1_NodeKind } from '../../chubby/v1/NodeKind.js';
import type { AclNamesFields as _chubby_v1_AclNamesFields, AclNames as _chubby_v1_AclNames } from '../../chubby/v1/AclNames.js';
import type { Long } from '@grpc/proto-loader';

export interface StatFields {
  'kind'?: (_chubby_v1_NodeKindFields);
  'ephemeral'?: (boolean);
  /**
   * Global revision of the node's creation: greater than that of any earlier node of this name.
   */
  'instanceNumber'?: (number | string | Long);
  /**
   * Grows with each write of the contents; 1 after creation. 0 for a directory.
   */
  'contentGeneration'?: (number | string | Long);
  /**
   * Grows each time the node's lock goes from free to held.
   */
  'lockGeneration'?: (number | string | Long);
  'aclGeneration'?: (number | string | Long);
  /**
   * First 8 bytes of the SHA-256 of the contents. Empty for a directory.
   */
  'contentChecksum'?: (Buffer | Uint8Array | string);
  /**
   * Global revision of the last change to this node.
   */
  'revision'?: (number | string | Long);
  'lengthBytes'?: (number | string | Long);
  'childCount'?: (number);
  'acl'?: (_chubby_v1_AclNamesFields | null);
}

export interface Stat {
  'kind': (_chubby_v1_NodeKind);
  'ephemeral': (boolean);
  /**
   * Global revision of the node's creation: greater than that of any earlier node of this name.
   */
  'instanceNumber': (number);
  /**
   * Grows with each write of the contents; 1 after creation. 0 for a directory.
   */
  'contentGeneration': (number);
  /**
   * Grows each time the node's lock goes from free to held.
   */
  'lockGeneration': (number);
  'aclGeneration': (number);
  /**
   * First 8 bytes of the SHA-256 of the contents. Empty for a directory.
   */
  'contentChecksum': (Buffer);
  /**
   * Global revision of the last change to this node.
   */
  'revision': (number);
  'lengthBytes': (number);
  'childCount': (number);
  'acl': (_chubby_v1_AclNames | null);
}
