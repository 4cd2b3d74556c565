// Original file: proto/chubby/v1/chubby.proto


export interface GetMasterRequestFields {
  /**
   * Hold the answer until there is a master to name, at most for so long and for a second; 0 to answer at once.
   */
  'waitMs'?: (number);
  /**
   * A master's address that is no news: the one that has just been lost.
   */
  'otherThan'?: (string);
}

export interface GetMasterRequest {
  /**
   * Hold the answer until there is a master to name, at most for so long and for a second; 0 to answer at once.
   */
  'waitMs': (number);
  /**
   * A master's address that is no news: the one that has just been lost.
   */
  'otherThan': (string);
}
