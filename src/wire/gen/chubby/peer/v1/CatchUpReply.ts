// Original file: proto/chubby/peer/v1/peer.proto

import type { AcceptedRecordFields as _chubby_peer_v1_AcceptedRecordFields, AcceptedRecord as _chubby_peer_v1_AcceptedRecord } from '../../../chubby/peer/v1/AcceptedRecord.js';
import type { Long } from '@grpc/proto-loader';

export interface CatchUpReplyFields {
  'fromSlot'?: (number | string | Long);
  'chosen'?: (_chubby_peer_v1_AcceptedRecordFields)[];
  'chosenUpTo'?: (number | string | Long);
  'firstSlot'?: (number | string | Long);
}

export interface CatchUpReply {
  'fromSlot': (number);
  'chosen': (_chubby_peer_v1_AcceptedRecord)[];
  'chosenUpTo': (number);
  'firstSlot': (number);
}
