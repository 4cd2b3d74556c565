// Original file: proto/chubby/v1/chubby.proto


export interface CancelResponseFields {
  /**
   * Whether the request was still waiting, its grant was released, or it had not come: then it never acts.
   */
  'cancelled'?: (boolean);
}

export interface CancelResponse {
  /**
   * Whether the request was still waiting, its grant was released, or it had not come: then it never acts.
   */
  'cancelled': (boolean);
}
