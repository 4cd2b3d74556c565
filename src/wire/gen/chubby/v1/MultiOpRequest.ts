// Original file: proto/chubby/v1/chubby.proto

import type { RequestContextFields as _chubby_v1_RequestContextFields, RequestContext as _chubby_v1_RequestContext } from '../../chubby/v1/RequestContext.js';
import type { MultiOpGuardFields as _chubby_v1_MultiOpGuardFields, MultiOpGuard as _chubby_v1_MultiOpGuard } from '../../chubby/v1/MultiOpGuard.js';
import type { MultiOpOperationFields as _chubby_v1_MultiOpOperationFields, MultiOpOperation as _chubby_v1_MultiOpOperation } from '../../chubby/v1/MultiOpOperation.js';

/**
 * At most 128 guards and operations together, and a message of at most 1 MiB. No operation names a node that another of
 * its list changes.
 */
export interface MultiOpRequestFields {
  'context'?: (_chubby_v1_RequestContextFields | null);
  /**
   * All are tested.
   */
  'guards'?: (_chubby_v1_MultiOpGuardFields)[];
  /**
   * Done when every guard holds.
   */
  'thenOperations'?: (_chubby_v1_MultiOpOperationFields)[];
  /**
   * Done otherwise.
   */
  'elseOperations'?: (_chubby_v1_MultiOpOperationFields)[];
}

/**
 * At most 128 guards and operations together, and a message of at most 1 MiB. No operation names a node that another of
 * its list changes.
 */
export interface MultiOpRequest {
  'context': (_chubby_v1_RequestContext | null);
  /**
   * All are tested.
   */
  'guards': (_chubby_v1_MultiOpGuard)[];
  /**
   * Done when every guard holds.
   */
  'thenOperations': (_chubby_v1_MultiOpOperation)[];
  /**
   * Done otherwise.
   */
  'elseOperations': (_chubby_v1_MultiOpOperation)[];
}
