/** What the log of a cell runs by: of the cell, not of a replica, and so in its database. (DESIGN 3.5) */
export interface LogTimings {
  /** How long one answer of a voter lasts as part of a master lease. */
  readonly leaseMs: number;
  /** How often a master asks for its lease again while it writes nothing. */
  readonly renewMs: number;
  /** Bound on the rate of any clock against any other's, as a fraction. */
  readonly maxClockDrift: number;
  /** How much earlier than its arithmetic says a master stops. */
  readonly leaseMarginMs: number;
  /** Upper end of the random pause before standing, so that two candidates seldom meet. */
  readonly electionJitterMs: number;
  /** After how long an unanswered message is sent again. */
  readonly resendMs: number;
  /** Slots in flight at the most. */
  readonly windowSlots: number;
}

export const DEFAULT_LOG_TIMINGS: LogTimings = {
  leaseMs: 600,
  renewMs: 150,
  maxClockDrift: 0.1,
  leaseMarginMs: 20,
  electionJitterMs: 100,
  resendMs: 150,
  windowSlots: 64,
};

const MAX_MS = 60_000;
/** More than a suspension that no clock shows. */
const MIN_MARGIN_MS = 20;

/** How long after the sending of the answered message a master may rely on it. */
export const reliedOnMs = (timings: LogTimings): number =>
  timings.leaseMs * (1 - timings.maxClockDrift) - timings.leaseMarginMs;

/**
 * Why these timings cannot work together, as one sentence with its remedy; nothing when they can. A lease must outlast
 * two renewals, or one lost message costs a reign.
 */
export function timingsProblem(timings: LogTimings): string | undefined {
  if (!(timings.maxClockDrift >= 0 && timings.maxClockDrift < 0.5)) {
    return `maxClockDrift ${timings.maxClockDrift} is not a fraction from 0 to 0.5: take 0.1`;
  }
  for (const name of ['leaseMs', 'renewMs', 'leaseMarginMs', 'electionJitterMs', 'resendMs'] as const) {
    if (!(Number.isInteger(timings[name]) && timings[name] >= 0 && timings[name] <= MAX_MS)) {
      return `${name} ${timings[name]} is not a whole number of ms from 0 to ${MAX_MS}`;
    }
  }
  if (timings.leaseMarginMs < MIN_MARGIN_MS) {
    return `leaseMarginMs ${timings.leaseMarginMs} is below ${MIN_MARGIN_MS}, less than the naps of a machine that go unseen: raise it`;
  }
  if (timings.resendMs < 10) return `resendMs ${timings.resendMs} is below 10: raise it`;
  if (timings.resendMs > timings.leaseMs) return `resendMs ${timings.resendMs} is above leaseMs: lower it`;
  if (timings.electionJitterMs > 10 * timings.leaseMs) {
    return `electionJitterMs ${timings.electionJitterMs} is above ten leases: lower it, or a cell stays without a master`;
  }
  if (timings.renewMs < 10) return `renewMs ${timings.renewMs} is below 10: raise it`;
  if (reliedOnMs(timings) < 2 * timings.renewMs) {
    return (
      `leaseMs ${timings.leaseMs} leaves a master ${Math.floor(reliedOnMs(timings))} ms after drift and margin, less ` +
      `than two renewals of ${timings.renewMs} ms: raise leaseMs or lower renewMs`
    );
  }
  if (!Number.isInteger(timings.windowSlots) || timings.windowSlots < 1 || timings.windowSlots > 1024) {
    return `windowSlots ${timings.windowSlots} is not a whole number from 1 to 1024`;
  }
  return undefined;
}
