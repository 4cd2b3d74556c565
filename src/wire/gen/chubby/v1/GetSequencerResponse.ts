// Original file: proto/chubby/v1/chubby.proto


export interface GetSequencerResponseFields {
  /**
   * Opaque, signed by the cell.
   */
  'sequencer'?: (Buffer | Uint8Array | string);
}

export interface GetSequencerResponse {
  /**
   * Opaque, signed by the cell.
   */
  'sequencer': (Buffer);
}
