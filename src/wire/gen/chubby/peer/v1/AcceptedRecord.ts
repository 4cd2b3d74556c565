// Original file: proto/chubby/peer/v1/peer.proto

import type { BallotFields as _chubby_peer_v1_BallotFields, Ballot as _chubby_peer_v1_Ballot } from '../../../chubby/peer/v1/Ballot.js';
import type { Long } from '@grpc/proto-loader';

export interface AcceptedRecordFields {
  'slot'?: (number | string | Long);
  'ballot'?: (_chubby_peer_v1_BallotFields | null);
  'value'?: (Buffer | Uint8Array | string);
}

export interface AcceptedRecord {
  'slot': (number);
  'ballot': (_chubby_peer_v1_Ballot | null);
  'value': (Buffer);
}
