import { SITUATIONS, SituationCounts } from './situations.js';
import type { Situation } from './situations.js';
import { Simulation } from './simulation.js';
import type { PlantedBugs } from './simulation.js';

const USAGE = `usage: npm run sim -- [--seeds N] [--seed S] [--bug NAME]

  --seeds N     run seeds 1 to N (200)
  --seed S      run this seed alone
  --bug NAME    plant a known error, to see it found`;

interface Arguments {
  readonly seeds: readonly number[];
  readonly bugs: PlantedBugs;
  readonly bugName: string | undefined;
}

function parse(argv: readonly string[]): Arguments {
  let seeds = range(200);
  let bugName: string | undefined;
  for (let index = 0; index < argv.length; index += 2) {
    const [key, inline] = argv[index]!.split('=');
    const value = inline ?? argv[index + 1];
    if (inline !== undefined) index--;
    if (key === '--seeds' && Number(value) > 0) seeds = range(Number(value));
    else if (key === '--seed' && Number.isSafeInteger(Number(value))) seeds = [Number(value)];
    else if (key === '--bug' && value !== undefined) bugName = value;
    else {
      console.error(USAGE);
      process.exit(2);
    }
  }
  return { seeds, bugName, bugs: bugName === undefined ? {} : { [bugName]: true } };
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function main(): Promise<number> {
  const { seeds, bugs, bugName } = parse(process.argv.slice(2));
  const situations = new SituationCounts();
  const startedAtMs = performance.now();
  let steps = 0;
  for (const seed of seeds) {
    const result = await new Simulation({ seed, bugs, settle }).run();
    situations.add(result.situations);
    steps += result.steps;
    if (result.failure !== undefined) {
      console.log(`seed ${seed}: ${result.failure.stack ?? result.failure.message}`);
      console.log(`replay: npm run sim -- --seed=${seed}${bugName === undefined ? '' : ` --bug=${bugName}`}`);
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
