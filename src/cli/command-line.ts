import { createRequire } from 'node:module';
import yargs from 'yargs';
import type { Argv } from 'yargs';
import { LOCAL_CELL } from '../client/cell-address.js';
import { optionsOfEnvironment } from '../client/environment.js';
import type { ClientOptions } from '../client/index.js';
import { assert } from '../common/assert.js';
import { COMMON_OPTIONS, usageOf, wordsOf } from './command.js';
import type { AnyCommand, Prepared } from './command.js';
import { acl } from './commands/acl.js';
import { backup } from './commands/backup.js';
import { blame } from './commands/blame.js';
import { cat } from './commands/cat.js';
import { doctor } from './commands/doctor.js';
import { elect } from './commands/elect.js';
import { explain } from './commands/explain.js';
import { exportCommand } from './commands/export.js';
import { importCommand } from './commands/import.js';
import { keys } from './commands/keys.js';
import { lock } from './commands/lock.js';
import { locks } from './commands/locks.js';
import { ls } from './commands/ls.js';
import { mkdir } from './commands/mkdir.js';
import { put } from './commands/put.js';
import { restore } from './commands/restore.js';
import { rm } from './commands/rm.js';
import { sessions } from './commands/sessions.js';
import { stat } from './commands/stat.js';
import { status } from './commands/status.js';
import { undelete } from './commands/undelete.js';
import { verify } from './commands/verify.js';
import { why } from './commands/why.js';
import { watch } from './commands/watch.js';
import { argumentsComplaint, commandComplaint, unknownOption } from './complaint.js';
import type { Remedies } from './errors.js';
import { EXIT_CODES } from './exit-codes.js';
import { yargsOption } from './options.js';
import type { ValueOf } from './options.js';
import { positionalOf } from './positional.js';
import type { Terminal } from './terminal.js';
import { TIMEOUT_SECONDS } from './timeouts.js';
import { UsageError } from './usage-error.js';
import { markedBehind } from './words-behind.js';

const COMMANDS: readonly AnyCommand[] = [
  status,
  doctor,
  why,
  ls,
  cat,
  put,
  mkdir,
  rm,
  stat,
  acl,
  watch,
  lock,
  elect,
  locks,
  explain,
  sessions,
  keys,
  importCommand,
  exportCommand,
  backup,
  restore,
  verify,
  blame,
  undelete,
];

const PACKAGE = createRequire(import.meta.url)('chubby/package.json') as { readonly version: string };
const WIDEST_HELP = 110;

/** What a command line asks for: a command, or a text such as the help. */
export type Request =
  | {
      readonly kind: 'run';
      readonly client: ClientOptions;
      readonly json: boolean;
      readonly remedies: Remedies;
      readonly run: Prepared['run'];
    }
  | { readonly kind: 'show'; readonly text: string };

type Common = { readonly [Name in keyof typeof COMMON_OPTIONS]: ValueOf<(typeof COMMON_OPTIONS)[Name]> };

/** Every word as it was typed, and no guess at what it may have meant. */
const PARSER = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
};

/** @throws UsageError */
export function parseCommandLine(args: readonly string[], { env, columns }: Terminal): Request {
  const words = markedBehind(withHelpBehind(args));
  let command: AnyCommand | undefined;
  let request: Request | undefined;
  const parser = yargs()
    .scriptName('chubby')
    .usage('$0 COMMAND: a lock service and store of small files')
    .locale('en')
    .updateStrings({
      'Argument unexpected for: %s': 'the option %s takes no value',
      'Not enough arguments following: %s': '--%s needs a value',
    })
    .parserConfiguration(PARSER)
    .version('version', 'show the version', PACKAGE.version)
    .help('help', 'show what there is')
    .alias('help', 'h')
    .epilogue(`Exit codes:\n${EXIT_CODES.map(([code, meaning]) => `  ${code.padEnd(6)} ${meaning}`).join('\n')}\n`)
    .epilogue('$0 COMMAND --help tells more.')
    .wrap(Math.min(columns, WIDEST_HELP))
    .demandCommand()
    .strictCommands()
    .strictOptions()
    .exitProcess(false)
    .fail((_text, error: Error | undefined) => {
      const { parsed } = parser;
      assert(parsed !== false, 'what failed was parsed before');
      if (command === undefined) throw new UsageError(commandComplaint(COMMANDS, parsed));
      throw new UsageError(error?.message ?? argumentsComplaint(command, parsed), command.name);
    });
  // To yargs a last word `help` means --help; behind a command it is the name of a file.
  if (words.indexOf('help') > 0 && !words.includes('--help')) parser.help(false);
  for (const [name, option] of Object.entries(COMMON_OPTIONS)) parser.option(name, yargsOption(name, option));
  for (const each of COMMANDS) {
    const build = (own: Argv): Argv => declare((command = each), own, words);
    parser.command(wordsOf(each), each.summary, build, (argv) => void (request = requestOf(each, argv, env)));
  }
  let shown = '';
  parser.parseSync(words, {}, (_error: unknown, _argv: unknown, text: string) => void (shown = text));
  return request ?? { kind: 'show', text: shown };
}

/** `help COMMAND` is `COMMAND --help`, as with most programs; of a command that there is not, it says so. */
function withHelpBehind(args: readonly string[]): readonly string[] {
  const [first, name, ...others] = args;
  if (first !== 'help' || name === undefined) return args;
  return COMMANDS.some((command) => command.name === name) ? [name, '--help', ...others] : [name, ...others];
}

function declare(command: AnyCommand, own: Argv, words: readonly string[]): Argv {
  own.usage(`${usageOf(command)}\n\n${command.summary}`);
  own.example(`$0 ${command.example}`, '').epilogue(command.epilogue ?? '');
  for (const [key, { describe }] of Object.entries(command.positionals)) {
    // yargs would take `--path` for <path>, and of two the last one.
    if (words.some((word) => word.split('=', 1)[0] === `--${key}`)) {
      throw new UsageError(unknownOption(command, key), command.name);
    }
    own.positional(key, { describe, coerce: (given: string | string[]) => positionalOf(command, key, given) });
    own.nargs(key, 1);
  }
  for (const [name, option] of Object.entries(command.options)) own.option(name, yargsOption(name, option));
  return own;
}

/** @throws UsageError */
function requestOf(command: AnyCommand, argv: Readonly<Record<string, unknown>>, env: Terminal['env']): Request {
  const table = Object.entries({ ...command.options, ...COMMON_OPTIONS, ...command.positionals });
  const values = Object.fromEntries(table.map(([name, { fallback }]) => [name, argv[name] ?? fallback]));
  const around = optionsOfEnvironment(env);
  const { cell = around.cell ?? LOCAL_CELL, principal = around.principal, timeout, json } = values as Common;
  const timeoutMs = (timeout ?? command.timeoutSeconds ?? TIMEOUT_SECONDS) * 1_000;
  const { leaseMs, run } = command.prepare({ ...values, timeoutMs });
  return {
    kind: 'run',
    client: {
      cell,
      timeoutMs,
      ...(principal !== undefined && { principal }),
      ...(leaseMs !== undefined && { leaseMs }),
    },
    json,
    remedies: command.remedies ?? {},
    run,
  };
}
