// A sample of `npm run damage`, and that its judge sees.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as tailVerifier from '../../src/storage/level/tail-verifier.js';
import { makeHistory } from '../../trials/damage/history.js';
import type { History } from '../../trials/damage/history.js';
import { tryDamage } from '../../trials/damage/trial.js';
import type { TrialResult } from '../../trials/damage/trial.js';

vi.mock('../../src/storage/level/tail-verifier.js', { spy: true });

const SEED = 1;
const SAMPLE = 25;

let parent: string;
let history: History;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'chubby-damage-'));
  history = await makeHistory(join(parent, 'history'), SEED);
});

afterAll(() => rm(parent, { recursive: true }));

const attempt = (seed: number): Promise<TrialResult> => tryDamage(history, join(parent, `${seed}`), seed);

test('the history has what can be damaged: a truncated log, and replicas that accepted values above it', () => {
  expect(history.acknowledged.size).toBeGreaterThan(5);
  for (const { firstSlot, accepted } of history.memories.values()) {
    expect(firstSlot).toBeGreaterThan(50);
    expect(accepted.size).toBeGreaterThan(40);
  }
});

test('whatever file of a replica is damaged, it comes back in truth, or refuses by a line that names the file', async () => {
  for (let seed = 1; seed <= SAMPLE; seed++) {
    const { damage, outcome, words } = await attempt(seed);
    expect(outcome, `seed ${seed}: ${damage.file} ${damage.kind}, ${damage.where}: ${words}`).not.toBe('WRONG');
  }
});

test('a replica that believes a log without its tail is found to vote from what it forgot', async () => {
  vi.mocked(tailVerifier.verifyTail).mockResolvedValue();
  try {
    for (let seed = 1; seed <= 10 * SAMPLE; seed++) {
      const { outcome, words } = await attempt(seed);
      if (outcome === 'WRONG') return expect(words).toMatch('it votes as before, but');
    }
    expect.fail('no damage showed it');
  } finally {
    vi.mocked(tailVerifier.verifyTail).mockRestore();
  }
});
