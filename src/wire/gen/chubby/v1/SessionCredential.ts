// Original file: proto/chubby/v1/chubby.proto


/**
 * A session's name and the proof that the caller owns it.
 */
export interface SessionCredentialFields {
  /**
   * 8 bytes
   */
  'id'?: (Buffer | Uint8Array | string);
  /**
   * 16 bytes
   */
  'secret'?: (Buffer | Uint8Array | string);
}

/**
 * A session's name and the proof that the caller owns it.
 */
export interface SessionCredential {
  /**
   * 8 bytes
   */
  'id': (Buffer);
  /**
   * 16 bytes
   */
  'secret': (Buffer);
}
