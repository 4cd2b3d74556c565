// Original file: proto/chubby/v1/chubby.proto

import type { RequestContextFields as _chubby_v1_RequestContextFields, RequestContext as _chubby_v1_RequestContext } from '../../chubby/v1/RequestContext.js';
import type { Long } from '@grpc/proto-loader';

export interface SetContentsRequestFields {
  'context'?: (_chubby_v1_RequestContextFields | null);
  'handle'?: (Buffer | Uint8Array | string);
  'name'?: (string);
  /**
   * at most 262,144 bytes
   */
  'contents'?: (Buffer | Uint8Array | string);
  /**
   * Write only if the contents are at this generation, else ABORTED with reason STALE_GENERATION.
   */
  'ifContentGeneration'?: (number | string | Long);
  /**
   * By name only: create a permanent file where there is no node.
   */
  'create'?: (boolean);
  'target'?: "handle"|"name";
  '_ifContentGeneration'?: "ifContentGeneration";
}

export interface SetContentsRequest {
  'context': (_chubby_v1_RequestContext | null);
  'handle'?: (Buffer);
  'name'?: (string);
  /**
   * at most 262,144 bytes
   */
  'contents': (Buffer);
  /**
   * Write only if the contents are at this generation, else ABORTED with reason STALE_GENERATION.
   */
  'ifContentGeneration'?: (number);
  /**
   * By name only: create a permanent file where there is no node.
   */
  'create': (boolean);
  'target'?: "handle"|"name";
  '_ifContentGeneration'?: "ifContentGeneration";
}
