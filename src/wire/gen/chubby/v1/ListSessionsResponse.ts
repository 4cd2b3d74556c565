// Original file: proto/chubby/v1/chubby.proto

import type { SessionDescriptionFields as _chubby_v1_SessionDescriptionFields, SessionDescription as _chubby_v1_SessionDescription } from '../../chubby/v1/SessionDescription.js';

export interface ListSessionsResponseFields {
  'sessions'?: (_chubby_v1_SessionDescriptionFields)[];
  'nextPageToken'?: (Buffer | Uint8Array | string);
}

export interface ListSessionsResponse {
  'sessions': (_chubby_v1_SessionDescription)[];
  'nextPageToken': (Buffer);
}
