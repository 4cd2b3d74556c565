// Original file: proto/chubby/v1/chubby.proto


export interface CheckSequencerRequestFields {
  'sequencer'?: (Buffer | Uint8Array | string);
}

export interface CheckSequencerRequest {
  'sequencer': (Buffer);
}
