// Original file: proto/chubby/v1/chubby.proto


export interface EndSessionResponseFields {
  /**
   * Whether there was such a session.
   */
  'ended'?: (boolean);
}

export interface EndSessionResponse {
  /**
   * Whether there was such a session.
   */
  'ended': (boolean);
}
