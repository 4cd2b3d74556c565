// Clients that cache a file while others write it and masters die.
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Client } from '../../src/client/index.js';
import { clientOf, ELECTION_MS, startCell } from '../e2e/running-cell.js';

const FILE = '/ls/local/watched';
const WRITERS = 2;
const READERS = 10;
const DURATION_MS = 60_000;
const KILL_EVERY_MS = 8_000;
const READS_A_TURN = 20;

/** What has been written for certain: a read that begins now must not find less. */
class Acknowledged {
  generation = 1;
  writes = 0;

  note(generation: number): void {
    this.generation = Math.max(this.generation, generation);
    this.writes++;
  }
}

class Until {
  over = false;
}

async function write(client: Client, acknowledged: Acknowledged, until: Until): Promise<void> {
  const handle = await client.open(FILE, { read: true, write: true });
  while (!until.over) {
    const { contentGeneration } = await handle.setContents(`of ${client.sessionId}`);
    acknowledged.note(contentGeneration);
    await delay(20);
  }
}

/** @returns how many reads it made, and of how many generations */
async function read(
  client: Client,
  acknowledged: Acknowledged,
  until: Until,
): Promise<{ reads: number; seen: number }> {
  let reads = 0;
  let seen = 0;
  let newest = 0;
  while (!until.over) {
    for (let count = 0; count < READS_A_TURN; count++) {
      const floor = acknowledged.generation;
      const { stat } = await client.read(FILE);
      if (stat.contentGeneration < floor) {
        throw new Error(`read generation ${stat.contentGeneration} after ${floor} had been acknowledged`);
      }
      if (stat.contentGeneration > newest) seen++;
      newest = Math.max(newest, stat.contentGeneration);
      reads++;
    }
    await nextTurn();
  }
  return { reads, seen };
}

test('no caching reader ever finds less than was acknowledged before it read', { timeout: 180_000 }, async () => {
  const cell = await startCell({ restart: true });
  const clients = Array.from({ length: WRITERS + READERS }, () => clientOf(cell, { timeoutMs: 60_000 }));
  await clients[0]!.write(FILE, 'first');
  const acknowledged = new Acknowledged();
  const until = new Until();
  const writers = clients.slice(0, WRITERS).map((client) => write(client, acknowledged, until));
  const readers = clients.slice(WRITERS).map((client) => read(client, acknowledged, until));
  const all = Promise.all([...writers, ...readers]);
  let fails = 0;
  const kills = (async () => {
    for (const endMs = performance.now() + DURATION_MS; performance.now() < endMs && !until.over; fails++) {
      await Promise.race([delay(KILL_EVERY_MS), all.catch(() => undefined)]);
      if (!until.over) (await cell.waitForMaster(ELECTION_MS)).process.signal('SIGKILL');
    }
    until.over = true;
  })();
  await Promise.race([all, kills]).finally(() => (until.over = true));
  await kills;
  const counts = await Promise.all(readers);
  await Promise.all(writers);
  const reads = counts.reduce((sum, { reads }) => sum + reads, 0);
  console.log(
    `${reads} reads, ${acknowledged.writes} writes, ${fails} masters killed; each reader saw at least ` +
      `${Math.min(...counts.map(({ seen }) => seen))} generations`,
  );
  expect(fails).toBeGreaterThan(3);
  expect(acknowledged.writes).toBeGreaterThan(100);
  // More reads than a cell could answer in that time, so that most of them came from a cache.
  for (const { reads, seen } of counts) {
    expect(seen).toBeGreaterThan(20);
    expect(reads).toBeGreaterThan(2 * seen);
  }
});
