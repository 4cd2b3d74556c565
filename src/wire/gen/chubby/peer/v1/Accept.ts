// Original file: proto/chubby/peer/v1/peer.proto

import type { BallotFields as _chubby_peer_v1_BallotFields, Ballot as _chubby_peer_v1_Ballot } from '../../../chubby/peer/v1/Ballot.js';
import type { Long } from '@grpc/proto-loader';

export interface AcceptFields {
  'ballot'?: (_chubby_peer_v1_BallotFields | null);
  'slot'?: (number | string | Long);
  'value'?: (Buffer | Uint8Array | string);
  'configurationNumber'?: (number | string | Long);
  'chosenUpTo'?: (number | string | Long);
  'leaseMs'?: (number);
  'transmission'?: (number | string | Long);
  /**
   * who is short of space accepts it all the same
   */
  'usesReserve'?: (boolean);
}

export interface Accept {
  'ballot': (_chubby_peer_v1_Ballot | null);
  'slot': (number);
  'value': (Buffer);
  'configurationNumber': (number);
  'chosenUpTo': (number);
  'leaseMs': (number);
  'transmission': (number);
  /**
   * who is short of space accepts it all the same
   */
  'usesReserve': (boolean);
}
