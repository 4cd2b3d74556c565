// Original file: proto/chubby/v1/chubby.proto

import type { HistoryEntryFields as _chubby_v1_HistoryEntryFields, HistoryEntry as _chubby_v1_HistoryEntry } from '../../chubby/v1/HistoryEntry.js';

export interface ListHistoryResponseFields {
  /**
   * The oldest first.
   */
  'entries'?: (_chubby_v1_HistoryEntryFields)[];
}

export interface ListHistoryResponse {
  /**
   * The oldest first.
   */
  'entries': (_chubby_v1_HistoryEntry)[];
}
