// Original file: proto/chubby/v1/chubby.proto

import type { LockDescriptionFields as _chubby_v1_LockDescriptionFields, LockDescription as _chubby_v1_LockDescription } from '../../chubby/v1/LockDescription.js';

export interface ListLocksResponseFields {
  'locks'?: (_chubby_v1_LockDescriptionFields)[];
  'nextPageToken'?: (Buffer | Uint8Array | string);
}

export interface ListLocksResponse {
  'locks': (_chubby_v1_LockDescription)[];
  'nextPageToken': (Buffer);
}
