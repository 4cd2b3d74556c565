import type { Options } from 'yargs';
import { UsageError } from './usage-error.js';

export interface Option<Value> {
  readonly describe: string;
  /** One letter. */
  readonly alias?: string;
  /** What its value is, in words; none for a flag, which is there or not. */
  readonly takes?: string;
  /** Takes all words up to the next option, and may be given again. */
  readonly many?: true;
  /** Unless it is given. */
  readonly fallback: Value;
  /** @returns undefined for a value that it does not take */
  read(given: unknown): Value | undefined;
}

export type ValueOf<O> = O extends Option<infer Value> ? Value : never;

export const flag = (describe: string, alias?: string): Option<boolean> => ({
  describe,
  ...(alias !== undefined && { alias }),
  fallback: false,
  read: (given) => (given === true ? true : undefined),
});

export const text = (takes: string, describe: string): Option<string | undefined> => ({
  describe,
  takes,
  fallback: undefined,
  read: (given) => (typeof given === 'string' ? given : undefined),
});

/** One or more. */
export const texts = (takes: string, describe: string): Option<readonly string[]> => ({
  describe,
  takes,
  many: true,
  fallback: [],
  read: (given) => (Array.isArray(given) && given.every(isNamed) ? given : undefined),
});

const isNamed = (given: unknown): given is string => typeof given === 'string' && given !== '';

interface Range<Fallback> {
  readonly describe: string;
  readonly least: number;
  readonly most: number;
  readonly fallback: Fallback;
}

/** In seconds, parts of one included. */
export const seconds = <Fallback extends number | undefined>(range: Range<Fallback>): Option<number | Fallback> =>
  numberOption('a number of seconds', /^\d+([.]\d+)?$/, range);

export const wholeNumber = <Fallback extends number | undefined>(range: Range<Fallback>): Option<number | Fallback> =>
  numberOption('a whole number', /^\d+$/, range);

const numberOption = <Fallback extends number | undefined>(
  what: string,
  pattern: RegExp,
  { describe, least, most, fallback }: Range<Fallback>,
): Option<number | Fallback> => ({
  describe,
  takes: `${what} from ${least} to ${most}`,
  fallback,
  read: (given) => {
    const value = typeof given === 'string' && pattern.test(given) ? Number(given) : NaN;
    return value >= least && value <= most ? value : undefined;
  },
});

/** The option as yargs wants it. Without a type yargs leaves its value as it was typed. */
export const yargsOption = (name: string, option: Option<unknown>): Options => ({
  describe: option.describe,
  ...(option.alias !== undefined && { alias: option.alias }),
  ...(option.takes === undefined && { type: 'boolean' }),
  ...(option.many === true ? { array: true } : { nargs: option.takes === undefined ? 0 : 1 }),
  coerce: (given: unknown) => valueOf(name, option, given),
});

/** @param given an array where the option was given more than once */
function valueOf(name: string, { takes, many, read }: Option<unknown>, given: unknown): unknown {
  if (Array.isArray(given) && many !== true) throw new UsageError(`--${name} is given twice`);
  const value = read(given);
  if (value !== undefined) return value;
  throw new UsageError(
    `--${name} takes ${takes === undefined ? 'no value' : `${takes}, not ${JSON.stringify(given)}`}`,
  );
}

/** The longest that a timer of Node can wait, in whole seconds: a longer one would end at once. */
export const LONGEST_SECONDS = 2_147_483;
