import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { connect } from '../src/client/index.js';
import type { Client, Handle } from '../src/client/index.js';
import { startLocalCell } from '../src/server/local-cell.js';
import type { LocalCell } from '../src/server/local-cell.js';
import { cachedReads } from './cached-reads.js';
import { costs } from './costs.js';
import type { Cost } from './costs.js';
import { fanOut } from './fan-out.js';
import { measure } from './measure.js';
import type { Load, Measurement } from './measure.js';
import { UnarySession } from './unary-session.js';

const CONTENTS = Buffer.alloc(100, 'x');
const DIRECTORY = '/ls/local/bench';
const CACHED = `${DIRECTORY}/cached`;
const FOLLOWED = `${DIRECTORY}/followed`;
const IN_FLIGHT = [1, 64, 1000];
const UNARY_CALLERS = 64;

interface Report {
  readonly machine: string;
  readonly measurements: readonly Measurement[];
  readonly residentMb: Readonly<Record<string, number>>;
  /** Of a master without a network. */
  readonly costs: readonly Cost[];
}

const argv = await yargs(hideBin(process.argv))
  .scriptName('npm run bench --')
  .option('seconds', { type: 'number', default: 5, describe: 'how long each row is measured' })
  .option('only', { type: 'string', describe: 'rows whose name contains this' })
  .option('directory', { type: 'string', describe: 'where the data lies; a temporary one unless given' })
  .option('json', { type: 'boolean', default: false, describe: 'print one JSON object instead of a table' })
  .strict()
  .parse();

const note = (line: string): void => {
  if (!argv.json) process.stderr.write(`${line}\n`);
};

/** Every load, each made ready just before it runs. */
async function* loads(client: Client, cell: LocalCell): AsyncGenerator<Omit<Load, 'warmUpMs' | 'durationMs'>> {
  await client.mkdir(DIRECTORY, { mayExist: true });
  const handles: Handle[] = [];
  for (let index = 0; index < Math.max(...IN_FLIGHT); index++) {
    handles.push(await client.open(`${DIRECTORY}/file-${index}`, { read: true, write: true, create: 'may' }));
  }
  const handle = (worker: number): Handle => handles[worker]!;
  for (const inFlight of IN_FLIGHT) {
    yield { name: 'write, Pipe', inFlight, operate: (worker) => handle(worker).setContents(CONTENTS) };
  }
  for (const inFlight of IN_FLIGHT) {
    yield { name: 'read, Pipe', inFlight, operate: (worker) => handle(worker).getContentsAndStat() };
  }
  for (const inFlight of IN_FLIGHT) {
    const operate = async (worker: number): Promise<void> => {
      const { granted } = await handle(worker).tryAcquire();
      if (!granted) throw new Error('an uncontended lock is granted');
      await handle(worker).release();
    };
    yield { name: 'lock + release, Pipe', inFlight, operate };
  }
  const session = await UnarySession.begin(cell.master!.config.replicas[cell.master!.id - 1]!.clientAddress);
  const unaryHandles: Buffer[] = [];
  for (let index = 0; index < UNARY_CALLERS; index++) {
    unaryHandles.push(await session.openToWrite(`${DIRECTORY}/unary-${index}`));
  }
  yield {
    name: 'write, unary',
    inFlight: UNARY_CALLERS,
    operate: (worker) => session.write(unaryHandles[worker]!, CONTENTS),
  };
  session.close();
}

async function run(directory: string): Promise<Report> {
  note('what things cost the master ...');
  const costsOfMaster = costs();
  const cell = await startLocalCell({ directory });
  try {
    await cell.waitForMaster(30_000);
    const addresses = cell.clientAddresses.join(',');
    const client = connect({ cell: addresses, cache: false });
    const measurements: Measurement[] = [];
    for await (const load of loads(client, cell)) {
      if (argv.only !== undefined && !load.name.includes(argv.only)) continue;
      note(`${load.name}, ${load.inFlight} in flight ...`);
      measurements.push(await measure({ ...load, warmUpMs: 2_000, durationMs: argv.seconds * 1000 }));
    }
    if (argv.only === undefined || 'read, cached'.includes(argv.only)) {
      note('read, cached ...');
      await client.write(CACHED, CONTENTS);
      await using caching = connect({ cell: addresses });
      measurements.push(await cachedReads(caching, CACHED, argv.seconds * 1000));
    }
    note('events ...');
    costsOfMaster.push(await fanOut(addresses, client, FOLLOWED));
    const residentMb = Object.fromEntries(cell.replicas.map(({ id, process }) => [id, residentOf(process.pid)]));
    await client.close();
    const machine = `${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}`;
    return { machine, measurements, residentMb, costs: costsOfMaster };
  } finally {
    await cell.stop();
  }
}

/** Megabytes of memory that the process holds now. */
function residentOf(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

function show({ machine, measurements, residentMb, costs }: Report): string {
  const table = new Table({
    head: ['operation', 'in flight', 'operations/s', 'p50 ms', 'p99 ms'],
    colAligns: ['left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const { name, inFlight, perSecond, p50Ms, p99Ms } of measurements) {
    table.push([name, inFlight, Math.round(perSecond).toLocaleString('en'), p50Ms.toFixed(2), p99Ms.toFixed(2)]);
  }
  const costTable = new Table({
    head: ['what', 'costs', 'at most', 'unit'],
    colAligns: ['left', 'right', 'right', 'left'],
    style: { head: [], border: [] },
  });
  for (const { name, cost, bound, unit } of costs) {
    costTable.push([name, Math.round(cost * 100) / 100, bound.toLocaleString('en'), unit]);
  }
  const memory = Object.entries(residentMb).map(([id, megabytes]) => `replica ${id} ${megabytes} MB`);
  return `${machine}; five replicas and this load on it; values of ${CONTENTS.length} bytes\n${table}\n${memory.join(', ')}\n${costTable}`;
}

const directory = argv.directory ?? mkdtempSync(join(tmpdir(), 'chubby-bench-'));
try {
  const report = await run(directory);
  console.log(argv.json ? JSON.stringify(report) : show(report));
} finally {
  if (argv.directory === undefined) rmSync(directory, { recursive: true });
}
