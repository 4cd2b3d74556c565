import { uptime } from 'node:os';
import type { Clock, Timer } from '../../common/clock.js';

/** The longest wait that Node's timers know. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** The machine's clocks, for clients, who look at boot time twice a second. */
export class SystemClock implements Clock {
  monotonicMs(): number {
    return performance.now();
  }

  bootMs(): number {
    return uptime() * 1000;
  }

  wallMs(): number {
    return Date.now();
  }

  after(delayMs: number, callback: () => void): Timer {
    const dueMs = performance.now() + delayMs;
    let timeout: NodeJS.Timeout;
    // Node's timers drop fractions, may run a millisecond early, and take what is too long for no wait at all.
    const wait = (): void => {
      const leftMs = Math.ceil(dueMs - performance.now());
      timeout = setTimeout(
        () => (performance.now() < dueMs ? wait() : callback()),
        Math.min(Math.max(0, leftMs), LONGEST_TIMEOUT_MS),
      );
    };
    wait();
    return { cancel: () => clearTimeout(timeout) };
  }
}
