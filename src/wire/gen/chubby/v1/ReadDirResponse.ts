// Original file: proto/chubby/v1/chubby.proto

import type { DirectoryEntryFields as _chubby_v1_DirectoryEntryFields, DirectoryEntry as _chubby_v1_DirectoryEntry } from '../../chubby/v1/DirectoryEntry.js';
import type { StatFields as _chubby_v1_StatFields, Stat as _chubby_v1_Stat } from '../../chubby/v1/Stat.js';
import type { Long } from '@grpc/proto-loader';

export interface ReadDirResponseFields {
  'entries'?: (_chubby_v1_DirectoryEntryFields)[];
  /**
   * Stat of the directory, in the state that all pages are read from.
   */
  'stat'?: (_chubby_v1_StatFields | null);
  /**
   * For the next page; empty with the last.
   */
  'nextPageToken'?: (Buffer | Uint8Array | string);
  /**
   * As in GetContentsAndStatResponse; with a listing of one page alone.
   */
  'cacheNumber'?: (number | string | Long);
  '_cacheNumber'?: "cacheNumber";
}

export interface ReadDirResponse {
  'entries': (_chubby_v1_DirectoryEntry)[];
  /**
   * Stat of the directory, in the state that all pages are read from.
   */
  'stat': (_chubby_v1_Stat | null);
  /**
   * For the next page; empty with the last.
   */
  'nextPageToken': (Buffer);
  /**
   * As in GetContentsAndStatResponse; with a listing of one page alone.
   */
  'cacheNumber'?: (number);
  '_cacheNumber'?: "cacheNumber";
}
