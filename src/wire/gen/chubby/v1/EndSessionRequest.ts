// Original file: proto/chubby/v1/chubby.proto


export interface EndSessionRequestFields {
  'id'?: (Buffer | Uint8Array | string);
}

export interface EndSessionRequest {
  'id': (Buffer);
}
