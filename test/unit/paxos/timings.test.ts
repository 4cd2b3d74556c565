import { describe, expect, it } from 'vitest';
import { DEFAULT_LOG_TIMINGS, timingsProblem } from '../../../src/paxos/timings.js';
import type { LogTimings } from '../../../src/paxos/timings.js';

const problem = (change: Partial<LogTimings>): string | undefined =>
  timingsProblem({ ...DEFAULT_LOG_TIMINGS, ...change });

describe('timings', () => {
  it('work as they are by default', () => {
    expect(timingsProblem(DEFAULT_LOG_TIMINGS)).toBeUndefined();
  });

  it('must let a lease outlast two renewals, after drift and margin', () => {
    expect(problem({ renewMs: 260 })).toBeUndefined();
    expect(problem({ renewMs: 261 })).toContain('raise leaseMs or lower renewMs');
    expect(problem({ leaseMs: 300 })).toContain('leaves a master 250 ms');
  });

  it.each([{ maxClockDrift: -0.1 }, { maxClockDrift: 0.5 }, { maxClockDrift: NaN }])(
    'refuse the drift %j',
    (change) => {
      expect(problem(change)).toContain('maxClockDrift');
    },
  );

  it.each([
    { leaseMs: NaN },
    { leaseMarginMs: -1 },
    { electionJitterMs: NaN },
    { electionJitterMs: -5 },
    { renewMs: Infinity },
    { resendMs: NaN },
    { leaseMs: 600.5 },
    { leaseMarginMs: 19 },
    { resendMs: 60_000 },
    { electionJitterMs: 60_000 },
  ])('refuse what cannot work: %j', (change) => {
    expect(problem(change)).toContain(`${Object.keys(change)[0]} `);
  });

  it('refuse to send again all the time', () => {
    expect(problem({ resendMs: 0 })).toContain('resendMs 0');
  });

  it('refuse to renew all the time', () => {
    expect(problem({ renewMs: 9 })).toContain('renewMs 9');
  });

  it.each([0, 1025, 1.5, NaN])('refuse a window of %d slots', (windowSlots) => {
    expect(problem({ windowSlots })).toContain('windowSlots');
  });
});
