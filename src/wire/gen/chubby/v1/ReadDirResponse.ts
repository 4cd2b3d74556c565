// Original file: proto/chubby/v1/chubby.proto

import type { DirectoryEntryFields as _chubby_v1_DirectoryEntryFields, DirectoryEntry as _chubby_v1_DirectoryEntry } from '../../chubby/v1/DirectoryEntry.js';
import type { StatFields as _chubby_v1_StatFields, Stat as _chubby_v1_Stat } from '../../chubby/v1/Stat.js';

export interface ReadDirResponseFields {
  'entries'?: (_chubby_v1_DirectoryEntryFields)[];
  /**
   * More children follow the last entry.
   */
  'more'?: (boolean);
  /**
   * Stat of the directory in the state that the page was read from.
   */
  'stat'?: (_chubby_v1_StatFields | null);
}

export interface ReadDirResponse {
  'entries': (_chubby_v1_DirectoryEntry)[];
  /**
   * More children follow the last entry.
   */
  'more': (boolean);
  /**
   * Stat of the directory in the state that the page was read from.
   */
  'stat': (_chubby_v1_Stat | null);
}
