// Original file: proto/chubby/v1/chubby.proto

import type { ReplicaRoleFields as _chubby_v1_ReplicaRoleFields, ReplicaRole as _chubby_v1_ReplicaRole } from '../../chubby/v1/ReplicaRole.js';
import type { ReplicaAddressFields as _chubby_v1_ReplicaAddressFields, ReplicaAddress as _chubby_v1_ReplicaAddress } from '../../chubby/v1/ReplicaAddress.js';
import type { ReplicaHealthFields as _chubby_v1_ReplicaHealthFields, ReplicaHealth as _chubby_v1_ReplicaHealth } from '../../chubby/v1/ReplicaHealth.js';
import type { Long } from '@grpc/proto-loader';

export interface GetStatusResponseFields {
  'cell'?: (string);
  'cellId'?: (Buffer | Uint8Array | string);
  'replicaId'?: (number);
  'incarnation'?: (Buffer | Uint8Array | string);
  'role'?: (_chubby_v1_ReplicaRoleFields);
  'voter'?: (boolean);
  /**
   * Absent when this replica knows of no master.
   */
  'master'?: (_chubby_v1_ReplicaAddressFields | null);
  /**
   * "round.replica" of the reign in force; empty before the first.
   */
  'epoch'?: (string);
  'chosen'?: (number | string | Long);
  'applied'?: (number | string | Long);
  'pid'?: (number);
  'version'?: (string);
  /**
   * The other replicas that this one waits for while forming.
   */
  'waitingFor'?: (number)[];
  'entries'?: (number | string | Long);
  /**
   * Of all entries applied; equal on replicas that applied the same slots.
   */
  'digest'?: (Buffer | Uint8Array | string);
  /**
   * What only who looks after the cell asks for (`chubby doctor`). Absent from programs before it.
   */
  'health'?: (_chubby_v1_ReplicaHealthFields | null);
  '_master'?: "master";
  '_health'?: "health";
}

export interface GetStatusResponse {
  'cell': (string);
  'cellId': (Buffer);
  'replicaId': (number);
  'incarnation': (Buffer);
  'role': (_chubby_v1_ReplicaRole);
  'voter': (boolean);
  /**
   * Absent when this replica knows of no master.
   */
  'master'?: (_chubby_v1_ReplicaAddress | null);
  /**
   * "round.replica" of the reign in force; empty before the first.
   */
  'epoch': (string);
  'chosen': (number);
  'applied': (number);
  'pid': (number);
  'version': (string);
  /**
   * The other replicas that this one waits for while forming.
   */
  'waitingFor': (number)[];
  'entries': (number);
  /**
   * Of all entries applied; equal on replicas that applied the same slots.
   */
  'digest': (Buffer);
  /**
   * What only who looks after the cell asks for (`chubby doctor`). Absent from programs before it.
   */
  'health'?: (_chubby_v1_ReplicaHealth | null);
  '_master'?: "master";
  '_health'?: "health";
}
