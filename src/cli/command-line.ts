import { createRequire } from 'node:module';
import yargs from 'yargs';
import { LOCAL_CELL } from '../client/index.js';
import type { AnyCommand, CommonOptions, Run } from './command.js';
import { cat } from './commands/cat.js';
import { exportCommand } from './commands/export.js';
import { importCommand } from './commands/import.js';
import { lock } from './commands/lock.js';
import { ls } from './commands/ls.js';
import { mkdir } from './commands/mkdir.js';
import { put } from './commands/put.js';
import { rm } from './commands/rm.js';
import { stat } from './commands/stat.js';
import { status } from './commands/status.js';
import { EXIT_CODES } from './exit-codes.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

const COMMANDS: readonly AnyCommand[] = [status, ls, cat, put, mkdir, rm, stat, lock, importCommand, exportCommand];

const TIMEOUT_SECONDS = 10;
const WIDEST_HELP = 110;

/** What a command line asks for: a command, or a text such as the help. */
export type Request =
  | { readonly kind: 'run'; readonly common: CommonOptions; readonly run: Run }
  | { readonly kind: 'show'; readonly text: string };

/** @throws UsageError */
export async function parseCommandLine(args: readonly string[], { env, columns }: Terminal): Promise<Request> {
  let request: Request | undefined;
  const choose = (common: CommonOptions, run: Run): void => {
    request = { kind: 'run', common: checked(common), run };
  };
  let shown = '';
  const parser = yargs()
    .scriptName('chubby')
    .usage('$0 COMMAND: a lock service and store of small files')
    .locale('en')
    .parserConfiguration({ 'populate--': true })
    .option('cell', {
      describe: 'where the cell is: host:port,host:port,... or dns:NAME:PORT; CHUBBY_CELL unless given',
      type: 'string',
      default: env['CHUBBY_CELL'] ?? LOCAL_CELL,
      defaultDescription: 'the local cell',
    })
    .option('timeout', {
      describe: 'give up when a request was not answered for so many seconds',
      type: 'number',
      default: TIMEOUT_SECONDS,
    })
    .option('json', { describe: 'print one JSON value', type: 'boolean', default: false })
    .epilogue(`Exit codes:\n${EXIT_CODES.map(([code, meaning]) => `  ${code.padEnd(6)} ${meaning}`).join('\n')}`)
    .version(versionOf())
    .help()
    .alias('help', 'h')
    .demandCommand(1, 'name a command')
    .strict()
    .wrap(Math.min(columns, WIDEST_HELP))
    .exitProcess(false)
    .fail(false);
  for (const command of COMMANDS) command.addTo(parser, choose);
  try {
    await parser.parseAsync([...args], {}, (_error: unknown, _args: unknown, text: string) => {
      shown = text;
    });
  } catch (error) {
    // Commands are only chosen here, not run: whatever is wrong is wrong with the command line.
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  if (shown !== '') return { kind: 'show', text: shown };
  if (request === undefined) throw new UsageError('name a command');
  return request;
}

/** @throws UsageError */
function checked(common: CommonOptions): CommonOptions {
  if (common.timeout > 0) return common;
  throw new UsageError('--timeout is a number of seconds above 0');
}

function versionOf(): string {
  const { version } = createRequire(import.meta.url)('chubby/package.json') as { version: string };
  return version;
}
