import { UsageError } from './usage-error.js';

/** An option that is there or not. */
export interface Flag {
  readonly kind: 'flag';
  readonly describe: string;
  /** One letter. */
  readonly short?: string;
}

/** An option with a value. */
export interface Valued<Value> {
  readonly kind: 'valued';
  readonly describe: string;
  /** What stands for its value in the help. */
  readonly placeholder: string;
  /** The value unless it is given. */
  readonly fallback: Value;
  /** @throws UsageError without the option's name: what it expects */
  read(text: string): Value;
}

export type Option = Flag | Valued<unknown>;

export type ValueOf<O extends Option> = O extends Valued<infer Value> ? Value : boolean;

export const flag = (describe: string, short?: string): Flag => ({
  kind: 'flag',
  describe,
  ...(short !== undefined && { short }),
});

export const text = (placeholder: string, describe: string): Valued<string | undefined> => ({
  kind: 'valued',
  describe,
  placeholder,
  fallback: undefined,
  read: (given) => given,
});

interface Range<Fallback> {
  readonly describe: string;
  readonly least: number;
  readonly most: number;
  readonly fallback: Fallback;
}

const DECIMAL = /^\d+([.]\d+)?$/;

/** In seconds, parts of one included. */
export function seconds<Fallback extends number | undefined>(range: Range<Fallback>): Valued<number | Fallback> {
  return numberOption('SECONDS', 'a number of seconds', DECIMAL, range);
}

export const wholeNumber = <Fallback extends number | undefined>(range: Range<Fallback>): Valued<number | Fallback> =>
  numberOption('NUMBER', 'a whole number', /^\d+$/, range);

function numberOption<Fallback extends number | undefined>(
  placeholder: string,
  what: string,
  pattern: RegExp,
  { describe, least, most, fallback }: Range<Fallback>,
): Valued<number | Fallback> {
  return {
    kind: 'valued',
    describe,
    placeholder,
    fallback,
    read: (given) => {
      const value = pattern.test(given) ? Number(given) : NaN;
      if (value >= least && value <= most) return value;
      throw new UsageError(`${what} from ${least} to ${most}, not ${JSON.stringify(given)}`);
    },
  };
}

/** The longest that a timer of Node can wait, in whole seconds: a longer one would end at once. */
export const LONGEST_SECONDS = 2_147_483;
