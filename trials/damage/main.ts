import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { DAMAGE_KINDS, FILE_KINDS } from './damage.js';
import { makeHistory } from './history.js';
import { OUTCOMES, tryDamage } from './trial.js';
import type { TrialResult } from './trial.js';

const MAX_COUNT = 100_000;

const { count, seed, only } = await yargs(hideBin(process.argv))
  .scriptName('npm run damage --')
  .usage(
    '$0 [--count N] [--seed S] [--only K]\n\nDamages one file of a stopped replica, N times, and has it start in its living cell.',
  )
  .option('count', { type: 'number', default: 500, requiresArg: true, describe: 'how many damages' })
  .option('seed', { type: 'number', default: 1, requiresArg: true, describe: 'of the history and of all damages' })
  .option('only', { type: 'number', requiresArg: true, describe: 'the K-th damage alone, the first being 1' })
  .check((given) => {
    const whole = [given.count, given.seed, given.only ?? 1].every((each) => Number.isSafeInteger(each) && each > 0);
    if (!whole || given.count > MAX_COUNT) throw new Error(`--count (up to ${MAX_COUNT}), --seed, --only: from 1 on`);
    return true;
  })
  .version(false)
  .strict()
  .parse();

async function main(): Promise<number> {
  const parent = await mkdtemp(join(tmpdir(), 'chubby-damage-'));
  const startedAtMs = performance.now();
  try {
    const history = await makeHistory(join(parent, 'history'), seed);
    const numbers = only === undefined ? Array.from({ length: count }, (_, index) => index + 1) : [only];
    const results: TrialResult[] = [];
    for (const number of numbers) {
      const result = await tryDamage(history, join(parent, `${number}`), seedOf(number));
      results.push(result);
      if (result.outcome === 'WRONG' || only !== undefined) show(number, result);
      else if (number % 50 === 0) console.error(`${number} of ${count}`);
    }
    console.log(tableOf(results));
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
    const wrong = results.filter(({ outcome }) => outcome === 'WRONG').length;
    console.log(`${results.length} damages from seed ${seed}, ${seconds} s: ${wrong} went wrong`);
    return wrong === 0 ? 0 : 1;
  } finally {
    await rm(parent, { recursive: true });
  }
}

const seedOf = (number: number): number => seed * 1_000_003 + number;

function show(number: number, { damage, outcome, words }: TrialResult): void {
  const { file, kind, where } = damage;
  console.log(`damage ${number}: ${file} ${kind}, ${where}: ${outcome}\n  ${words}`);
  console.log(`  replay: npm run damage -- --seed=${seed} --only=${number}`);
}

/** A row for each kind of file and damage that was tried. */
function tableOf(results: readonly TrialResult[]): string {
  const table = new Table({ head: ['file', 'damage', ...OUTCOMES], style: { head: [], border: [] } });
  for (const fileKind of FILE_KINDS) {
    for (const kind of DAMAGE_KINDS) {
      const these = results.filter(({ damage }) => damage.fileKind === fileKind && damage.kind === kind);
      if (these.length > 0) table.push([fileKind, kind, ...countsOf(these)]);
    }
  }
  table.push(['all', '', ...countsOf(results)]);
  return table.toString();
}

const countsOf = (results: readonly TrialResult[]): string[] =>
  OUTCOMES.map((outcome) => String(results.filter((result) => result.outcome === outcome).length || ''));

process.exitCode = await main();
