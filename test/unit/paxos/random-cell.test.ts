import { describe, expect, it } from 'vitest';
import type { PlantedBugs } from '../../../src/paxos/planted-bugs.js';
import { noSituations, RandomCell } from './random-cell.js';
import type { Situations } from './random-cell.js';

const SEEDS = 200;
const STEPS = 6000;
/** Far more than any election takes. */
const PATIENCE_MS = 20_000;

const PLANTED: readonly (keyof PlantedBugs)[] = [
  'acceptedBeforeSync',
  'promiseNotPersisted',
  'reportedValueDropped',
  'oldLeaseNotWaitedOut',
  'leaseFromReply',
  'readWithoutLease',
  'successorRuleOff',
  'barrierOff',
  'roundNotDurable',
];

describe('cores under random faults', () => {
  it('agree, have one master at a time, and go on when the faults end', () => {
    const reached: Situations = noSituations();
    for (let seed = 1; seed <= SEEDS; seed++) {
      const cell = new RandomCell(seed);
      cell.suffer(STEPS);
      expect(cell.watch.violations, `seed ${seed}`).toEqual([]);
      expect(cell.recover(PATIENCE_MS), `seed ${seed}: new values are applied everywhere`).toBeDefined();
      expect(cell.watch.violations, `seed ${seed}, after the faults`).toEqual([]);
      for (const situation of Object.keys(reached) as (keyof Situations)[]) {
        reached[situation] += cell.situations[situation];
      }
    }
    expect(Object.entries(reached).filter(([, times]) => times === 0)).toEqual([]);
  });

  it('repeat themselves for one seed', () => {
    const run = (): Situations => {
      const cell = new RandomCell(7);
      cell.suffer(STEPS);
      return cell.situations;
    };
    expect(run()).toEqual(run());
  });

  it.each(PLANTED)('show the planted bug %s', (bug) => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const cell = new RandomCell(seed, { [bug]: true });
      cell.suffer(STEPS);
      if (cell.watch.violations.length > 0) return;
    }
    expect.fail(`none of ${SEEDS} seeds shows ${bug}`);
  });
});
