// Original file: proto/chubby/v1/chubby.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A replica as one of its peers knows it.
 */
export interface PeerHealthFields {
  'replicaId'?: (number);
  'peerAddress'?: (string);
  'clientAddress'?: (string);
  /**
   * Messages to it find a connection now.
   */
  'connected'?: (boolean);
  /**
   * How long ago the last message of it arrived. Absent where none has since this replica started.
   */
  'heardAgoMs'?: (number | string | Long);
  /**
   * How much faster its clock runs than this one's, in millionths. Absent until that is known.
   */
  'clockDriftPpm'?: (number | string | Long);
  '_heardAgoMs'?: "heardAgoMs";
  '_clockDriftPpm'?: "clockDriftPpm";
}

/**
 * A replica as one of its peers knows it.
 */
export interface PeerHealth {
  'replicaId': (number);
  'peerAddress': (string);
  'clientAddress': (string);
  /**
   * Messages to it find a connection now.
   */
  'connected': (boolean);
  /**
   * How long ago the last message of it arrived. Absent where none has since this replica started.
   */
  'heardAgoMs'?: (number);
  /**
   * How much faster its clock runs than this one's, in millionths. Absent until that is known.
   */
  'clockDriftPpm'?: (number);
  '_heardAgoMs'?: "heardAgoMs";
  '_clockDriftPpm'?: "clockDriftPpm";
}
