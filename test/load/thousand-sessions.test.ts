// A master that dies while a thousand sessions hold handles, locks and cached files.
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Client, Handle } from '../../src/client/index.js';
import { clientOf, ELECTION_MS, eventually, startCell } from '../e2e/running-cell.js';

const SESSIONS = 1_000;
const FILES = 10;
const AT_A_TIME = 50;
const READ_EVERY_MS = 500;
const WRITE_EVERY_MS = 100;
const A_WHILE_MS = 3_000;

const sharedFile = (index: number): string => `/ls/local/shared-${index % FILES}`;

/** What has been written to each shared file for certain. */
class Acknowledged {
  readonly generations = new Array<number>(FILES).fill(1);
  readonly revisions = new Array<number>(FILES).fill(0);
}

/** One session: a lock of its own, and a file that it caches, follows, and shares with others. */
class Holder {
  expired = 0;
  failedOver = 0;
  eventsLost = 0;
  /** Of the newest event about the shared file. */
  seenRevision = 0;
  reads = 0;

  private constructor(
    private readonly client: Client,
    private readonly index: number,
    private readonly own: Handle,
    private readonly lockGeneration: number,
    shared: Handle,
  ) {
    client.on('expired', () => this.expired++);
    client.on('failedOver', () => this.failedOver++);
    shared.on('contentsModified', ({ revision }) => (this.seenRevision = Math.max(this.seenRevision, revision)));
    shared.on('eventsLost', () => this.eventsLost++);
  }

  static async begin(client: Client, index: number): Promise<Holder> {
    const own = await client.open(`/ls/local/own-${index}`, { read: true, write: true, create: 'must' });
    const { granted } = await own.acquire();
    expect(granted).toBe(true);
    const { lockGeneration } = await own.getStat();
    const shared = await client.open(sharedFile(index), { read: true, events: ['contentsModified'] });
    return new Holder(client, index, own, lockGeneration, shared);
  }

  /** Reads its shared file, mostly from its cache. */
  async read(acknowledged: Acknowledged): Promise<void> {
    const floor = acknowledged.generations[this.index % FILES]!;
    const { stat } = await this.client.read(sharedFile(this.index));
    if (stat.contentGeneration < floor) {
      throw new Error(
        `session ${this.index} read generation ${stat.contentGeneration} after ${floor} was acknowledged`,
      );
    }
    this.reads++;
  }

  /** Asks the cell, and not a cache, whether the lock is still the one that was granted. */
  async provesItsLock(): Promise<void> {
    const sequencer = await this.own.getSequencer();
    const { valid, reason } = await this.client.checkSequencer(sequencer);
    expect(valid, reason).toBe(true);
    expect((await this.own.getStat()).lockGeneration).toBe(this.lockGeneration);
  }
}

/** Does something for each session, some at a time. */
async function forAll<T>(count: number, act: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      results[index] = await act(index);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return results;
}

test('a master dies under a thousand sessions, and none notices more than a pause', { timeout: 300_000 }, async () => {
  const cell = await startCell({ restart: true });
  const writer = clientOf(cell, { timeoutMs: 60_000 });
  const files = await Promise.all(
    Array.from({ length: FILES }, (_, index) =>
      writer.open(sharedFile(index), { read: true, write: true, create: 'may' }),
    ),
  );
  const clients = Array.from({ length: SESSIONS }, () => clientOf(cell, { timeoutMs: 120_000 }));
  const holders = await forAll(SESSIONS, (index) => Holder.begin(clients[index]!, index));
  const acknowledged = new Acknowledged();
  let over = false;
  const write = async (index: number): Promise<void> => {
    const stat = await files[index]!.setContents(`${acknowledged.generations[index]! + 1}`);
    acknowledged.generations[index] = Math.max(acknowledged.generations[index]!, stat.contentGeneration);
    acknowledged.revisions[index] = Math.max(acknowledged.revisions[index]!, stat.revision);
  };
  const writing = (async () => {
    for (let turn = 0; !over; turn++) {
      await write(turn % FILES);
      await delay(WRITE_EVERY_MS);
    }
  })();
  const reading = Promise.all(
    holders.map(async (holder, index) => {
      await delay((READ_EVERY_MS * index) / SESSIONS);
      while (!over) {
        await holder.read(acknowledged);
        await delay(READ_EVERY_MS);
      }
    }),
  );
  const failed = Promise.all([writing, reading]);
  failed.catch(() => (over = true));
  await delay(A_WHILE_MS);

  const writesBefore = acknowledged.generations.reduce((sum, generation) => sum + generation, 0);
  const killedAtMs = performance.now();
  (await cell.waitForMaster(ELECTION_MS)).process.signal('SIGKILL');
  const writeAgain = eventually('a write is acknowledged', () => {
    return acknowledged.generations.reduce((sum, generation) => sum + generation, 0) > writesBefore + 1;
  }).then(() => performance.now() - killedAtMs);
  await eventually('every session heard of the fail-over', () => holders.every(({ failedOver }) => failedOver > 0));
  const allHeardMs = performance.now() - killedAtMs;
  await forAll(SESSIONS, (index) => holders[index]!.provesItsLock());
  const fullServiceMs = performance.now() - killedAtMs;
  const writeAgainMs = await writeAgain;
  await delay(A_WHILE_MS);
  over = true;
  await failed;

  for (let index = 0; index < FILES; index++) await write(index);
  await eventually('every session heard of the last write of its file', () =>
    holders.every(({ seenRevision }, index) => seenRevision >= acknowledged.revisions[index % FILES]!),
  );
  expect(holders.filter(({ expired }) => expired > 0)).toHaveLength(0);
  expect(holders.filter(({ eventsLost }) => eventsLost > 0)).toHaveLength(0);
  const reads = holders.reduce((sum, holder) => sum + holder.reads, 0);
  console.log(
    `${SESSIONS} sessions, SIGKILL of the master: the next write after ${Math.round(writeAgainMs)} ms, all sessions at ` +
      `the new master after ${Math.round(allHeardMs)} ms, and each has proved its lock after ${Math.round(fullServiceMs)} ` +
      `ms; ${reads} reads, none stale; no session and no event lost`,
  );
});
