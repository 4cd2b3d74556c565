import { describe, expect, it } from 'vitest';
import type { MembershipBugs } from '../../../src/paxos/planted-bugs.js';
import { noMemberSituations, RandomCell } from './random-cell.js';

const SEEDS = 150;
const STEPS = 8000;
/** Far more than any election takes. */
const PATIENCE_MS = 20_000;

/** What shows itself only where majorities change quickly. */
const MORE_SEEDS = 500;

/** The others need a staging of their own: `test/scenarios`. */
const PLANTED: readonly (keyof MembershipBugs)[] = [
  'promisesOutliveChange',
  'reproposedPastChange',
  'acceptedChangeRefuses',
];

describe('cores whose members change under random faults', () => {
  it('agree, have one master at a time, and go on when the faults end', () => {
    const reached = noMemberSituations();
    for (let seed = 1; seed <= SEEDS; seed++) {
      const cell = new RandomCell(seed, {}, true);
      cell.suffer(STEPS);
      expect(cell.watch.violations, `seed ${seed}`).toEqual([]);
      expect(cell.recover(PATIENCE_MS), `seed ${seed}: new values are applied by all members`).toBeDefined();
      expect(cell.watch.violations, `seed ${seed}, after the faults`).toEqual([]);
      const { fewestVoters, mostVoters, ...counts } = cell.memberSituations;
      for (const [situation, times] of Object.entries(counts) as [keyof typeof counts, number][]) {
        reached[situation] += times;
      }
      reached.fewestVoters = Math.min(reached.fewestVoters, fewestVoters);
      reached.mostVoters = Math.max(reached.mostVoters, mostVoters);
    }
    expect(Object.entries(reached).filter(([, times]) => times === 0)).toEqual([]);
    expect(reached).toMatchObject({ fewestVoters: 3, mostVoters: 7 });
  });

  it.each(PLANTED)('show the planted bug %s', (bug) => {
    for (let seed = 1; seed <= MORE_SEEDS; seed++) {
      const cell = new RandomCell(seed, { [bug]: true }, true);
      cell.suffer(STEPS);
      if (cell.watch.violations.length > 0 || cell.recover(PATIENCE_MS) === undefined) return;
    }
    expect.fail(`none of ${MORE_SEEDS} seeds shows ${bug}`);
  });
});
