// Original file: proto/chubby/v1/chubby.proto

import type { Long } from '@grpc/proto-loader';

export interface BackupSummaryFields {
  'cell'?: (string);
  'cellId'?: (Buffer | Uint8Array | string);
  /**
   * The state is that after this slot of the log.
   */
  'slot'?: (number | string | Long);
  /**
   * The global revision.
   */
  'revision'?: (number | string | Long);
  'entryCount'?: (number | string | Long);
  /**
   * Bytes of all keys and values: the file is a little larger.
   */
  'stateBytes'?: (number | string | Long);
}

export interface BackupSummary {
  'cell': (string);
  'cellId': (Buffer);
  /**
   * The state is that after this slot of the log.
   */
  'slot': (number);
  /**
   * The global revision.
   */
  'revision': (number);
  'entryCount': (number);
  /**
   * Bytes of all keys and values: the file is a little larger.
   */
  'stateBytes': (number);
}
