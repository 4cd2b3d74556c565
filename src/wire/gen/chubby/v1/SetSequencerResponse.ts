// Original file: proto/chubby/v1/chubby.proto


export interface SetSequencerResponseFields {
  /**
   * The one given stays as it is.
   */
  'handle'?: (Buffer | Uint8Array | string);
}

export interface SetSequencerResponse {
  /**
   * The one given stays as it is.
   */
  'handle': (Buffer);
}
