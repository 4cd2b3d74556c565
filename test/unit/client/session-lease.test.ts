import { describe, expect, it } from 'vitest';
import { SessionLease } from '../../../src/client/session-lease.js';
import { VirtualClock } from './virtual-clock.js';

const RULES = { maxClockDrift: 0.1, graceMs: 45_000 };

describe('SessionLease', () => {
  it('counts from the sending, by the slowest clock', () => {
    const clock = new VirtualClock();
    const sentAtMs = clock.monotonicMs();
    clock.stall(3_000);
    const lease = new SessionLease(clock, RULES, sentAtMs, 12_000);
    expect(lease.endMs).toBe(sentAtMs + 10_800);
    clock.stall(7_799);
    expect(lease.state).toBe('safe');
    clock.stall(1);
    expect(lease.state).toBe('jeopardy');
  });

  it('is safe again when it is renewed in jeopardy, and expires after the grace period', () => {
    const clock = new VirtualClock();
    const lease = new SessionLease(clock, RULES, clock.monotonicMs(), 10_000);
    clock.stall(9_000 + 44_999);
    expect(lease.state).toBe('jeopardy');
    lease.renew(clock.monotonicMs(), 10_000);
    expect(lease.state).toBe('safe');
    clock.stall(9_000 + 45_000);
    expect(lease.state).toBe('expired');
    lease.renew(clock.monotonicMs(), 10_000);
    expect(lease.state).toBe('expired');
  });

  it('is never shortened by an answer that counts from an earlier sending', () => {
    const clock = new VirtualClock();
    const early = clock.monotonicMs();
    clock.stall(1_000);
    const lease = new SessionLease(clock, RULES, clock.monotonicMs(), 10_000);
    const { endMs } = lease;
    lease.renew(early, 10_000);
    expect(lease.endMs).toBe(endMs);
  });

  it('ends when the machine was suspended, and what was sent before does not renew it', () => {
    const clock = new VirtualClock();
    const lease = new SessionLease(clock, RULES, clock.monotonicMs(), 10_000);
    clock.stall(100);
    const sentBeforeMs = clock.monotonicMs();
    clock.stall(100);
    expect(lease.endIfSuspended()).toBe(false);
    clock.suspend(60_000);
    expect(lease.endIfSuspended()).toBe(true);
    expect(lease.state).toBe('jeopardy');
    lease.renew(sentBeforeMs, 10_000);
    expect(lease.state).toBe('jeopardy');
    lease.renew(clock.monotonicMs(), 10_000);
    expect(lease.state).toBe('safe');
  });
});
