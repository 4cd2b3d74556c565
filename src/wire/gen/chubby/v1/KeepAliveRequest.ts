// Original file: proto/chubby/v1/chubby.proto

import type { SessionCredentialFields as _chubby_v1_SessionCredentialFields, SessionCredential as _chubby_v1_SessionCredential } from '../../chubby/v1/SessionCredential.js';
import type { Long } from '@grpc/proto-loader';

export interface KeepAliveRequestFields {
  'session'?: (_chubby_v1_SessionCredentialFields | null);
  /**
   * Drawn by the client, growing; the answer repeats it.
   */
  'number'?: (number | string | Long);
  /**
   * The last reply of this session that the client has handled, events and invalidations included.
   */
  'acknowledgedReply'?: (number | string | Long);
}

export interface KeepAliveRequest {
  'session': (_chubby_v1_SessionCredential | null);
  /**
   * Drawn by the client, growing; the answer repeats it.
   */
  'number': (number);
  /**
   * The last reply of this session that the client has handled, events and invalidations included.
   */
  'acknowledgedReply': (number);
}
