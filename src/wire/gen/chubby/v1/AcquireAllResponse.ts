// Original file: proto/chubby/v1/chubby.proto

import type { Long } from '@grpc/proto-loader';

export interface AcquireAllResponseFields {
  'granted'?: (boolean);
  /**
   * In the order of the request, when granted.
   */
  'lockGenerations'?: (number | string | Long)[];
  /**
   * When not granted: the name of a lock that is in the way, and as in AcquireResponse.
   */
  'busyName'?: (string);
  'holderSessionId'?: (Buffer | Uint8Array | string);
  'lockDelayLeftMs'?: (number);
}

export interface AcquireAllResponse {
  'granted': (boolean);
  /**
   * In the order of the request, when granted.
   */
  'lockGenerations': (number)[];
  /**
   * When not granted: the name of a lock that is in the way, and as in AcquireResponse.
   */
  'busyName': (string);
  'holderSessionId': (Buffer);
  'lockDelayLeftMs': (number);
}
