// Original file: proto/chubby/v1/chubby.proto

import type { Long } from '@grpc/proto-loader';

export interface HistoryEntryFields {
  /**
   * By the replica's wall clock, in ms since 1970.
   */
  'wallMs'?: (number | string | Long);
  /**
   * "started", "ended", "reign-began", "reign-ended", "follows", "seeks", "snapshot", "space", "membership", "state".
   */
  'kind'?: (string);
  /**
   * "round.replica" of a reign; empty elsewhere.
   */
  'epoch'?: (string);
  /**
   * Whom it follows; 0 elsewhere.
   */
  'master'?: (number);
  /**
   * The cause, or what else there is to say, for people.
   */
  'detail'?: (string);
}

export interface HistoryEntry {
  /**
   * By the replica's wall clock, in ms since 1970.
   */
  'wallMs': (number);
  /**
   * "started", "ended", "reign-began", "reign-ended", "follows", "seeks", "snapshot", "space", "membership", "state".
   */
  'kind': (string);
  /**
   * "round.replica" of a reign; empty elsewhere.
   */
  'epoch': (string);
  /**
   * Whom it follows; 0 elsewhere.
   */
  'master': (number);
  /**
   * The cause, or what else there is to say, for people.
   */
  'detail': (string);
}
