// Original file: proto/chubby/peer/v1/peer.proto

import type { BallotFields as _chubby_peer_v1_BallotFields, Ballot as _chubby_peer_v1_Ballot } from '../../../chubby/peer/v1/Ballot.js';

export interface ReleaseFields {
  'ballot'?: (_chubby_peer_v1_BallotFields | null);
  'successor'?: (number);
}

export interface Release {
  'ballot': (_chubby_peer_v1_Ballot | null);
  'successor': (number);
}
