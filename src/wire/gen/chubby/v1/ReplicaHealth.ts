// Original file: proto/chubby/v1/chubby.proto

import type { PeerHealthFields as _chubby_v1_PeerHealthFields, PeerHealth as _chubby_v1_PeerHealth } from '../../chubby/v1/PeerHealth.js';
import type { Long } from '@grpc/proto-loader';

/**
 * What one replica knows of its own fitness, and of its peers.
 */
export interface ReplicaHealthFields {
  /**
   * All replicas of the cell as this one's configuration lists them, itself included.
   */
  'peers'?: (_chubby_v1_PeerHealthFields)[];
  /**
   * Replica ids: who votes, by the newest configuration in the log that this replica knows.
   */
  'voters'?: (number)[];
  /**
   * The machine, for as long as it runs, and the disk of the data directory on it. Equal where they are shared.
   */
  'machine'?: (string);
  'disk'?: (string);
  /**
   * What the replica's configuration says, and what the cell's database says, as the configuration names and writes
   * it. The second is empty while nothing is applied.
   */
  'configuredTimings'?: ({[key: string]: string});
  'timings'?: ({[key: string]: string});
  /**
   * "ample", "short" or "spent".
   */
  'space'?: (string);
  'freeBytes'?: (number | string | Long);
  /**
   * What a synced write took: the median of the newest hundred. Absent before the first.
   */
  'appendUs'?: (number | string | Long);
  /**
   * The last slot after which its state was found to be that of a majority; 0 before the first since it started.
   */
  'verifiedSlot'?: (number | string | Long);
  /**
   * No majority has the same state.
   */
  'disputed'?: (boolean);
  /**
   * Values in the log, and how many there are at most while snapshots are taken when they are due.
   */
  'logValues'?: (number | string | Long);
  'logValuesUsual'?: (number | string | Long);
  /**
   * Damaged data directories that were set aside and are still there.
   */
  'setAside'?: (string)[];
  '_appendUs'?: "appendUs";
}

/**
 * What one replica knows of its own fitness, and of its peers.
 */
export interface ReplicaHealth {
  /**
   * All replicas of the cell as this one's configuration lists them, itself included.
   */
  'peers': (_chubby_v1_PeerHealth)[];
  /**
   * Replica ids: who votes, by the newest configuration in the log that this replica knows.
   */
  'voters': (number)[];
  /**
   * The machine, for as long as it runs, and the disk of the data directory on it. Equal where they are shared.
   */
  'machine': (string);
  'disk': (string);
  /**
   * What the replica's configuration says, and what the cell's database says, as the configuration names and writes
   * it. The second is empty while nothing is applied.
   */
  'configuredTimings': ({[key: string]: string});
  'timings': ({[key: string]: string});
  /**
   * "ample", "short" or "spent".
   */
  'space': (string);
  'freeBytes': (number);
  /**
   * What a synced write took: the median of the newest hundred. Absent before the first.
   */
  'appendUs'?: (number);
  /**
   * The last slot after which its state was found to be that of a majority; 0 before the first since it started.
   */
  'verifiedSlot': (number);
  /**
   * No majority has the same state.
   */
  'disputed': (boolean);
  /**
   * Values in the log, and how many there are at most while snapshots are taken when they are due.
   */
  'logValues': (number);
  'logValuesUsual': (number);
  /**
   * Damaged data directories that were set aside and are still there.
   */
  'setAside': (string)[];
  '_appendUs'?: "appendUs";
}
