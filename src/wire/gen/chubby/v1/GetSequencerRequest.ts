// Original file: proto/chubby/v1/chubby.proto

import type { RequestContextFields as _chubby_v1_RequestContextFields, RequestContext as _chubby_v1_RequestContext } from '../../chubby/v1/RequestContext.js';

export interface GetSequencerRequestFields {
  'context'?: (_chubby_v1_RequestContextFields | null);
  'handle'?: (Buffer | Uint8Array | string);
  /**
   * Further handles of the session that hold locks: one sequencer for all.
   */
  'furtherHandles'?: (Buffer | Uint8Array | string)[];
}

export interface GetSequencerRequest {
  'context': (_chubby_v1_RequestContext | null);
  'handle': (Buffer);
  /**
   * Further handles of the session that hold locks: one sequencer for all.
   */
  'furtherHandles': (Buffer)[];
}
