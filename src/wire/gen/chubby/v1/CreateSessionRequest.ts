// Original file: proto/chubby/v1/chubby.proto


export interface CreateSessionRequestFields {
  /**
   * 16 random bytes: a repeated request finds the session that the first one made.
   */
  'nonce'?: (Buffer | Uint8Array | string);
  /**
   * The session says that it caches nothing, so that no write ever waits for it.
   */
  'cachesNothing'?: (boolean);
  /**
   * The lease wanted; 0 for the cell's default. The answer tells what was granted.
   */
  'leaseMs'?: (number);
}

export interface CreateSessionRequest {
  /**
   * 16 random bytes: a repeated request finds the session that the first one made.
   */
  'nonce': (Buffer);
  /**
   * The session says that it caches nothing, so that no write ever waits for it.
   */
  'cachesNothing': (boolean);
  /**
   * The lease wanted; 0 for the cell's default. The answer tells what was granted.
   */
  'leaseMs': (number);
}
