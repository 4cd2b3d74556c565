import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { below, SeededRng } from '../../src/common/rng.js';
import type { ReplicaId } from '../../src/paxos/ballot.js';
import { openDataDirectory } from '../../src/storage/level/data-directory.js';
import { memoryOf } from './acceptor-memory.js';
import type { AcceptorMemory } from './acceptor-memory.js';
import { directoryOf, DiskCell, IDS } from './disk-cell.js';
import { Writer } from './writer.js';
import type { Acknowledged } from './writer.js';

/** The directories of a cell that has lived, stopped. */
export interface History {
  readonly directory: string;
  /** The same cell, as it was two lives earlier. */
  readonly olderDirectory: string;
  readonly acknowledged: ReadonlyMap<string, string>;
  /** What each replica's votes rest on. */
  readonly memories: ReadonlyMap<ReplicaId, AcceptorMemory>;
}

/** Each leaves another LevelDB file, and a snapshot or two. */
const LIVES = 5;
const OLDER_LIFE = 3;
const WRITES_PER_LIFE = 45;
const FILES = 8;
const CONTENTS_BYTES = 3_000;

/** Lets a cell live several times, stopped at once each time as if by SIGKILL. */
export async function makeHistory(parent: string, seed: number): Promise<History> {
  const directory = join(parent, 'cell');
  const olderDirectory = join(parent, 'older');
  await mkdir(directory, { recursive: true });
  const acknowledged: Acknowledged = new Map();
  for (let life = 1; life <= LIVES; life++) {
    const cell = new DiskCell(directory, seed + 1000 * life);
    await cell.start();
    const writer = await Writer.connect(cell, acknowledged);
    for (let n = 0; n < WRITES_PER_LIFE; n++) {
      const contents = Buffer.from(cell.rng.bytes(below(cell.rng, CONTENTS_BYTES))).toString('base64');
      await writer.write(`/ls/local/file-${n % FILES}`, `${life}.${n} ${contents}`);
    }
    await cell.until(() => cell.replicas.every((replica) => cell.isBack(replica)), 10_000);
    await cell.kill();
    if (life === OLDER_LIFE) await cp(directory, olderDirectory, { recursive: true });
  }
  return { directory, olderDirectory, acknowledged, memories: await memoriesIn(parent, directory) };
}

/** Looked at in copies: opening a log changes its files. */
async function memoriesIn(parent: string, directory: string): Promise<Map<ReplicaId, AcceptorMemory>> {
  const looked = join(parent, 'looked');
  await cp(directory, looked, { recursive: true });
  const memories = new Map<ReplicaId, AcceptorMemory>();
  for (const id of IDS) {
    const { identity, replayLog } = await openDataDirectory(directoryOf(looked, id), id, new SeededRng(id));
    memories.set(id, await memoryOf(identity.self, replayLog, await replayLog.recover()));
    await replayLog.close();
  }
  return memories;
}
