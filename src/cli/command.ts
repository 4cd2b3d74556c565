import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { Context } from './context.js';

/** What every command takes. */
export interface CommonOptions {
  readonly cell: string;
  /** In seconds. */
  readonly timeout: number;
  readonly json: boolean;
}

/** One command: how it is called, and what it does. */
export interface Command<Args> {
  /** As yargs reads it: `cat <path>`. */
  readonly usage: string;
  readonly summary: string;
  /** Its own options. */
  options(yargs: Argv<CommonOptions>): Argv<CommonOptions & Args>;
  /** @returns the exit code */
  run(context: Context, args: ArgumentsCamelCase<CommonOptions & Args>): Promise<number>;
}

/** A command with its types forgotten, as the list of commands needs it. */
export type AnyCommand = Pick<Command<never>, 'usage' | 'summary'> & {
  /** Adds the command to `yargs`; `chosen` is called if it is the one. */
  addTo(yargs: Argv<CommonOptions>, chosen: (common: CommonOptions, run: Run) => void): void;
};

export type Run = (context: Context) => Promise<number>;

export const command = <Args>(definition: Command<Args>): AnyCommand => ({
  usage: definition.usage,
  summary: definition.summary,
  addTo: (yargs, chosen) => {
    yargs.command(
      definition.usage,
      definition.summary,
      (own) => definition.options(own),
      (args) => chosen(args, (context) => definition.run(context, args)),
    );
  },
});

/** For commands that take a path and nothing else. */
export const pathArgument = <T>(yargs: Argv<T>): Argv<T & { path: string }> =>
  yargs.positional('path', {
    describe: 'name of a node: /ls/<cell>/... or /ls/local/...',
    type: 'string',
    demandOption: true,
  });
