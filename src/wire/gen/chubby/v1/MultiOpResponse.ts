// Original file: proto/chubby/v1/chubby.proto

import type { MultiOpResultFields as _chubby_v1_MultiOpResultFields, MultiOpResult as _chubby_v1_MultiOpResult } from '../../chubby/v1/MultiOpResult.js';
import type { Long } from '@grpc/proto-loader';

export interface MultiOpResponseFields {
  /**
   * Whether all guards held, and with it which operations were done.
   */
  'held'?: (boolean);
  /**
   * Of each guard.
   */
  'guards'?: (boolean)[];
  /**
   * Of each operation that was done, in their order.
   */
  'results'?: (_chubby_v1_MultiOpResultFields)[];
  /**
   * Global revision of what was done; 0 when nothing was changed.
   */
  'revision'?: (number | string | Long);
}

export interface MultiOpResponse {
  /**
   * Whether all guards held, and with it which operations were done.
   */
  'held': (boolean);
  /**
   * Of each guard.
   */
  'guards': (boolean)[];
  /**
   * Of each operation that was done, in their order.
   */
  'results': (_chubby_v1_MultiOpResult)[];
  /**
   * Global revision of what was done; 0 when nothing was changed.
   */
  'revision': (number);
}
