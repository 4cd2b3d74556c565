// Original file: proto/chubby/v1/chubby.proto

import type { BackupSummaryFields as _chubby_v1_BackupSummaryFields, BackupSummary as _chubby_v1_BackupSummary } from '../../chubby/v1/BackupSummary.js';

export interface BackupResponseFields {
  /**
   * What the backup is of; in the first message alone.
   */
  'summary'?: (_chubby_v1_BackupSummaryFields | null);
  /**
   * The next bytes of the file; empty in the first message.
   */
  'piece'?: (Buffer | Uint8Array | string);
}

export interface BackupResponse {
  /**
   * What the backup is of; in the first message alone.
   */
  'summary': (_chubby_v1_BackupSummary | null);
  /**
   * The next bytes of the file; empty in the first message.
   */
  'piece': (Buffer);
}
