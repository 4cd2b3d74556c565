import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '../src/client/index.js';
import type { Client } from '../src/client/index.js';
import type { Cost } from './costs.js';

const SUBSCRIBERS = 1_000;
const AT_A_TIME = 50;
const WARM_UP_WRITES = 10;
const WRITES = 30;
/** Between two writes: until the last one's acknowledgements are in. */
const PAUSE_MS = 100;
const BOUND_MS = 100;

/** How long after a write has begun the last of a thousand sessions has heard of it; the median of several writes. */
export async function fanOut(cell: string, writer: Client, name: string): Promise<Cost> {
  await writer.write(name, 'first');
  const clients = Array.from({ length: SUBSCRIBERS }, () => connect({ cell, cache: false }));
  let left = 0;
  let allHeard: () => void = () => undefined;
  const hear = (): void => {
    if (--left === 0) allHeard();
  };
  try {
    for (let from = 0; from < SUBSCRIBERS; from += AT_A_TIME) {
      await Promise.all(
        clients.slice(from, from + AT_A_TIME).map(async (client) => {
          const handle = await client.open(name, { read: true, events: ['contentsModified'] });
          handle.on('contentsModified', hear);
        }),
      );
    }
    const tookMs: number[] = [];
    for (let count = 0; count < WARM_UP_WRITES + WRITES; count++) {
      await delay(PAUSE_MS);
      left = SUBSCRIBERS;
      const all = new Promise<void>((resolve) => (allHeard = resolve));
      const beganMs = performance.now();
      await writer.write(name, `${count}`);
      await all;
      if (count >= WARM_UP_WRITES) tookMs.push(performance.now() - beganMs);
    }
    const median = tookMs.sort((a, b) => a - b)[WRITES / 2]!;
    return { name: `an event to ${SUBSCRIBERS} subscribers`, cost: median, bound: BOUND_MS, unit: 'ms' };
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}
