// Original file: proto/chubby/v1/chubby.proto

import type { SessionCredentialFields as _chubby_v1_SessionCredentialFields, SessionCredential as _chubby_v1_SessionCredential } from '../../chubby/v1/SessionCredential.js';
import type { PipeCallFields as _chubby_v1_PipeCallFields, PipeCall as _chubby_v1_PipeCall } from '../../chubby/v1/PipeCall.js';
import type { Long } from '@grpc/proto-loader';

export interface PipeRequestFields {
  /**
   * In the first message of the stream, and nowhere else.
   */
  'session'?: (_chubby_v1_SessionCredentialFields | null);
  'calls'?: (_chubby_v1_PipeCallFields)[];
  /**
   * The client has the answers of every request up to here, waiting Acquires left out.
   */
  'acknowledged'?: (number | string | Long);
}

export interface PipeRequest {
  /**
   * In the first message of the stream, and nowhere else.
   */
  'session': (_chubby_v1_SessionCredential | null);
  'calls': (_chubby_v1_PipeCall)[];
  /**
   * The client has the answers of every request up to here, waiting Acquires left out.
   */
  'acknowledged': (number);
}
