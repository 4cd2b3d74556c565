// Original file: proto/chubby/v1/chubby.proto

import type { RequestContextFields as _chubby_v1_RequestContextFields, RequestContext as _chubby_v1_RequestContext } from '../../chubby/v1/RequestContext.js';
import type { ReattachedHandleFields as _chubby_v1_ReattachedHandleFields, ReattachedHandle as _chubby_v1_ReattachedHandle } from '../../chubby/v1/ReattachedHandle.js';
import type { CachedAnswerFields as _chubby_v1_CachedAnswerFields, CachedAnswer as _chubby_v1_CachedAnswer } from '../../chubby/v1/CachedAnswer.js';
import type { Long } from '@grpc/proto-loader';

export interface ReattachRequestFields {
  'context'?: (_chubby_v1_RequestContextFields | null);
  'handles'?: (_chubby_v1_ReattachedHandleFields)[];
  'cached'?: (_chubby_v1_CachedAnswerFields)[];
  /**
   * With this call the session has shown every handle that it has open.
   */
  'complete'?: (boolean);
  /**
   * As in KeepAliveRequest: this call may overtake the KeepAlive that acknowledges the fail-over, and nothing is cached
   * for a session before that.
   */
  'acknowledgedReply'?: (number | string | Long);
}

export interface ReattachRequest {
  'context': (_chubby_v1_RequestContext | null);
  'handles': (_chubby_v1_ReattachedHandle)[];
  'cached': (_chubby_v1_CachedAnswer)[];
  /**
   * With this call the session has shown every handle that it has open.
   */
  'complete': (boolean);
  /**
   * As in KeepAliveRequest: this call may overtake the KeepAlive that acknowledges the fail-over, and nothing is cached
   * for a session before that.
   */
  'acknowledgedReply': (number);
}
