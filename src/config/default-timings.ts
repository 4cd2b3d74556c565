import { DEFAULT_SESSION_TIMINGS } from '../chubby/records/cell-facts.js';
import type { CellTimings } from '../chubby/records/cell-facts.js';
import { DEFAULT_LOG_TIMINGS } from '../paxos/timings.js';

/** What a cell that is born from a configuration without timings runs by. (DESIGN 3.5) */
export const DEFAULT_CELL_TIMINGS: CellTimings = { ...DEFAULT_LOG_TIMINGS, ...DEFAULT_SESSION_TIMINGS };
