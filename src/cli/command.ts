import type { Context } from './context.js';
import { flag, LONGEST_SECONDS, seconds, text } from './options.js';
import type { Option, ValueOf } from './options.js';
import type { Remedies } from './errors.js';
import { BACKUP_TIMEOUT_SECONDS, BULK_TIMEOUT_SECONDS, TIMEOUT_SECONDS } from './timeouts.js';

/** An argument that is told by its place. */
export interface Positional {
  readonly describe: string;
  /** For one that may be left out. */
  readonly fallback?: string;
  /** The words that it can be. */
  readonly oneOf?: readonly string[];
  /**
   * Whether it is all words behind `--`, and whether these may be left out; of a command without such a one, `--` only
   * ends the options.
   */
  readonly behind?: true | 'optional';
}

/** What every command takes. */
export const COMMON_OPTIONS = {
  cell: text(
    'the addresses of a cell',
    'where the cell is: host:port,host:port,... or dns:NAME:PORT; CHUBBY_CELL unless given, else the cell of npm start: ' +
      'this machine, ports 7101 to 7105',
  ),
  principal: text(
    'a name',
    'who asks, for access lists and audit; CHUBBY_PRINCIPAL unless given; a cell without TLS takes your word for it',
  ),
  timeout: seconds({
    describe:
      `give up when a request was not answered for so many seconds; ${TIMEOUT_SECONDS} unless given, ` +
      `${BULK_TIMEOUT_SECONDS} for import and export, ${BACKUP_TIMEOUT_SECONDS} for the whole of a backup`,
    least: 0.001,
    most: LONGEST_SECONDS,
    fallback: undefined,
  }),
  json: flag('print one JSON value'),
};

type Positionals = Readonly<Record<string, Positional>>;
type Options = Readonly<Record<string, Option<unknown>>>;

/** What a command is given: a value for each of its tables' keys. */
export type ArgsOf<P extends Positionals, O extends Options> = {
  readonly [Name in keyof P]: P[Name] extends { readonly behind: true | 'optional' } ? readonly string[] : string;
} & {
  readonly [Name in keyof O]: ValueOf<O[Name]>;
} & {
  readonly timeoutMs: number;
};

interface Description {
  readonly name: string;
  readonly summary: string;
  /** A call of it without `chubby`, as its own help shows it. */
  readonly example: string;
  /** In their order. */
  readonly positionals: Positionals;
  readonly options: Options;
  /** What else its own help says. */
  readonly epilogue?: string;
  /** `--timeout` unless given; {@link TIMEOUT_SECONDS} unless said otherwise. */
  readonly timeoutSeconds?: number;
  /** Where those of the library are for programs rather than for who typed this command. */
  readonly remedies?: Remedies;
}

/** One command: how it is called, and what it does. */
export interface Command<P extends Positionals, O extends Options> extends Description {
  readonly positionals: P;
  readonly options: O;
  /**
   * The session lease to ask for, in milliseconds; the cell's default unless said otherwise.
   *
   * @throws UsageError for values that do not go together
   */
  leaseMs?(args: ArgsOf<P, O>): number;
  /**
   * @returns the exit code
   * @throws UsageError for values that do not go together
   */
  run(context: Context, args: ArgsOf<P, O>): Promise<number>;
}

/** A command with its types forgotten, as the list of commands needs it. */
export interface AnyCommand extends Description {
  /** @param args as its tables say */
  prepare(args: unknown): Prepared;
}

/** A command and its arguments. */
export interface Prepared {
  readonly leaseMs: number | undefined;
  run(context: Context): Promise<number>;
}

export const command = <P extends Positionals, O extends Options>(definition: Command<P, O>): AnyCommand => ({
  ...definition,
  prepare: (given) => {
    // Made by the tables that its type is made of.
    const args = given as ArgsOf<P, O>;
    return { leaseMs: definition.leaseMs?.(args), run: (context) => definition.run(context, args) };
  },
});

/** How a command is called, as yargs reads it. */
export const wordsOf = ({ name, positionals }: AnyCommand): string =>
  [
    name,
    ...Object.entries(positionals).map(([key, positional]) => {
      const words = positional.behind === undefined ? key : `${key}..`;
      return isNeeded(positional) ? `<${words}>` : `[${words}]`;
    }),
  ].join(' ');

export const isNeeded = ({ fallback, behind }: Positional): boolean => fallback === undefined && behind !== 'optional';

/** How a command is called, for people. */
export const usageOf = (command: AnyCommand): string =>
  `chubby ${wordsOf(command)
    .replace(/<\w+[.]{2}>/, '-- $&')
    .replace(/\[(\w+[.]{2})\]/, '[-- $1]')}`;

export const NODE_PATH: Positional = { describe: 'name of a node: /ls/<cell>/... or /ls/local/...' };
