// Original file: proto/chubby/peer/v1/peer.proto

import type { BallotFields as _chubby_peer_v1_BallotFields, Ballot as _chubby_peer_v1_Ballot } from '../../../chubby/peer/v1/Ballot.js';
import type { Long } from '@grpc/proto-loader';

export interface PreVoteFields {
  'ballot'?: (_chubby_peer_v1_BallotFields | null);
  'configurationNumber'?: (number | string | Long);
}

export interface PreVote {
  'ballot': (_chubby_peer_v1_Ballot | null);
  'configurationNumber': (number);
}
