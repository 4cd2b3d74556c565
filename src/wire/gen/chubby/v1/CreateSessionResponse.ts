// Original file: proto/chubby/v1/chubby.proto

import type { SessionCredentialFields as _chubby_v1_SessionCredentialFields, SessionCredential as _chubby_v1_SessionCredential } from '../../chubby/v1/SessionCredential.js';

export interface CreateSessionResponseFields {
  'session'?: (_chubby_v1_SessionCredentialFields | null);
  /**
   * Counted from the moment the request was sent.
   */
  'leaseMs'?: (number);
}

export interface CreateSessionResponse {
  'session': (_chubby_v1_SessionCredential | null);
  /**
   * Counted from the moment the request was sent.
   */
  'leaseMs': (number);
}
