// Original file: proto/chubby/v1/chubby.proto

import type { SessionCredentialFields as _chubby_v1_SessionCredentialFields, SessionCredential as _chubby_v1_SessionCredential } from '../../chubby/v1/SessionCredential.js';
import type { Long } from '@grpc/proto-loader';

/**
 * What makes a request of a session happen exactly once. On a Pipe the number, acknowledgement and session come from
 * the stream and this message is left out.
 */
export interface RequestContextFields {
  'session'?: (_chubby_v1_SessionCredentialFields | null);
  /**
   * Drawn by the client, from 1 on, once per request; a retry repeats it. At most 4,096 above `acknowledged`.
   */
  'number'?: (number | string | Long);
  /**
   * The client has the answers of every request up to here, waiting Acquires left out, and never asks for them again.
   */
  'acknowledged'?: (number | string | Long);
}

/**
 * What makes a request of a session happen exactly once. On a Pipe the number, acknowledgement and session come from
 * the stream and this message is left out.
 */
export interface RequestContext {
  'session': (_chubby_v1_SessionCredential | null);
  /**
   * Drawn by the client, from 1 on, once per request; a retry repeats it. At most 4,096 above `acknowledged`.
   */
  'number': (number);
  /**
   * The client has the answers of every request up to here, waiting Acquires left out, and never asks for them again.
   */
  'acknowledged': (number);
}
