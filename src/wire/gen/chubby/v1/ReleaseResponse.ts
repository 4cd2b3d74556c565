// Original file: proto/chubby/v1/chubby.proto


export interface ReleaseResponseFields {
  /**
   * Whether the handle held the lock.
   */
  'released'?: (boolean);
}

export interface ReleaseResponse {
  /**
   * Whether the handle held the lock.
   */
  'released': (boolean);
}
