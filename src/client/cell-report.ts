import type { ReplicaHealth, GetStatusResponse } from '../wire/types.js';
import type { CellStatus, ReplicaStatus } from './cell-status.js';

/** A replica as one of its peers knows it. */
export interface PeerReport {
  readonly id: number;
  /** As the reporting replica's configuration has them. */
  readonly peerAddress: string;
  readonly clientAddress: string;
  /** Messages to it find a connection now. */
  readonly connected: boolean;
  /** How long ago the last message of it arrived; null where none has since the reporting replica started. */
  readonly heardAgoMs: number | null;
  /** How much faster its clock runs than the reporting one's, as a fraction; null until that is known. */
  readonly clockDrift: number | null;
}

/** What a replica says of its own fitness. */
export interface HealthReport {
  /** All configured replicas, itself included. */
  readonly peers: readonly PeerReport[];
  /** Ids of those who vote. */
  readonly voters: readonly number[];
  /** Equal on replicas that share a machine, and a disk of it; empty where that is not known. */
  readonly machine: string;
  readonly disk: string;
  /** By its configuration, and by the cell's database, as the configuration names and writes them. */
  readonly configuredTimings: Readonly<Record<string, string>>;
  readonly timings: Readonly<Record<string, string>>;
  /** `ample`, `short` or `spent`. */
  readonly space: string;
  readonly freeBytes: number;
  /** What a synced write took lately; null before the first. */
  readonly appendMs: number | null;
  /** The last slot after which its state was that of a majority; 0 before the first since it started. */
  readonly verifiedSlot: number;
  readonly disputed: boolean;
  /** Values in its log, and how many there are at most while snapshots are taken when due. */
  readonly logValues: number;
  readonly logValuesUsual: number;
  /** Damaged data directories that are still there. */
  readonly setAside: readonly string[];
}

/** A replica's status, and what else it says of itself where it answers. */
export interface ReplicaReport extends ReplicaStatus {
  readonly version: string | null;
  /** The id of the replica that it takes for master. */
  readonly follows: number | null;
  /** Null also where the program is too old to say. */
  readonly health: HealthReport | null;
}

/** The cell as all its replicas together describe it, with all that they know of one another. */
export interface CellReport extends CellStatus {
  readonly replicas: readonly ReplicaReport[];
}

/** @param status absent where the replica did not answer */
export function reportOf(row: ReplicaStatus, status: GetStatusResponse | undefined): ReplicaReport {
  if (status === undefined) return { ...row, version: null, follows: null, health: null };
  const { version, master, health } = status;
  return {
    ...row,
    version,
    follows: master?.id ?? null,
    health: health === undefined || health === null ? null : healthReportOf(health),
  };
}

const healthReportOf = ({ peers, voters, ...health }: ReplicaHealth): HealthReport => ({
  peers: peers.map(({ replicaId, peerAddress, clientAddress, connected, heardAgoMs, clockDriftPpm }) => ({
    id: replicaId,
    peerAddress,
    clientAddress,
    connected,
    heardAgoMs: heardAgoMs ?? null,
    clockDrift: clockDriftPpm === undefined ? null : clockDriftPpm / 1e6,
  })),
  voters,
  machine: health.machine,
  disk: health.disk,
  configuredTimings: health.configuredTimings,
  timings: health.timings,
  space: health.space,
  freeBytes: health.freeBytes,
  appendMs: health.appendUs === undefined ? null : health.appendUs / 1000,
  verifiedSlot: health.verifiedSlot,
  disputed: health.disputed,
  logValues: health.logValues,
  logValuesUsual: health.logValuesUsual,
  setAside: health.setAside,
});
