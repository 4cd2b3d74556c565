// Original file: proto/chubby/peer/v1/peer.proto

import type { BallotFields as _chubby_peer_v1_BallotFields, Ballot as _chubby_peer_v1_Ballot } from '../../../chubby/peer/v1/Ballot.js';

export interface PreVoteReplyFields {
  'ballot'?: (_chubby_peer_v1_BallotFields | null);
  'granted'?: (boolean);
  'promised'?: (_chubby_peer_v1_BallotFields | null);
}

export interface PreVoteReply {
  'ballot': (_chubby_peer_v1_Ballot | null);
  'granted': (boolean);
  'promised': (_chubby_peer_v1_Ballot | null);
}
