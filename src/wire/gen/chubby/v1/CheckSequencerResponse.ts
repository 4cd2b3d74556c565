// Original file: proto/chubby/v1/chubby.proto


export interface CheckSequencerResponseFields {
  /**
   * Whether the lock is still held at the sequencer's generation and mode.
   */
  'valid'?: (boolean);
  /**
   * Why not.
   */
  'reason'?: (string);
}

export interface CheckSequencerResponse {
  /**
   * Whether the lock is still held at the sequencer's generation and mode.
   */
  'valid': (boolean);
  /**
   * Why not.
   */
  'reason': (string);
}
