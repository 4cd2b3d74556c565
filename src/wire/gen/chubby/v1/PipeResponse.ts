// Original file: proto/chubby/v1/chubby.proto

import type { PipeReplyFields as _chubby_v1_PipeReplyFields, PipeReply as _chubby_v1_PipeReply } from '../../chubby/v1/PipeReply.js';

export interface PipeResponseFields {
  'replies'?: (_chubby_v1_PipeReplyFields)[];
}

export interface PipeResponse {
  'replies': (_chubby_v1_PipeReply)[];
}
