// Original file: proto/chubby/v1/chubby.proto

import type { EventFields as _chubby_v1_EventFields, Event as _chubby_v1_Event } from '../../chubby/v1/Event.js';
import type { FailureFields as _chubby_v1_FailureFields, Failure as _chubby_v1_Failure } from '../../chubby/v1/Failure.js';
import type { Long } from '@grpc/proto-loader';

export interface KeepAliveResponseFields {
  'sessionId'?: (Buffer | Uint8Array | string);
  /**
   * The number of the KeepAlive that this answers.
   */
  'answers'?: (number | string | Long);
  /**
   * Grows by one with each reply of the session under one master.
   */
  'replyNumber'?: (number | string | Long);
  /**
   * The lease runs this long from the master's receipt of the KeepAlive answered; the client counts from its sending.
   */
  'leaseMs'?: (number);
  'events'?: (_chubby_v1_EventFields)[];
  /**
   * Present when the session cannot be kept alive: reason SESSION_EXPIRED or UNKNOWN_SESSION.
   */
  'failure'?: (_chubby_v1_FailureFields | null);
  '_failure'?: "failure";
}

export interface KeepAliveResponse {
  'sessionId': (Buffer);
  /**
   * The number of the KeepAlive that this answers.
   */
  'answers': (number);
  /**
   * Grows by one with each reply of the session under one master.
   */
  'replyNumber': (number);
  /**
   * The lease runs this long from the master's receipt of the KeepAlive answered; the client counts from its sending.
   */
  'leaseMs': (number);
  'events': (_chubby_v1_Event)[];
  /**
   * Present when the session cannot be kept alive: reason SESSION_EXPIRED or UNKNOWN_SESSION.
   */
  'failure'?: (_chubby_v1_Failure | null);
  '_failure'?: "failure";
}
