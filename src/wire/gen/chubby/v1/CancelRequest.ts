// Original file: proto/chubby/v1/chubby.proto

import type { SessionCredentialFields as _chubby_v1_SessionCredentialFields, SessionCredential as _chubby_v1_SessionCredential } from '../../chubby/v1/SessionCredential.js';
import type { Long } from '@grpc/proto-loader';

export interface CancelRequestFields {
  /**
   * left out on a Pipe
   */
  'session'?: (_chubby_v1_SessionCredentialFields | null);
  'requestNumber'?: (number | string | Long);
}

export interface CancelRequest {
  /**
   * left out on a Pipe
   */
  'session': (_chubby_v1_SessionCredential | null);
  'requestNumber': (number);
}
