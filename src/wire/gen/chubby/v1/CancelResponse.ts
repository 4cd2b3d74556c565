// Original file: proto/chubby/v1/chubby.proto


export interface CancelResponseFields {
  /**
   * Whether the request was still waiting, or its grant was released.
   */
  'cancelled'?: (boolean);
}

export interface CancelResponse {
  /**
   * Whether the request was still waiting, or its grant was released.
   */
  'cancelled': (boolean);
}
