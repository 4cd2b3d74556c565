// Original file: proto/chubby/peer/v1/peer.proto

import type { BallotFields as _chubby_peer_v1_BallotFields, Ballot as _chubby_peer_v1_Ballot } from '../../../chubby/peer/v1/Ballot.js';
import type { Long } from '@grpc/proto-loader';

export interface HeartbeatFields {
  'ballot'?: (_chubby_peer_v1_BallotFields | null);
  'chosenUpTo'?: (number | string | Long);
  'leaseMs'?: (number);
  'transmission'?: (number | string | Long);
}

export interface Heartbeat {
  'ballot': (_chubby_peer_v1_Ballot | null);
  'chosenUpTo': (number);
  'leaseMs': (number);
  'transmission': (number);
}
