// Original file: proto/chubby/v1/chubby.proto

import type { RequestContextFields as _chubby_v1_RequestContextFields, RequestContext as _chubby_v1_RequestContext } from '../../chubby/v1/RequestContext.js';

export interface SetSequencerRequestFields {
  'context'?: (_chubby_v1_RequestContextFields | null);
  'handle'?: (Buffer | Uint8Array | string);
  'sequencer'?: (Buffer | Uint8Array | string);
}

export interface SetSequencerRequest {
  'context': (_chubby_v1_RequestContext | null);
  'handle': (Buffer);
  'sequencer': (Buffer);
}
