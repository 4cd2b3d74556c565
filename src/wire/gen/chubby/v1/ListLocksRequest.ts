// Original file: proto/chubby/v1/chubby.proto


export interface ListLocksRequestFields {
  /**
   * Only locks of this node and of those below; empty for all.
   */
  'below'?: (string);
  /**
   * Of the page before; empty for the first.
   */
  'pageToken'?: (Buffer | Uint8Array | string);
}

export interface ListLocksRequest {
  /**
   * Only locks of this node and of those below; empty for all.
   */
  'below': (string);
  /**
   * Of the page before; empty for the first.
   */
  'pageToken': (Buffer);
}
