// Original file: proto/chubby/peer/v1/peer.proto

import type { BallotFields as _chubby_peer_v1_BallotFields, Ballot as _chubby_peer_v1_Ballot } from '../../../chubby/peer/v1/Ballot.js';
import type { Long } from '@grpc/proto-loader';

export interface HeartbeatReplyFields {
  'ballot'?: (_chubby_peer_v1_BallotFields | null);
  'transmission'?: (number | string | Long);
  'chosenUpTo'?: (number | string | Long);
  /**
   * of space on its disk
   */
  'short'?: (boolean);
}

export interface HeartbeatReply {
  'ballot': (_chubby_peer_v1_Ballot | null);
  'transmission': (number);
  'chosenUpTo': (number);
  /**
   * of space on its disk
   */
  'short': (boolean);
}
