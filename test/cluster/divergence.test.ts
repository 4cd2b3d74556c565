// Memory that fails in a simulated cell, under faults of all kinds: whoever has another state than a majority takes
// itself out, and comes back with the right one. That the others' state is right in every slot the simulator judges.
import { expect, test } from 'vitest';
import type { ReplicaId } from '../../src/paxos/ballot.js';
import { Simulation } from '../../src/sim/simulation.js';
import type { SimulationResult } from '../../src/sim/simulation.js';

type MemoryFails = (replica: ReplicaId, slot: number, reigns: boolean) => boolean;

const SLOT = 300;
const SEEDS = [1, 2, 3, 4];

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Each replica's memory fails once at the most. */
function simulate(
  seed: number,
  memoryFails: MemoryFails,
): Promise<SimulationResult & { readonly failed: ReplicaId[] }> {
  const failed: ReplicaId[] = [];
  const once: MemoryFails = (replica, slot, reigns) => {
    if (failed.includes(replica) || !memoryFails(replica, slot, reigns)) return false;
    failed.push(replica);
    return true;
  };
  return new Simulation({ seed, memoryFails: once, settle }).run().then((result) => ({ ...result, failed }));
}

test.each(['follower', 'master'])(
  'a %s that differs takes itself out and comes back',
  { timeout: 60_000 },
  async (role) => {
    let found = 0;
    for (const seed of SEEDS) {
      let isPast = false;
      const { failure, diverged, failed } = await simulate(seed, (_replica, slot, reigns) => {
        if (isPast || slot < SLOT || reigns !== (role === 'master')) return false;
        isPast = true;
        return true;
      });
      expect(failure, `seed ${seed}: ${failure?.stack}`).toBeUndefined();
      // A crash that comes before the comparison heals it, too.
      if (diverged.length > 0) expect(diverged).toEqual(failed);
      found += diverged.length;
    }
    expect(found).toBeGreaterThanOrEqual(SEEDS.length / 2);
  },
);

test('without a majority nothing more is written, and nobody takes himself out', async () => {
  const { failure, diverged, checks, failed } = await simulate(1, (replica, slot) => slot === SLOT && replica <= 3);
  expect(failed).toHaveLength(3);
  expect(failure?.message).toMatch(/client \w makes progress/);
  expect(diverged).toEqual([]);
  expect(checks.map(({ type }) => type)).toContain('disputed');
  expect(checks.map(({ type }) => type)).not.toContain('settled');
});
