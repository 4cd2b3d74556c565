// Original file: proto/chubby/v1/chubby.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The session took its events too slowly, and some were thrown away: what it follows it must read again. Subscriptions
 * go on.
 */
export interface EventsLostFields {
  /**
   * Events of all revisions up to here may be missing.
   */
  'upToRevision'?: (number | string | Long);
}

/**
 * The session took its events too slowly, and some were thrown away: what it follows it must read again. Subscriptions
 * go on.
 */
export interface EventsLost {
  /**
   * Events of all revisions up to here may be missing.
   */
  'upToRevision': (number);
}
