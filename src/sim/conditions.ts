import { below } from '../common/rng.js';
import type { Rng } from '../common/rng.js';
import type { SnapshotSchedule } from '../replica/snapshot-keeper.js';
import { DEFAULT_LOG_TIMINGS } from '../paxos/timings.js';
import type { LogTimings } from '../paxos/timings.js';
import { LIMITS } from '../wire/limits.js';

/** Lower than in a cell of people, so that sessions end within a run. */
export const SHORTEST_SESSION_LEASE_MS = 600;

/** The world that a run takes place in: what its faults do not change. */
export interface Conditions {
  readonly timings: LogTimings;
  /** What clients put into their files at the most. */
  readonly fileBytes: number;
  /** What each link carries. */
  readonly bytesPerMs: number;
  readonly snapshotSchedule: SnapshotSchedule;
}

/** Changes of master in half the time, and candidates that meet each other. */
const HASTY_TIMINGS: LogTimings = {
  ...DEFAULT_LOG_TIMINGS,
  leaseMs: 300,
  renewMs: 80,
  resendMs: 80,
  electionJitterMs: 10,
};

const SMALL_FILE_BYTES = 16;
/** 10 Gbit/s. */
const FAST_LINK_BYTES_PER_MS = 1_250_000;

export function drawConditions(rng: Rng): Conditions {
  const timings = rng.next() < 0.5 ? DEFAULT_LOG_TIMINGS : HASTY_TIMINGS;
  const windowSlots = rng.next() < 0.2 ? 2 : timings.windowSlots;
  const heavy = rng.next() < 0.15;
  return {
    timings: { ...timings, windowSlots },
    fileBytes: heavy ? LIMITS.contentsBytes : SMALL_FILE_BYTES,
    // From 80 Mbit/s on: less cannot carry the largest files to four peers within a lease.
    bytesPerMs: heavy ? 10_000 + below(rng, 50_000) : FAST_LINK_BYTES_PER_MS,
    snapshotSchedule: drawSnapshotSchedule(rng),
  };
}

/** So often that whoever was away for a second needs one; or never. */
function drawSnapshotSchedule(rng: Rng): SnapshotSchedule {
  const afterSlots = rng.next() < 0.7 ? 10 + below(rng, 200) : Infinity;
  return { afterLogBytes: Infinity, afterSlots, kept: 1 + below(rng, 3) };
}

/** A session's lease: short enough to run out in a run, or as long as most clients have it. */
export const drawSessionLeaseMs = (rng: Rng): number =>
  rng.next() < 0.6 ? SHORTEST_SESSION_LEASE_MS + below(rng, 900) : 12_000;
