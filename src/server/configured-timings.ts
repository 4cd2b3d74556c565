import { DEFAULT_CELL_TIMINGS } from '../chubby/records/cell-facts.js';
import { DEFAULT_TIMINGS } from '../paxos/timings.js';
import type { CellTimings } from '../paxos/timings.js';

/** The durations that a configuration gives: of the log, and of the sessions of clients. (DESIGN 3.5) */
export interface ConfiguredTimings extends CellTimings {
  /** A session's lease where the client asks for none. */
  readonly sessionLeaseMs: number;
  /** How long a client waits for a master beyond its lease before it gives its session up. */
  readonly graceMs: number;
}

export const DEFAULT_CONFIGURED_TIMINGS: ConfiguredTimings = {
  ...DEFAULT_TIMINGS,
  sessionLeaseMs: DEFAULT_CELL_TIMINGS.sessionLeaseMs,
  graceMs: DEFAULT_CELL_TIMINGS.graceMs,
};
