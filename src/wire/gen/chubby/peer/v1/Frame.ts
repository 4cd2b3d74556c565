// Original file: proto/chubby/peer/v1/peer.proto

import type { IdentityFields as _chubby_peer_v1_IdentityFields, Identity as _chubby_peer_v1_Identity } from '../../../chubby/peer/v1/Identity.js';
import type { MessageFields as _chubby_peer_v1_MessageFields, Message as _chubby_peer_v1_Message } from '../../../chubby/peer/v1/Message.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Everything one turn of the sender's loop has for the receiver. A frame of another cell, or for or from another
 * incarnation, is dropped.
 */
export interface FrameFields {
  'formatVersion'?: (number);
  /**
   * 16 bytes; empty in a birth
   */
  'cellId'?: (Buffer | Uint8Array | string);
  'from'?: (_chubby_peer_v1_IdentityFields | null);
  /**
   * incarnation empty where it is not known yet
   */
  'to'?: (_chubby_peer_v1_IdentityFields | null);
  'messages'?: (_chubby_peer_v1_MessageFields)[];
  /**
   * By the sender's monotonic clock, in µs from a moment of its choice. 0 where it does not say.
   */
  'sentUs'?: (number | string | Long);
}

/**
 * Everything one turn of the sender's loop has for the receiver. A frame of another cell, or for or from another
 * incarnation, is dropped.
 */
export interface Frame {
  'formatVersion': (number);
  /**
   * 16 bytes; empty in a birth
   */
  'cellId': (Buffer);
  'from': (_chubby_peer_v1_Identity | null);
  /**
   * incarnation empty where it is not known yet
   */
  'to': (_chubby_peer_v1_Identity | null);
  'messages': (_chubby_peer_v1_Message)[];
  /**
   * By the sender's monotonic clock, in µs from a moment of its choice. 0 where it does not say.
   */
  'sentUs': (number);
}
