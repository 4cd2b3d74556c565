// Original file: proto/chubby/v1/chubby.proto

import type { ReplicaAddressFields as _chubby_v1_ReplicaAddressFields, ReplicaAddress as _chubby_v1_ReplicaAddress } from '../../chubby/v1/ReplicaAddress.js';
import type { SigningKeyFields as _chubby_v1_SigningKeyFields, SigningKey as _chubby_v1_SigningKey } from '../../chubby/v1/SigningKey.js';

export interface GetMasterResponseFields {
  'cell'?: (string);
  'cellId'?: (Buffer | Uint8Array | string);
  /**
   * Absent when this replica knows of no master.
   */
  'master'?: (_chubby_v1_ReplicaAddressFields | null);
  'replicas'?: (_chubby_v1_ReplicaAddressFields)[];
  'signingKeys'?: (_chubby_v1_SigningKeyFields)[];
  /**
   * Who lost its master goes to the new one after a random part of this time: it grows with the number of sessions, so
   * that a thousand that come do not keep the master from its lease.
   */
  'spreadMs'?: (number);
  '_master'?: "master";
}

export interface GetMasterResponse {
  'cell': (string);
  'cellId': (Buffer);
  /**
   * Absent when this replica knows of no master.
   */
  'master'?: (_chubby_v1_ReplicaAddress | null);
  'replicas': (_chubby_v1_ReplicaAddress)[];
  'signingKeys': (_chubby_v1_SigningKey)[];
  /**
   * Who lost its master goes to the new one after a random part of this time: it grows with the number of sessions, so
   * that a thousand that come do not keep the master from its lease.
   */
  'spreadMs': (number);
  '_master'?: "master";
}
