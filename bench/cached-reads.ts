import type { Client } from '../src/client/index.js';
import type { Measurement } from './measure.js';

const BATCH = 1_000;

/** Reads of a file that the client caches, one after the other: one clock look-up for a thousand of them. */
export async function cachedReads(client: Client, name: string, durationMs: number): Promise<Measurement> {
  await client.read(name);
  let operations = 0;
  const beganMs = performance.now();
  let endedMs = beganMs;
  for (; endedMs < beganMs + durationMs; endedMs = performance.now()) {
    for (let count = 0; count < BATCH; count++) await client.read(name);
    operations += BATCH;
    // KeepAlives must go on.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  const eachMs = (endedMs - beganMs) / operations;
  const perSecond = 1_000 / eachMs;
  return { name: 'read, cached', inFlight: 1, operations, perSecond, p50Ms: eachMs, p99Ms: eachMs };
}
