import { describe, expect, it } from 'vitest';
import { SeededRng } from '../../../src/common/rng.js';
import type { CacheBugs } from '../../../src/service/options.js';
import { CachingWorld } from './caching-clients.js';

const SEEDS = Array.from({ length: 25 }, (_, i) => i + 1);
const STEPS = 1_500;

function run(seed: number, plantedBugs: CacheBugs = {}): CachingWorld {
  const world = new CachingWorld(new SeededRng(seed), { plantedBugs });
  for (let i = 0; i < STEPS; i++) world.step();
  world.settle();
  return world;
}

describe('whatever clients that cache, masters and the network do', () => {
  it.each(SEEDS)('(seed %i) no answer in a cache is untrue', (seed) => {
    expect(run(seed).checked).toBeGreaterThan(1_000);
  });

  /** Each of them once for its name. */
  const BUGS: Required<CacheBugs> = { proposeBeforeInvalidation: true, cacheWhilePending: true, noFailOverWait: true };

  it.each(Object.keys(BUGS))('%s is found', (bug) => {
    const shows = SEEDS.some((seed) => {
      try {
        run(seed, { [bug]: true });
        return false;
      } catch (error) {
        return String(error).includes('cached: ');
      }
    });
    expect(shows).toBe(true);
  });
});
