import { describe, expect, it } from 'vitest';
import { DEFAULT_TIMINGS, timingsProblem } from '../../../src/paxos/timings.js';
import type { CellTimings } from '../../../src/paxos/timings.js';

const problem = (change: Partial<CellTimings>): string | undefined => timingsProblem({ ...DEFAULT_TIMINGS, ...change });

describe('timings', () => {
  it('work as they are by default', () => {
    expect(timingsProblem(DEFAULT_TIMINGS)).toBeUndefined();
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

  it('refuse to renew all the time', () => {
    expect(problem({ renewMs: 9 })).toContain('renewMs 9');
  });

  it.each([0, 1025, 1.5, NaN])('refuse a window of %d slots', (windowSlots) => {
    expect(problem({ windowSlots })).toContain('windowSlots');
  });
});
