import { createRequire } from 'node:module';
import { LOCAL_CELL } from '../client/cell-address.js';
import type { ClientOptions } from '../client/index.js';
import { nearestName } from '../common/nearest-name.js';
import { Arguments } from './arguments.js';
import { COMMON_OPTIONS } from './command.js';
import type { AnyCommand, Prepared } from './command.js';
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
import type { Remedies } from './errors.js';
import { helpOf, helpOfCommand } from './help.js';
import { flag } from './options.js';
import type { Option, ValueOf } from './options.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';
import { wordsOf } from './words.js';
import type { Words } from './words.js';

const COMMANDS: readonly AnyCommand[] = [status, ls, cat, put, mkdir, rm, stat, lock, importCommand, exportCommand];

const TIMEOUT_SECONDS = 10;

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

/**
 * Parses with the standard library and our own tables, not with yargs: that takes 70 ms to load, which is more than all
 * that a command does, and its errors do not name what is missing.
 *
 * @throws UsageError
 */
export function parseCommandLine(args: readonly string[], terminal: Terminal): Request {
  const words = wordsOf(args, allOptions());
  const [name, ...plain] = words.plain;
  const asked = (option: string): boolean => words.options.some((given) => given.name === option);
  if (name === undefined) {
    if (asked('help')) return { kind: 'show', text: helpOf(COMMANDS, VERSION_OPTION, terminal.columns) };
    if (asked('version')) return { kind: 'show', text: versionOf() };
    throw new UsageError('name a command');
  }
  const command = commandOf(name);
  if (asked('help')) return { kind: 'show', text: helpOfCommand(command, terminal.columns) };
  return requestOf(command, { ...words, plain }, terminal);
}

/** @throws UsageError */
function requestOf(command: AnyCommand, words: Words, { env }: Terminal): Request {
  const values = new Arguments(command, words).read();
  const { cell, timeout, json } = values as Common;
  const timeoutMs = (timeout ?? command.timeoutSeconds ?? TIMEOUT_SECONDS) * 1_000;
  const { leaseMs, run } = command.prepare({ ...values, timeoutMs });
  return {
    kind: 'run',
    client: { cell: cell ?? (env['CHUBBY_CELL'] || LOCAL_CELL), timeoutMs, ...(leaseMs !== undefined && { leaseMs }) },
    json,
    remedies: command.remedies ?? {},
    run,
  };
}

/** @throws UsageError */
function commandOf(name: string): AnyCommand {
  const found = COMMANDS.find((command) => command.name === name);
  if (found !== undefined) return found;
  const names = COMMANDS.map((command) => command.name);
  const nearest = nearestName(name, names);
  const meant = nearest === undefined ? `there are ${names.join(', ')}` : `did you mean ${JSON.stringify(nearest)}?`;
  throw new UsageError(`there is no command ${JSON.stringify(name)}; ${meant}`);
}

const VERSION_OPTION = { version: flag('show the version') };

const allOptions = (): Readonly<Record<string, Option>> =>
  Object.fromEntries(
    [VERSION_OPTION, COMMON_OPTIONS, ...COMMANDS.map(({ options }) => options)].flatMap((table) =>
      Object.entries(table),
    ),
  );

function versionOf(): string {
  const { version } = createRequire(import.meta.url)('chubby/package.json') as { version: string };
  return version;
}
