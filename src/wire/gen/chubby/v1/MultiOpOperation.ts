// Original file: proto/chubby/v1/chubby.proto

import type { CreateOperationFields as _chubby_v1_CreateOperationFields, CreateOperation as _chubby_v1_CreateOperation } from '../../chubby/v1/CreateOperation.js';
import type { SetContentsOperationFields as _chubby_v1_SetContentsOperationFields, SetContentsOperation as _chubby_v1_SetContentsOperation } from '../../chubby/v1/SetContentsOperation.js';

export interface MultiOpOperationFields {
  'create'?: (_chubby_v1_CreateOperationFields | null);
  'setContents'?: (_chubby_v1_SetContentsOperationFields | null);
  'delete'?: (string);
  /**
   * Reads a node, or finds that there is none: that is a result, not a failure.
   */
  'read'?: (string);
  'operation'?: "create"|"setContents"|"delete"|"read";
}

export interface MultiOpOperation {
  'create'?: (_chubby_v1_CreateOperation | null);
  'setContents'?: (_chubby_v1_SetContentsOperation | null);
  'delete'?: (string);
  /**
   * Reads a node, or finds that there is none: that is a result, not a failure.
   */
  'read'?: (string);
  'operation'?: "create"|"setContents"|"delete"|"read";
}
