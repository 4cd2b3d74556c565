// Original file: proto/chubby/peer/v1/peer.proto


export interface IdentityFields {
  'replicaId'?: (number);
  /**
   * 8 bytes
   */
  'incarnation'?: (Buffer | Uint8Array | string);
}

export interface Identity {
  'replicaId': (number);
  /**
   * 8 bytes
   */
  'incarnation': (Buffer);
}
