import type { Clock } from '../common/clock.js';

const clocks = new WeakMap<object, Clock>();

/** The clock that a client lives by, for the recipes on top of it; its users have their own. */
export function clockOf(client: object): Clock {
  const clock = clocks.get(client);
  if (clock === undefined) throw new TypeError('a client is what connect gave');
  return clock;
}

/** To be called once by each client. */
export function setClockOf(client: object, clock: Clock): void {
  clocks.set(client, clock);
}
