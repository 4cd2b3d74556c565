import type { Argv } from 'yargs';
import { nearestName } from '../common/nearest-name.js';
import { COMMON_OPTIONS, isNeeded, usageOf } from './command.js';
import type { AnyCommand } from './command.js';
import { asTyped, isMarked } from './words-behind.js';

type Parsed = Exclude<Argv['parsed'], false>;

/** Why yargs found no command: one sentence, with what was probably meant. */
export function commandComplaint(commands: readonly AnyCommand[], parsed: Parsed): string {
  const unknown = unknownIn(parsed);
  if (unknown !== undefined) return `name the command first, and then its option ${withDashes(unknown)}`;
  const word = String(parsed.argv._[0] ?? '');
  if (word === '' || isMarked(word)) return 'name a command';
  const names = commands.map(({ name }) => name);
  const nearest = nearestName(word, names);
  const meant = nearest === undefined ? `there are ${names.join(', ')}` : `did you mean ${JSON.stringify(nearest)}?`;
  return `there is no command ${JSON.stringify(word)}; ${meant}`;
}

/** What yargs' checks of a call of this command have found: an unknown option, too few arguments, or too many. */
export function argumentsComplaint(command: AnyCommand, parsed: Parsed): string {
  const unknown = unknownIn(parsed);
  if (unknown !== undefined) return unknownOption(command, unknown);
  const { argv } = parsed;
  const needed = Object.entries(command.positionals).filter(([, positional]) => isNeeded(positional));
  // Too few are found before any has its name, and before the command's own is put in front of the rest.
  if (needed.some(([key]) => argv[key] === undefined)) return missingPositional(command, needed[argv._.length]![0]);
  return `${command.name} has no use for ${JSON.stringify(asTyped(String(argv._[1])))}: ${usageOf(command)}`;
}

const unknownIn = ({ argv, aliases }: Parsed): string | undefined =>
  Object.keys(argv).find((key) => !['_', '$0'].includes(key) && !Object.hasOwn(aliases, key));

export function missingPositional(command: AnyCommand, key: string): string {
  const { describe, behind } = command.positionals[key]!;
  return `${command.name} needs ${behind !== undefined ? `a ${key} behind --: ${usageOf(command)}` : `<${key}>: ${describe}`}`;
}

export function unknownOption({ name, options }: AnyCommand, unknown: string): string {
  const known = unknown.length === 1 ? [] : Object.keys({ ...options, ...COMMON_OPTIONS });
  const nearest = nearestName(unknown, known);
  return `${name} has no option ${withDashes(unknown)}${nearest === undefined ? '' : `; did you mean --${nearest}?`}`;
}

const withDashes = (name: string): string => `${name.length === 1 ? '-' : '--'}${name}`;
