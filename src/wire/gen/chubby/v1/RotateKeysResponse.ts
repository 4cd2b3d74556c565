// Original file: proto/chubby/v1/chubby.proto

import type { SigningKeyFields as _chubby_v1_SigningKeyFields, SigningKey as _chubby_v1_SigningKey } from '../../chubby/v1/SigningKey.js';

export interface RotateKeysResponseFields {
  'signingKeys'?: (_chubby_v1_SigningKeyFields)[];
}

export interface RotateKeysResponse {
  'signingKeys': (_chubby_v1_SigningKey)[];
}
