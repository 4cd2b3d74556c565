import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startReplica } from '../../../src/log/index.js';
import type { LogReplicaOptions } from '../../../src/log/index.js';

const dataDir = join(tmpdir(), 'never-made-by-the-log');
const application = { apply: () => 0, snapshot: () => new Uint8Array(0), restore: () => undefined };
const RIGHT: LogReplicaOptions<typeof application> = {
  replicaId: 1,
  replicas: new Map([
    [1, '127.0.0.1:1'],
    [2, '127.0.0.1:2'],
    [3, '127.0.0.1:3'],
  ]),
  dataDir,
  application: () => application,
  onFatal: () => undefined,
};
const of = (...entries: [number, string][]): Partial<typeof RIGHT> => ({ replicas: new Map(entries) });

test.each([
  [of([1, 'a:1'], [2, 'b:1']), 'replicas has 2 entries: give it 1, 3, 5 or 7'],
  [of([0, 'a:1']), '0 is no replica id: take whole numbers, 1 to 255'],
  [of([1, 'nowhere']), 'replica 1: not an address of the form host:port: nowhere'],
  [of([1, 'a:0']), 'replica 1: a:0 has no port: name the one to listen at'],
  [of([1, 'a:1'], [2, 'a:1'], [3, 'b:1']), 'two replicas have the same address: give each its own'],
  [{ replicaId: 4 }, 'replicaId 4 is not among replicas: add it, with its address'],
  [{ dataDir: '' }, 'dataDir is empty: name a directory'],
  [{ timings: { leaseMs: 100 } }, 'resendMs 150 is above leaseMs: lower it'],
  [{ snapshots: { kept: 0 } }, 'snapshots.kept 0 is not a whole number from 1 on'],
])('%o is refused before anything is touched', async (wrong, why) => {
  const started = startReplica({ ...RIGHT, ...wrong });
  await expect(started).rejects.toMatchObject({ name: 'LogError', reason: 'badOptions' });
  await expect(started).rejects.toThrow(why);
  expect(existsSync(dataDir)).toBe(false);
});
