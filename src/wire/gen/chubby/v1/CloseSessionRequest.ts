// Original file: proto/chubby/v1/chubby.proto

import type { SessionCredentialFields as _chubby_v1_SessionCredentialFields, SessionCredential as _chubby_v1_SessionCredential } from '../../chubby/v1/SessionCredential.js';

export interface CloseSessionRequestFields {
  'session'?: (_chubby_v1_SessionCredentialFields | null);
}

export interface CloseSessionRequest {
  'session': (_chubby_v1_SessionCredential | null);
}
