// Original file: proto/chubby/v1/chubby.proto


export interface WaitsForFields {
  'sessionId'?: (Buffer | Uint8Array | string);
  'lockName'?: (string);
}

export interface WaitsFor {
  'sessionId': (Buffer);
  'lockName': (string);
}
