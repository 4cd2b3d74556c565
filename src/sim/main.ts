import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { BUG_NAMES } from './planted-bugs.js';
import { SITUATIONS, SituationCounts } from './situations.js';
import type { Situation } from './situations.js';
import { Simulation } from './simulation.js';
const {
  seeds: seedCount,
  seed: onlySeed,
  bug,
} = await yargs(hideBin(process.argv))
  .scriptName('npm run sim --')
  .usage('$0 [--seeds N | --seed S] [--bug NAME]\n\nRuns simulated cells under faults, one from each seed.')
  .option('seeds', { type: 'number', default: 200, requiresArg: true, describe: 'run seeds 1 to N' })
  .option('seed', { type: 'number', requiresArg: true, describe: 'run this seed alone' })
  .option('bug', { choices: BUG_NAMES, requiresArg: true, describe: 'plant a known error, to see it found' })
  .check(({ seeds, seed }) => {
    if (!(Number.isSafeInteger(seeds) && seeds > 0)) throw new Error('--seeds is a count, 1 or more');
    if (seed !== undefined && !Number.isSafeInteger(seed)) throw new Error('--seed is an integer');
    return true;
  })
  .version(false)
  .strict()
  .parse();

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function main(): Promise<number> {
  const seeds = onlySeed === undefined ? range(seedCount) : [onlySeed];
  const bugs = bug === undefined ? {} : { [bug]: true };
  const situations = new SituationCounts();
  const startedAtMs = performance.now();
  let steps = 0;
  for (const seed of seeds) {
    const result = await new Simulation({ seed, bugs, settle }).run();
    situations.add(result.situations);
    steps += result.steps;
    if (result.failure !== undefined) {
      console.log(`seed ${seed}: ${result.failure.stack ?? result.failure.message}`);
      console.log(`replay: npm run sim -- --seed=${seed}${bug === undefined ? '' : ` --bug=${bug}`}`);
      return 1;
    }
  }
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  console.log(`${seeds.length} seeds, ${steps} steps, ${seconds} s: no violation`);
  for (const situation of Object.keys(SITUATIONS) as Situation[]) {
    console.log(`${String(situations.of(situation)).padStart(8)}  ${SITUATIONS[situation]}`);
  }
  if (seeds.length >= 50 && situations.missing.length > 0) {
    console.log(`never reached: ${situations.missing.join(', ')}`);
    return 1;
  }
  return 0;
}

process.exitCode = await main();
