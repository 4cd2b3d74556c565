import { relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { AddressRefused, tryAddresses } from './address-refused.js';
import { CellNarrator } from './cell-narrator.js';
import { ConfigError } from '../config/config-problem.js';
import { EXIT, exitCodeFor } from './exit-codes.js';
import { LocalCell } from './local-cell.js';
import { LOCAL_CONFIG } from './package-files.js';
import { MachineClock } from '../machine/machine-clock.js';

// `npm start`: a whole cell on this machine, one child process for each replica of the configuration.

/** For replicas of an earlier start whose supervisor was killed: they need a moment to notice. */
const PORTS_PATIENCE_MS = 3_000;
/** Ctrl-C arrives twice, from the terminal and from npm, which passes it on. */
const ECHO_MS = 500;

/** @throws AddressRefused for the first address that another process has */
async function waitForAddresses(cell: LocalCell): Promise<void> {
  const listens = cell.replicas.map(({ config }) => config.listen);
  const endMs = performance.now() + PORTS_PATIENCE_MS;
  for (;;) {
    try {
      return await tryAddresses(listens);
    } catch (error) {
      if (!(error instanceof AddressRefused) || performance.now() > endMs) throw error;
      await delay(100);
    }
  }
}

/** Ends the replicas on the first signal, at once on the second. */
function stopOnSignal(cell: LocalCell, narrator: CellNarrator): void {
  let askedAtMs: number | undefined;
  const stop = (): void => {
    if (askedAtMs !== undefined) {
      if (performance.now() - askedAtMs > ECHO_MS) void cell.kill();
      return;
    }
    askedAtMs = performance.now();
    narrator.stopping();
    void cell.stop().then(() => process.exit(EXIT.asked));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
}

function end(exitCode: number, message: string): never {
  console.error(message);
  process.exit(exitCode);
}

async function run(configFile: string): Promise<void> {
  const narrator = new CellNarrator(new MachineClock(), (line) => process.stdout.write(`${line}\n`));
  let givenUp = 0;
  const cell = new LocalCell({
    configFile,
    restart: true,
    onEvent: (event) => {
      narrator.tell(event);
      if (event.type !== 'ended' || event.asked || event.restartInMs !== undefined) return;
      if (++givenUp === cell.replicas.length) end(EXIT.broken, 'no replica is left: see above why');
    },
  });
  await waitForAddresses(cell);
  stopOnSignal(cell, narrator);
  narrator.begin(cell.replicas[0]!.config.cell, cell.replicas);
  cell.start();
}

const { config } = await yargs(hideBin(process.argv))
  .scriptName('npm start --')
  .usage('$0 [--config FILE]\n\nRuns all replicas of a cell on this machine.')
  .option('config', { type: 'string', default: relative(process.cwd(), LOCAL_CONFIG), describe: 'the configuration' })
  .strict()
  .version(false)
  .parseAsync();

// Whoever reads the terminal may go away before the cell does.
process.stdout.on('error', () => undefined);
try {
  await run(config);
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof AddressRefused)) throw error;
  end(exitCodeFor(error), error.message);
}
