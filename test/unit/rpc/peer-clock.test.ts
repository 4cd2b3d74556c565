import { describe, expect, it } from 'vitest';
import { PeerClock } from '../../../src/rpc/peer-clock.js';

const MINUTE_MS = 60_000;

interface Conditions {
  /** How much faster the peer's clock runs. */
  readonly drift: number;
  /** Of the message sent at this time by the own clock. */
  readonly delayMs: (atMs: number) => number;
  /** What the peer's clock shows beside its rate. */
  readonly offsetMs?: (atMs: number) => number;
}

/** A clock after messages every 150 ms for so long. */
function measured(durationMs: number, { drift, delayMs, offsetMs = () => 1_000_000 }: Conditions): PeerClock {
  const clock = new PeerClock();
  for (let atMs = 0; atMs < durationMs; atMs += 150) {
    clock.heard(atMs * (1 + drift) + offsetMs(atMs), atMs + delayMs(atMs));
  }
  return clock;
}

/** One message in ten is fast. */
const jitter = (atMs: number): number => ((atMs / 150) % 10 === 3 ? 1 : 5 + ((atMs * 7919) % 400));

describe('the rate of a peer’s clock', () => {
  it('is not known before three comparisons', () => {
    expect(measured(35_000, { drift: 0, delayMs: () => 1 }).drift).toBeUndefined();
  });

  it.each([0, 0.0005, -0.03, 0.2])('is found to be %s through a network that delays', (drift) => {
    expect(measured(2 * MINUTE_MS, { drift, delayMs: jitter }).drift).toBeCloseTo(drift, 3);
  });

  it('is not disturbed by a machine that was suspended, nor by a process that began again', () => {
    const suspended = (atMs: number): number => (atMs < MINUTE_MS ? 1_000_000 : 970_000);
    expect(measured(3 * MINUTE_MS, { drift: 0.001, delayMs: jitter, offsetMs: suspended }).drift).toBeCloseTo(0.001, 3);
    const restarted = (atMs: number): number => (atMs < MINUTE_MS ? 1_000_000 : -MINUTE_MS);
    expect(measured(3 * MINUTE_MS, { drift: 0.001, delayMs: jitter, offsetMs: restarted }).drift).toBeCloseTo(0.001, 3);
  });

  it('is that of the newest minutes', () => {
    const clock = new PeerClock();
    let peerMs = 0;
    for (let atMs = 0; atMs < 40 * MINUTE_MS; atMs += 150) {
      peerMs += 150 * (atMs < 20 * MINUTE_MS ? 1.2 : 1);
      clock.heard(peerMs, atMs);
    }
    expect(clock.drift).toBeCloseTo(0, 3);
  });
});
