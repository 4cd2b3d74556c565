// Original file: proto/chubby/peer/v1/peer.proto

import type { IdentityFields as _chubby_peer_v1_IdentityFields, Identity as _chubby_peer_v1_Identity } from '../../../chubby/peer/v1/Identity.js';
import type { Long } from '@grpc/proto-loader';

export interface BallotFields {
  'round'?: (number | string | Long);
  'owner'?: (_chubby_peer_v1_IdentityFields | null);
}

export interface Ballot {
  'round': (number);
  'owner': (_chubby_peer_v1_Identity | null);
}
