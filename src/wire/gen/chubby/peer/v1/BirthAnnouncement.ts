// Original file: proto/chubby/peer/v1/peer.proto

import type { IdentityFields as _chubby_peer_v1_IdentityFields, Identity as _chubby_peer_v1_Identity } from '../../../chubby/peer/v1/Identity.js';

export interface BirthAnnouncementFields {
  /**
   * asking, forming, member
   */
  'stage'?: (string);
  'offeredCellId'?: (Buffer | Uint8Array | string);
  'cellId'?: (Buffer | Uint8Array | string);
  'founders'?: (_chubby_peer_v1_IdentityFields)[];
  'answerWanted'?: (boolean);
}

export interface BirthAnnouncement {
  /**
   * asking, forming, member
   */
  'stage': (string);
  'offeredCellId': (Buffer);
  'cellId': (Buffer);
  'founders': (_chubby_peer_v1_Identity)[];
  'answerWanted': (boolean);
}
