// Original file: proto/chubby/peer/v1/peer.proto

import type { BallotFields as _chubby_peer_v1_BallotFields, Ballot as _chubby_peer_v1_Ballot } from '../../../chubby/peer/v1/Ballot.js';
import type { Long } from '@grpc/proto-loader';

export interface AcceptedFields {
  'ballot'?: (_chubby_peer_v1_BallotFields | null);
  'slots'?: (number | string | Long)[];
  'configurationNumber'?: (number | string | Long);
  'transmission'?: (number | string | Long);
  'chosenUpTo'?: (number | string | Long);
}

export interface Accepted {
  'ballot': (_chubby_peer_v1_Ballot | null);
  'slots': (number)[];
  'configurationNumber': (number);
  'transmission': (number);
  'chosenUpTo': (number);
}
