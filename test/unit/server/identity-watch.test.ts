import { beforeEach, describe, expect, test } from 'vitest';
import type { Incarnation, ReplicaId } from '../../../src/paxos/ballot.js';
import { IdentityWatch } from '../../../src/server/identity-watch.js';
import { IdentityTaken } from '../../../src/storage/identity-taken.js';
import { DamagedIdentity } from '../../../src/storage/identity-store.js';
import type { CellId, ReplicaIdentity } from '../../../src/storage/identity-store.js';
import { ManualClock } from './manual-clock.js';

const identity = (replicaId: number, incarnation: string): ReplicaIdentity => ({
  state: 'forming',
  self: { replicaId: replicaId as ReplicaId, incarnation: incarnation as Incarnation },
  offeredCellId: 'ab' as CellId,
  longestLeaseMs: 0,
});

describe('a running replica', () => {
  let clock: ManualClock;
  let load: () => Promise<ReplicaIdentity | undefined>;
  let fatal: Error[];
  let watch: IdentityWatch;

  beforeEach(() => {
    clock = new ManualClock();
    fatal = [];
    load = () => Promise.resolve(identity(1, 'aaaa'));
    const nothing = () => Promise.reject(new Error('nothing is saved'));
    const store = { load: () => load(), create: nothing, save: nothing };
    watch = new IdentityWatch(store, identity(1, 'aaaa').self, clock, (error) => fatal.push(error));
  });

  test('goes on while its identity file is its own, in whichever state', async () => {
    await clock.pass(3_000);
    load = () => Promise.resolve({ ...identity(1, 'aaaa'), longestLeaseMs: 600 });
    await clock.pass(3_000);
    expect(fatal).toEqual([]);
    expect(clock.monotonicMs() - watch.answeredAtMs).toBeLessThan(1_000);
  });

  test.each([
    ['is gone', undefined, /^the identity file of replica 1\/aaaa is gone while it ran/],
    ['is of another life', identity(1, 'bbbb'), /became that of replica 1\/bbbb while it ran/],
    ['is of another replica', identity(2, 'aaaa'), /became that of replica 2\/aaaa while it ran/],
  ])('ends once the file %s', async (_what, found, message) => {
    await clock.pass(2_500);
    load = () => Promise.resolve(found);
    await clock.pass(1_000);
    expect(fatal).toHaveLength(1);
    expect(fatal[0]).toBeInstanceOf(IdentityTaken);
    expect(fatal[0]!.message).toMatch(message);
    await clock.pass(10_000);
    expect(fatal).toHaveLength(1);
  });

  test('ends once the file cannot be believed', async () => {
    const damage = new DamagedIdentity('its checksum does not fit');
    load = () => Promise.reject(damage);
    await clock.pass(1_000);
    expect(fatal).toEqual([damage]);
  });

  test('shows a disk that hangs, and asks it no more than once', async () => {
    let asked = 0;
    load = () => {
      asked++;
      return new Promise(() => undefined);
    };
    await clock.pass(10_000);
    expect(asked).toBe(1);
    expect(clock.monotonicMs() - watch.answeredAtMs).toBe(10_000);
  });

  test('is not looked after once it stops', async () => {
    watch.stop();
    load = () => Promise.resolve(undefined);
    await clock.pass(10_000);
    expect(fatal).toEqual([]);
  });
});
