// Original file: proto/chubby/peer/v1/peer.proto

import type { BallotFields as _chubby_peer_v1_BallotFields, Ballot as _chubby_peer_v1_Ballot } from '../../../chubby/peer/v1/Ballot.js';
import type { Long } from '@grpc/proto-loader';

export interface HeartbeatFields {
  'ballot'?: (_chubby_peer_v1_BallotFields | null);
  'chosenUpTo'?: (number | string | Long);
  /**
   * 0 to a learner, and so is the transmission: binds nobody, counts nothing
   */
  'leaseMs'?: (number);
  'transmission'?: (number | string | Long);
  'configurationNumber'?: (number | string | Long);
  /**
   * the cell is short of space: who is, too, may fetch what it misses
   */
  'usesReserve'?: (boolean);
}

export interface Heartbeat {
  'ballot': (_chubby_peer_v1_Ballot | null);
  'chosenUpTo': (number);
  /**
   * 0 to a learner, and so is the transmission: binds nobody, counts nothing
   */
  'leaseMs': (number);
  'transmission': (number);
  'configurationNumber': (number);
  /**
   * the cell is short of space: who is, too, may fetch what it misses
   */
  'usesReserve': (boolean);
}
