// Original file: proto/chubby/peer/v1/peer.proto

import type { BallotFields as _chubby_peer_v1_BallotFields, Ballot as _chubby_peer_v1_Ballot } from '../../../chubby/peer/v1/Ballot.js';
import type { AcceptedRecordFields as _chubby_peer_v1_AcceptedRecordFields, AcceptedRecord as _chubby_peer_v1_AcceptedRecord } from '../../../chubby/peer/v1/AcceptedRecord.js';
import type { Long } from '@grpc/proto-loader';

export interface PromiseFields {
  'ballot'?: (_chubby_peer_v1_BallotFields | null);
  'accepted'?: (_chubby_peer_v1_AcceptedRecordFields)[];
  'chosenUpTo'?: (number | string | Long);
  'configurationNumber'?: (number | string | Long);
  'part'?: (number);
  'parts'?: (number);
  'answer'?: (number | string | Long);
}

export interface Promise {
  'ballot': (_chubby_peer_v1_Ballot | null);
  'accepted': (_chubby_peer_v1_AcceptedRecord)[];
  'chosenUpTo': (number);
  'configurationNumber': (number);
  'part': (number);
  'parts': (number);
  'answer': (number);
}
