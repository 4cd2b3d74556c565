import type { Clock } from '../common/clock.js';
import type { Deadlines } from './deadlines.js';
import type { WatchGround } from './watch.js';

/** What a client stands on, for the recipes on top of it; its users do not meet it. */
export interface ClientGround extends WatchGround {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
}

const grounds = new WeakMap<object, ClientGround>();

export function groundOf(client: object): ClientGround {
  const ground = grounds.get(client);
  if (ground === undefined) throw new TypeError('a client is what connect gave');
  return ground;
}

/** To be called once by each client. */
export function setGroundOf(client: object, ground: ClientGround): void {
  grounds.set(client, ground);
}
