import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import type { Logger } from 'pino';
import { Chubbyd } from './chubbyd.js';
import { loadConfig } from '../config/config.js';
import type { ReplicaConfig } from '../config/config.js';
import { ConfigError } from '../config/config-problem.js';
import { SETTINGS } from '../config/config-schema.js';
import { EXIT, exitCodeFor } from './exit-codes.js';
import { boundHeapGrowth } from './heap-growth.js';
import { openLog } from './logging.js';
import { VERSION } from './package-files.js';
import { MachineRng } from '../machine/machine-rng.js';
import { setAside } from '../storage/level/set-aside.js';
import { DamagedLog } from '../storage/replay-log.js';
import { isSupervised, onSupervisorGone, report } from './supervision.js';

// The command `chubbyd`: one replica, from its configuration to its exit code.

const settingLines = (): string =>
  SETTINGS.map(({ path, variable, schema }) => {
    const byDefault = schema.default === undefined ? '' : ` (default: ${schema.default})`;
    return `  ${path.join('.')}  ${variable}\n      ${schema.description}${byDefault}`;
  }).join('\n');

const EPILOGUE = `Keys of the configuration, and the environment variables that prevail over them:
${settingLines()}

Exit codes:
  ${EXIT.asked}  it was asked to end
  ${EXIT.broken}  a broken invariant or an unforeseen error; starting again is safe
  ${EXIT.configuration}  the command line or the configuration is wrong
  ${EXIT.taken}  another process has the address or the data directory
  ${EXIT.directory}  the data directory must not be used by this replica
  ${EXIT.storage}  the disk refused a write or a read
  ${EXIT.diverged}  its state was not that of a majority; started again, it makes it anew

SIGTERM and SIGINT hand over to another replica if this one is master, and end it within two seconds.`;

const parser = yargs(hideBin(process.argv))
  .scriptName('chubbyd')
  .usage('$0 --config FILE [--replica N]\n\nRuns one replica of a cell.')
  .option('config', { type: 'string', demandOption: true, requiresArg: true, describe: 'the configuration, YAML' })
  .option('replica', { type: 'number', requiresArg: true, describe: 'the id of the replica to run; over replicaId' })
  .option('check', { type: 'boolean', default: false, describe: 'only says whether the configuration is right' })
  .strict()
  .version(VERSION)
  .epilogue(EPILOGUE)
  .wrap(null)
  .fail((message, error) => end(EXIT.configuration, `${message ?? error.message}: see chubbyd --help`));

/** Standard error is a pipe or a file: what is written there is there when the process ends. */
function end(exitCode: number, message: string): never {
  for (const line of message.split('\n')) console.error(`chubbyd: ${line}`);
  process.exit(exitCode);
}

/** A replica that fails says why, once, and is gone: whatever it might still do could rest on what failed. */
function endsOnFailure(log: Logger, config: ReplicaConfig): (error: unknown) => never {
  const fatal = (error: unknown): never => {
    const message = error instanceof Error ? error.message : String(error);
    log.fatal({ err: error }, 'ends');
    end(exitCodeFor(error), `replica ${config.replicaId} ends: ${message.replace(/\s+/g, ' ')}`);
  };
  process.on('uncaughtException', fatal);
  process.on('unhandledRejection', fatal);
  return fatal;
}

/**
 * Asked once is enough: it ends within two seconds. Whoever cannot wait has SIGKILL. The supervisor of a whole cell gets
 * Ctrl-C too, and is the one to say what it means.
 */
function endsWhenAsked(log: Logger, chubbyd: Chubbyd): void {
  let asked = false;
  const stop = (why: string): void => {
    if (asked) return;
    asked = true;
    log.info({ why }, 'stops');
    void chubbyd.stop().then(() => {
      log.info('stopped');
      process.exit(EXIT.asked);
    });
  };
  const supervised = isSupervised();
  process.on('SIGTERM', () => stop('SIGTERM'));
  for (const signal of ['SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!supervised) stop(signal);
    });
  }
  if (supervised) onSupervisorGone(() => stop('the supervisor is gone'));
}

/** Ends by one line for each mistake. */
function unlessMisconfigured<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return end(EXIT.configuration, error.message);
  }
}

async function run(config: ReplicaConfig): Promise<void> {
  const log = unlessMisconfigured(() => openLog(config));
  const fatal = endsOnFailure(log, config);
  const chubbyd = new Chubbyd({ config, log, fatal, onState: report });
  endsWhenAsked(log, chubbyd);
  try {
    await chubbyd.start();
  } catch (error) {
    if (!(error instanceof DamagedLog)) throw error;
    await giveUpDirectory(error, config, log);
  }
}

/** A replica without peers has nobody to have its state from: what is left of it is for people to judge. */
async function giveUpDirectory(error: DamagedLog, config: ReplicaConfig, log: Logger): Promise<never> {
  const reason = `replica ${config.replicaId} ends: ${error.message.replace(/\s+/g, ' ')}`;
  log.fatal({ err: error }, 'ends');
  if (config.replicas.length === 1) return end(EXIT.directory, reason);
  const aside = await setAside(config.dataDir, new MachineRng()).catch((failure: Error) =>
    end(EXIT.directory, `${reason} It could not be moved aside by itself: ${failure.message}`),
  );
  return end(EXIT.broken, `${reason} Moved to ${aside}; started again, this replica joins its cell as another one.`);
}

boundHeapGrowth();
// It writes what strangers send, as often as they do, to standard error; what matters is counted or ends the process.
setLogVerbosity(logVerbosity.NONE);
const { config: file, replica, check } = await parser.parseAsync();
// Whoever reads the output may go away before the replica does.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
const flag = replica === undefined ? undefined : { option: '--replica', value: replica };
const config = unlessMisconfigured(() => loadConfig(file, process.env, flag));
if (check) console.log(`${file} is right for replica ${config.replicaId} of cell "${config.cell}"`);
else await run(config);
