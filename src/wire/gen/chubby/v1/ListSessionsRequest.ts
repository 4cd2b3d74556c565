// Original file: proto/chubby/v1/chubby.proto


export interface ListSessionsRequestFields {
  /**
   * Of the page before; empty for the first.
   */
  'pageToken'?: (Buffer | Uint8Array | string);
}

export interface ListSessionsRequest {
  /**
   * Of the page before; empty for the first.
   */
  'pageToken': (Buffer);
}
