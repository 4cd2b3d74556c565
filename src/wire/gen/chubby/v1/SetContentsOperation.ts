// Original file: proto/chubby/v1/chubby.proto


export interface SetContentsOperationFields {
  'name'?: (string);
  'contents'?: (Buffer | Uint8Array | string);
}

export interface SetContentsOperation {
  'name': (string);
  'contents': (Buffer);
}
