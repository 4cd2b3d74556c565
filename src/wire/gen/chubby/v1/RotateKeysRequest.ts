// Original file: proto/chubby/v1/chubby.proto


export interface RotateKeysRequestFields {
  /**
   * How long the former key verifies.
   */
  'keepFormerMs'?: (number);
}

export interface RotateKeysRequest {
  /**
   * How long the former key verifies.
   */
  'keepFormerMs': (number);
}
