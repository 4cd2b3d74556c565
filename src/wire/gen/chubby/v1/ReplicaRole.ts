// Original file: proto/chubby/v1/chubby.proto

export const ReplicaRole = {
  REPLICA_ROLE_UNSPECIFIED: 'REPLICA_ROLE_UNSPECIFIED',
  /**
   * Waiting for its peers before the cell's first start.
   */
  REPLICA_ROLE_FORMING: 'REPLICA_ROLE_FORMING',
  REPLICA_ROLE_FOLLOWER: 'REPLICA_ROLE_FOLLOWER',
  REPLICA_ROLE_CANDIDATE: 'REPLICA_ROLE_CANDIDATE',
  /**
   * Holds the master lease and has passed its barrier.
   */
  REPLICA_ROLE_MASTER: 'REPLICA_ROLE_MASTER',
} as const;

export type ReplicaRoleFields =
  | 'REPLICA_ROLE_UNSPECIFIED'
  | 0
  /**
   * Waiting for its peers before the cell's first start.
   */
  | 'REPLICA_ROLE_FORMING'
  | 1
  | 'REPLICA_ROLE_FOLLOWER'
  | 2
  | 'REPLICA_ROLE_CANDIDATE'
  | 3
  /**
   * Holds the master lease and has passed its barrier.
   */
  | 'REPLICA_ROLE_MASTER'
  | 4

export type ReplicaRole = typeof ReplicaRole[keyof typeof ReplicaRole]
